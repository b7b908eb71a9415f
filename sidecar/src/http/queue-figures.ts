/** How the queue stands, as figures with labels. Reads that are cheap however deep the queue is; gathered at most every few seconds. */
import { setImmediate as breath } from 'node:timers/promises';
import { ALERT_KINDS } from '../domain/alert.js';
import { BATCH_STATES } from '../domain/batch.js';
import type { Connection } from '../domain/connection.js';
import type { JobState } from '../domain/job.js';
import { KINDS } from '../domain/kinds.js';
import type { Schedule, Stats, Store } from '../stores/store.js';
import { kindLabel } from './instruments.js';
import type { HttpWorld } from './world.js';

export interface Figure {
  name: string;
  help: string;
  /** All have the same label names. */
  rows: { labels: Record<string, string>; value: number }[];
  /** What becomes of rows with equal labels. */
  together: 'sum' | 'most';
}

interface Look {
  store: Store;
  now: number;
  connections: readonly Connection[];
  rate: HttpWorld['rate'];
}

/** Done and cancelled jobs are history: counting them would cost more the longer the queue has worked. */
const STATES = ['queued', 'running', 'retrying', 'blocked', 'dead'] as const satisfies readonly JobState[];
/** More are added up as one. */
const MOST_CONNECTIONS = 200;
const SCHEDULE_LATE_MS = 60_000;
const MOST_ROWS = 1_000;

/** @param orgId null: all organisations. */
export async function queueFigures(
  { store, now, rate }: Pick<HttpWorld, 'store' | 'now' | 'rate'>,
  orgId: string | null,
): Promise<Figure[]> {
  const connections = await store.connections(orgId ?? undefined);
  const look: Look = { store, now: now(), connections, rate };
  const stats = await statsByOrg(look);
  return [
    await jobsByConnection(look),
    await jobsByKind(look),
    ...flowFigures(look, stats),
    ...slaFigures(stats),
    ...connectionFigures(look),
    schedulesLate(look, await store.schedules()),
    await alertsOpen(look, orgId),
    await batches(look, orgId),
  ];
}

async function statsByOrg({ store, now, connections }: Look): Promise<Stats[]> {
  const byOrg = Map.groupBy(connections, ({ orgId }) => orgId);
  return oneByOne([...byOrg], ([org, own]) => store.stats(now, org, own.map(idOf)));
}

/** With a breath between them: SQLite answers on the thread that does everything else. */
async function oneByOne<One, Answer>(all: readonly One[], ask: (one: One) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const one of all) {
    answers.push(await ask(one));
    await breath();
  }
  return answers;
}

const idOf = ({ id }: Connection): string => id;

function labelsOf(connections: readonly Connection[]): (id: string) => { connection: string; platform: string } {
  const shown = new Map(connections.slice(0, MOST_CONNECTIONS).map(({ id, platform }) => [id, platform]));
  return (id) => {
    const platform = shown.get(id);
    return platform === undefined ? { connection: 'other', platform: 'other' } : { connection: id, platform };
  };
}

async function jobsByConnection({ store, connections }: Look): Promise<Figure> {
  const label = labelsOf(connections);
  const counted = await oneByOne(connections, async ({ id }) => {
    const counts = await store.countByState({ connectionIds: [id], states: STATES });
    return STATES.map((state) => ({ labels: { ...label(id), state }, value: counts[state] }));
  });
  return {
    together: 'sum',
    name: 'tallyman_jobs',
    help: 'Jobs that have not ended, or need attention.',
    rows: counted.flat(),
  };
}

async function jobsByKind({ store, connections }: Look): Promise<Figure> {
  const connectionIds = connections.map(idOf);
  const counted = await oneByOne(Object.keys(KINDS), async (kind) => {
    const counts = await store.countByState({ connectionIds, kinds: [kind], states: STATES });
    return STATES.map((state) => ({ labels: { kind, state }, value: counts[state] }));
  });
  return { together: 'sum', name: 'tallyman_jobs_by_kind', help: 'The same jobs by kind.', rows: counted.flat() };
}

