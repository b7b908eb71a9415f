import type { Field } from '@wordpress/dataviews/wp';
import { __, sprintf } from '@wordpress/i18n';
import type { ConnectionRow } from '../api/types';
import { Moment } from '../components/moment';
import { StateBadge } from '../components/state-badge';
import { orderAddress, useSettings } from '../settings';
import { FAILURE_KINDS, failureWords } from '../words/failures';
import { FILTERED_KINDS, kindWords } from '../words/kinds';
import type { ShownRow } from './steady';
import { useWidth } from './use-width';

type JobField = Field<ShownRow>;

/** Only what the sidecar can sort or filter by may be sorted or filtered by. */
const FIXED = { enableSorting: false, filterBy: false } as const;

export function fieldsFor(connections: readonly Pick<ConnectionRow, 'id' | 'name'>[]): JobField[] {
  return [
    { ...FIXED, id: 'title', label: __('Job', 'tallyman'), enableHiding: false, getValue: ({ item }) => item.title },
    { ...FIXED, id: 'sentence', label: __('What happens', 'tallyman'), render: Sentence },
    { ...FIXED, id: 'state', label: __('State', 'tallyman'), enableHiding: false, render: State },
    { ...FIXED, id: 'attempts', label: __('Attempts', 'tallyman'), getValue: ({ item }) => attemptWords(item) },
    { ...FIXED, id: 'runAt', label: __('Next run', 'tallyman'), render: NextRun },
    { id: 'createdAt', label: __('Age', 'tallyman'), enableSorting: true, filterBy: false, render: Age },
    connectionField(connections),
    kindField(),
    failureField(),
    changedField(),
    { ...FIXED, id: 'order', label: __('Order', 'tallyman'), render: OrderLink },
    { ...FIXED, id: 'id', label: __('Job number', 'tallyman'), getValue: ({ item }) => item.id },
  ];
}

function connectionField(connections: readonly Pick<ConnectionRow, 'id' | 'name'>[]): JobField {
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

function kindField(): JobField {
  return {
    id: 'kind',
    label: __('Kind', 'tallyman'),
    enableSorting: false,
    elements: FILTERED_KINDS.map((kind) => ({ value: kind, label: kindWords(kind) })),
    filterBy: { operators: ['is'] },
    getValue: ({ item }) => item.kind,
    render: ({ item }) => <>{kindWords(item.kind)}</>,
  };
}

function failureField(): JobField {
  return {
    id: 'failure',
    label: __('Last failure', 'tallyman'),
    enableSorting: false,
    elements: FAILURE_KINDS.map((kind) => ({ value: kind, label: failureWords(kind) })),
    filterBy: { operators: ['is'] },
    getValue: ({ item }) => item.failure?.kind ?? '',
    render: LastFailure,
  };
}

/** Spans back from now, as the sidecar reads them. */
const SPANS: readonly (readonly [string, () => string])[] = [
  ['1h', () => __('in the last hour', 'tallyman')],
  ['24h', () => __('in the last 24 hours', 'tallyman')],
  ['7d', () => __('in the last 7 days', 'tallyman')],
];

function changedField(): JobField {
  return {
    id: 'updatedAt',
    label: __('Last change', 'tallyman'),
    enableSorting: false,
    elements: SPANS.map(([value, label]) => ({ value, label: label() })),
    filterBy: { operators: ['is'] },
    getValue: ({ item }) => item.updatedAt,
    render: ({ item }) => <Moment at={item.updatedAt} />,
  };
}

interface Cell {
  item: ShownRow;
}

/** Where the state has no column of its own it stands here. */
function Sentence({ item }: Cell) {
  return (
    <>
      {useWidth() === 'narrow' && <State item={item} />}
      <span className="tallyman-cell-sentence">{item.sentence}</span>
    </>
  );
}

function State({ item }: Cell) {
  return (
    <span className="tallyman-cell-state">
      <StateBadge state={item.state} />
      {item.late && <span className="tallyman-dim">{__('Late', 'tallyman')}</span>}
      {item.seen === 'before' && <span className="tallyman-dim">{__('when last seen', 'tallyman')}</span>}
    </span>
  );
}

function NextRun({ item }: Cell) {
  if (item.runAt === null || (item.state !== 'queued' && item.state !== 'retrying')) return <>–</>;
  return <Moment at={item.runAt} as="due" />;
}

function Age({ item }: Cell) {
  return <Moment at={item.createdAt} as="age" />;
}

function LastFailure({ item }: Cell) {
  return <>{item.failure?.summary ?? '–'}</>;
}

function OrderLink({ item }: Cell) {
  const settings = useSettings();
  if (item.order === null) return <>–</>;
  return <a href={orderAddress(settings, item.order.id)}>#{item.order.number}</a>;
}

/** "2 of 4" */
export function attemptWords({ attempts, attemptsMax }: { attempts: number; attemptsMax: number }): string {
  /* translators: 1: attempts made. 2: attempts there are. */
  return sprintf(__('%1$d of %2$d', 'tallyman'), attempts, attemptsMax);
}
