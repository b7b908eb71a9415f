import { cautionFilled, check, pause, update } from '@wordpress/icons';
import { __ } from '@wordpress/i18n';
import type { JSX, ReactNode } from 'react';
import type { ConnectionRow } from '../api/types';
import { Facts } from '../components/facts';
import { Moment } from '../components/moment';
import { Badge } from '../components/state-badge';
import { PlaceLink } from '../navigation/use-place';
import type { Tone } from '../words/states';

type Condition = 'paused' | 'open' | 'probing' | 'active';

const CONDITIONS: Record<Condition, { label: () => string; tone: Tone; icon: JSX.Element }> = {
  paused: { label: () => __('Paused', 'tallyman'), tone: 'held', icon: pause },
  open: { label: () => __('Does not answer', 'tallyman'), tone: 'alarm', icon: cautionFilled },
  probing: { label: () => __('Being tried again', 'tallyman'), tone: 'watch', icon: update },
  active: { label: () => __('Connected', 'tallyman'), tone: 'good', icon: check },
};

const WEBHOOKS: Record<ConnectionRow['webhooks'], () => string | null> = {
  registered: () => __('Registered: changes arrive at once', 'tallyman'),
  polling: () => __('None: changes are fetched on a schedule', 'tallyman'),
  failing: () => __('Failing: changes are fetched on a schedule meanwhile', 'tallyman'),
  not_applicable: () => null,
};

export function conditionOf({ state, breaker }: Pick<ConnectionRow, 'state' | 'breaker'>): Condition {
  if (state === 'paused') return 'paused';
  return breaker === 'closed' ? 'active' : breaker;
}

export function ConnectionState({ connection }: { connection: ConnectionRow }) {
  const { label, tone, icon } = CONDITIONS[conditionOf(connection)];
  return (
    <Badge tone={tone} icon={icon}>
      {label()}
    </Badge>
  );
}

export function ConnectionFacts({ connection }: { connection: ConnectionRow }) {
  return <Facts rows={factsOf(connection)} />;
}

function factsOf(connection: ConnectionRow): [string, ReactNode][] {
  const { lastSuccessAt, lastFailure, nextProbeAt } = connection;
  const webhooks = WEBHOOKS[connection.webhooks]();
  const rows: [string, ReactNode][] = [
    [__('Last success', 'tallyman'), lastSuccessAt ? <Moment at={lastSuccessAt} /> : __('none yet', 'tallyman')],
  ];
  if (lastFailure) rows.push([__('Last failure', 'tallyman'), <LastFailure key="failure" {...lastFailure} />]);
  if (nextProbeAt) rows.push([__('Next try', 'tallyman'), <Moment key="probe" at={nextProbeAt} as="due" />]);
  if (webhooks !== null) rows.push([__('Webhooks', 'tallyman'), webhooks]);
  if (connection.waiting > 0)
    rows.push([__('In the queue', 'tallyman'), <Behind key="waiting" of={connection} state={null} />]);
  if (connection.dead > 0)
    rows.push([__('Needs attention', 'tallyman'), <Behind key="dead" of={connection} state="dead" />]);
  return rows;
}

function LastFailure({ at, summary }: { at: string; summary: string }) {
  return (
    <>
      <Moment at={at} />: {summary}
    </>
  );
}

function Behind({ of, state }: { of: ConnectionRow; state: 'dead' | null }) {
  return (
    <PlaceLink to={{ tab: 'jobs', state, connection: of.id }}>{state === 'dead' ? of.dead : of.waiting}</PlaceLink>
  );
}