function flowFigures({ connections, now }: Look, stats: readonly Stats[]): Figure[] {
  const label = labelsOf(connections);
  const flow = stats.flatMap((one) => one.flow);
  const each = (value: (row: Stats['flow'][number]) => number) =>
    flow.map((row) => ({ labels: label(row.connectionId), value: value(row) }));
  return [
    {
      together: 'most',
      name: 'tallyman_oldest_waiting_seconds',
      help: 'How long the oldest job that could run has been waiting.',
      rows: each(({ oldestWaitingAt }) => (oldestWaitingAt === null ? 0 : Math.max(0, now - oldestWaitingAt) / 1000)),
    },
    {
      together: 'sum',
      name: 'tallyman_jobs_arrived_recently',
      help: 'Jobs made in the last 10 min.',
      rows: each((row) => row.arrived),
    },
    {
      together: 'sum',
      name: 'tallyman_jobs_ended_recently',
      help: 'Jobs ended in the last 10 min.',
      rows: each((row) => row.finished),
    },
  ];
}

function slaFigures(stats: readonly Stats[]): Figure[] {
  const sla = stats.flatMap((one) => one.sla);
  const each = (value: (row: Stats['sla'][number]) => number) =>
    sla.map((row) => ({ labels: { kind: kindLabel(row.kind) }, value: value(row) }));
  const late = stats.map((one) => ({ labels: {}, value: one.late }));
  return [
    {
      together: 'sum',
      name: 'tallyman_jobs_late',
      help: 'Jobs past the time they should be done by and still to end.',
      rows: late,
    },
    {
      together: 'sum',
      name: 'tallyman_sla_jobs',
      help: 'Jobs with a time limit, ended in the last 24 h or to end.',
      rows: each((row) => row.total),
    },
    {
      together: 'sum',
      name: 'tallyman_sla_breached',
      help: 'Those of them that missed it.',
      rows: each((row) => row.breached),
    },
  ];
}

function connectionFigures({ connections, rate }: Look): Figure[] {
  const label = labelsOf(connections);
  const each = (value: (connection: Connection) => number) =>
    connections.map((one) => ({ labels: label(one.id), value: value(one) }));
  return [
    {
      together: 'most',
      name: 'tallyman_breaker_open',
      help: '1 while the other side does not answer.',
      rows: each(({ breaker }) => Number(breaker.state !== 'closed')),
    },
    {
      together: 'most',
      name: 'tallyman_connection_paused',
      help: '1 while the connection is paused.',
      rows: each(({ state }) => Number(state === 'paused')),
    },
    {
      together: 'most',
      name: 'tallyman_connection_last_success_timestamp_seconds',
      help: 'When the other side last answered; 0 when it never has.',
      rows: each(({ lastSuccessAt }) => (lastSuccessAt ?? 0) / 1000),
    },
    {
      together: 'most',
      name: 'tallyman_rate_used_ratio',
      help: 'Calls of this process in the last minute, as a share of what is allowed.',
      rows: each(({ id }) => rate(id).usedShare),
    },
  ];
}

function schedulesLate({ connections, now }: Look, schedules: readonly Schedule[]): Figure {
  const label = labelsOf(connections);
  const own = new Set(connections.map(idOf));
  const rows = schedules
    .filter(({ connectionId }) => own.has(connectionId))
    .map(({ connectionId, nextAt }) => ({
      labels: label(connectionId),
      value: Number(nextAt + SCHEDULE_LATE_MS < now),
    }));
  return {
    together: 'sum',
    name: 'tallyman_schedules_late',
    help: 'Schedules that should have run more than a minute ago.',
    rows,
  };
}

async function alertsOpen({ store }: Look, orgId: string | null): Promise<Figure> {
  const alerts = await store.alerts({ open: true, ...(orgId === null ? {} : { orgId }) }, MOST_ROWS);
  const none = ALERT_KINDS.map((kind) => ({ labels: { kind }, value: 0 }));
  const open = alerts.map(({ kind }) => ({ labels: { kind }, value: 1 }));
  return { together: 'sum', name: 'tallyman_alerts_open', help: 'Alerts that are open.', rows: [...none, ...open] };
}

async function batches({ store }: Look, orgId: string | null): Promise<Figure> {
  const found = await store.batches(
    { states: ['processing', 'stopped', 'action_required'], ...(orgId === null ? {} : { orgId }) },
    MOST_ROWS,
  );
  const none = BATCH_STATES.map((state) => ({ labels: { state }, value: 0 }));
  const counted = found.map(({ state }) => ({ labels: { state }, value: 1 }));
  return {
    together: 'sum',
    name: 'tallyman_batches',
    help: 'Batches that go on or wait for a person.',
    rows: [...none, ...counted],
  };
}
