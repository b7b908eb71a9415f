import type { Field } from '@wordpress/dataviews/wp';
import { __, _n, sprintf } from '@wordpress/i18n';
import type { ConnectionRow, DeliveryRow } from '../api/types';
import { Moment } from '../components/moment';
import { Badge } from '../components/state-badge';
import type { Shown } from '../jobs/steady';
import { useWidth } from '../jobs/use-width';
import { OUTCOMES, OUTCOME_ORDER } from '../words/deliveries';

export type ShownDelivery = Shown<DeliveryRow>;
type DeliveryField = Field<ShownDelivery>;

/** Only what the sidecar can filter by may be filtered by; the newest are always first. */
const FIXED = { enableSorting: false, filterBy: false } as const;

export function fieldsFor(connections: readonly Pick<ConnectionRow, 'id' | 'name'>[]): DeliveryField[] {
  return [
    {
      ...FIXED,
      id: 'topic',
      label: __('Delivery', 'tallyman'),
      enableHiding: false,
      getValue: ({ item }) => item.topic,
    },
    { ...FIXED, id: 'sentence', label: __('What became of it', 'tallyman'), render: Sentence },
    outcomeField(),
    connectionField(connections),
    { ...FIXED, id: 'receivedAt', label: __('Received', 'tallyman'), render: Received },
    {
      ...FIXED,
      id: 'duplicates',
      label: __('Came again', 'tallyman'),
      render: ({ item }) => <>{againWords(item.duplicates)}</>,
    },
  ];
}

function outcomeField(): DeliveryField {
  return {
    id: 'outcome',
    label: __('State', 'tallyman'),
    enableSorting: false,
    elements: OUTCOME_ORDER.map((state) => ({ value: state, label: OUTCOMES[state].label() })),
    filterBy: { operators: ['is'] },
    getValue: ({ item }) => item.state,
    render: ({ item }) => <OutcomeBadge state={item.state} />,
  };
}

function connectionField(connections: readonly Pick<ConnectionRow, 'id' | 'name'>[]): DeliveryField {
  return {
    id: 'connection',
    label: __('Connection', 'tallyman'),
    enableSorting: false,
    elements: connections.map(({ id, name }) => ({ value: id, label: name })),
    filterBy: { operators: ['is'] },
    getValue: ({ item }) => item.connection.id,
    render: ({ item }) => <>{item.connection.name}</>,
  };
}

interface Cell {
  item: ShownDelivery;
}

/** On a narrow screen all of it stands here. */
function Sentence({ item }: Cell) {
  const narrow = useWidth() === 'narrow';
  return (
    <>
      {narrow && <OutcomeBadge state={item.state} />}
      {saysMore(item) && <span className="tallyman-cell-sentence">{item.sentence}</span>}
      {narrow && (
        <span className="tallyman-dim">
          {item.connection.name}, <Received item={item} />
        </span>
      )}
    </>
  );
}

function Received({ item }: Cell) {
  return <Moment at={item.receivedAt} />;
}

export function OutcomeBadge({ state }: Pick<DeliveryRow, 'state'>) {
  const { tone, icon, label } = OUTCOMES[state];
  return (
    <Badge tone={tone} icon={icon}>
      {label()}
    </Badge>
  );
}

/** Of what was worked through the state says all there is to say. */
export const saysMore = ({ state }: Pick<DeliveryRow, 'state'>): boolean => state !== 'processed';

/** "2 times", or "–" when it came once. */
export function againWords(duplicates: number): string {
  if (duplicates === 0) return '–';
  /* translators: %d: how often the same delivery came once more. */
  return sprintf(_n('%d time', '%d times', duplicates, 'tallyman'), duplicates);
}
