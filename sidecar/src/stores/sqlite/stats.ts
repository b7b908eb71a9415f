/** Figures for the screen, the alerts and the forecast, read out of indexes and never out of rows. */
import type { Database } from 'better-sqlite3';
import { FLOW_MS } from '../store.js';
import type { Stats, Store } from '../store.js';
import { arrivedOf } from './arrived.js';
import { backlogOf, earliest } from './backlog.js';
import { endedOf } from './ended.js';
import type { Ended } from './ended.js';
import { RUNNING, WAITING, WAITING_CONNECTIONS } from './sql.js';
import { breatherOf } from './steps.js';
import type { Breathe } from './steps.js';

const HOUR_MS = 3_600_000;
const HOURS_SHOWN = 24;
const DAY_MS = HOURS_SHOWN * HOUR_MS;

interface Scope {
  orgId: string;
  /** JSON array. */
  connectionIds: string;
}

const OURS = 'org_id = @orgId AND connection_id IN (SELECT value FROM json_each(@connectionIds))';

export function statsOf(db: Database, elapsedMs: () => number) {
  const sql = {
    sent: db
      .prepare<[Scope & { since: number }], number>(
        `SELECT count(*) FROM mappings WHERE ${OURS} AND type = 'order' AND known_at IS NOT NULL AND known_at >= @since`,
      )
      .pluck(),
    nextDue: db
      .prepare<[], number | null>(
        `${WAITING_CONNECTIONS}
         SELECT min(moment) FROM (
           SELECT (SELECT min(run_at) FROM jobs INDEXED BY jobs_due WHERE ${WAITING} AND connection_id = waiting.id) AS moment
             FROM waiting WHERE waiting.id IS NOT NULL
           UNION ALL SELECT min(lease_until) FROM ${RUNNING}
           UNION ALL SELECT min(blocked_until) FROM jobs INDEXED BY jobs_blocked_until WHERE blocked_until IS NOT NULL
           UNION ALL SELECT min(probe_at) FROM connections)`,
      )
      .pluck(),
  };
  const backlog = backlogOf(db);
  const ended = endedOf(db);
  const arrivals = arrivedOf(db);

  async function flowOf(scope: Scope, ids: readonly string[], now: number, breathe: Breathe): Promise<Stats['flow']> {
    const arrived = await arrivals(now - FLOW_MS, scope, breathe);
    const finished = ended.lately(now - FLOW_MS + 1, scope);
    const flow: Stats['flow'] = [];
    for (const connectionId of ids) {
      const counts = { arrived: arrived.get(connectionId) ?? 0, finished: finished.get(connectionId) ?? 0 };
      const waiting = await backlog.waiting({ connectionId, orgId: scope.orgId, now }, breathe);
      flow.push({ connectionId, ...waiting, ...counts });
    }
    return flow;
  }

  async function stats(now: number, orgId: string, connectionIds: readonly string[]): Promise<Stats> {
    const breathe = breatherOf(elapsedMs);
    const scope = { orgId, connectionIds: JSON.stringify(connectionIds) };
    const ids = [...new Set(connectionIds)];
    const firstHour = Math.floor(now / HOUR_MS) * HOUR_MS - (HOURS_SHOWN - 1) * HOUR_MS;
    // The day of the deadlines begins within the hour before the first one that is shown.
    const done = await ended.byHour(firstHour - HOUR_MS, now - DAY_MS, scope, breathe);
    const open: Stats['sla'] = [];
    for (const connectionId of ids) open.push(...(await backlog.deadlines({ connectionId, orgId, now }, breathe)));
    const flow = await flowOf(scope, ids, now, breathe);
    return {
      hours: hoursFrom(firstHour, done),
      oldestWaitingAt: earliest(flow.map(({ oldestWaitingAt }) => oldestWaitingAt)),
      late: open.reduce((sum, { breached }) => sum + breached, 0),
      ordersSentToday: sql.sent.get({ ...scope, since: now - DAY_MS }) ?? 0,
      sla: byKind([...open, ...done.map(({ promised, ...one }) => ({ ...one, total: promised }))]),
      flow,
    };
  }

  return { stats, nextDueAt: async () => sql.nextDue.get() ?? null } satisfies Partial<Store>;
}

function hoursFrom(firstHour: number, ended: readonly Ended[]): Stats['hours'] {
  const hours = Array.from({ length: HOURS_SHOWN }, (_, hour) => ({
    startsAt: firstHour + hour * HOUR_MS,
    done: 0,
    failed: 0,
  }));
  for (const { hour, state, count } of ended) {
    const shown = hours[hour - 1];
    if (shown !== undefined && state === 'done') shown.done += count;
    if (shown !== undefined && state === 'dead') shown.failed += count;
  }
  return hours;
}

function byKind(counted: readonly Stats['sla'][number][]): Stats['sla'] {
  const kinds = new Map<string, Stats['sla'][number]>();
  for (const { kind, total, breached } of counted) {
    const sum = kinds.get(kind) ?? { kind, total: 0, breached: 0 };
    kinds.set(kind, { kind, total: sum.total + total, breached: sum.breached + breached });
  }
  const promised = [...kinds.values()].filter(({ total }) => total > 0);
  return promised.sort((a, b) => (a.kind < b.kind ? -1 : 1));
}
