import type { Database } from 'better-sqlite3';
import type { Stats, Store } from '../store.js';

const HOUR_MS = 3_600_000;
const HOURS_SHOWN = 24;

interface Scope {
  orgId: string;
  /** JSON array. */
  connectionIds: string;
}

const OURS = 'org_id = @orgId AND connection_id IN (SELECT value FROM json_each(@connectionIds))';

export function statsOf(db: Database) {
  const sql = {
    // Numbers are bound as reals, so a quotient has a fraction unless it is cut.
    hours: db.prepare<[Scope & { from: number; hourMs: number }], { hour: number; done: number; failed: number }>(
      `SELECT CAST((finished_at - @from) / @hourMs AS INTEGER) AS hour, sum(state = 'done') AS done, sum(state = 'dead') AS failed
       FROM jobs INDEXED BY jobs_finished
       WHERE ${OURS} AND state IN ('done', 'dead') AND finished_at IS NOT NULL AND finished_at >= @from
       GROUP BY hour`,
    ),
    oldestWaiting: db
      .prepare<[Scope & { now: number }], number | null>(
        `SELECT min(queued_at) FROM jobs WHERE ${OURS} AND state IN ('queued', 'retrying') AND queued_at <= @now`,
      )
      .pluck(),
    late: db
      .prepare<[Scope & { now: number }], number>(
        `SELECT count(*) FROM jobs
         WHERE ${OURS} AND deadline_at IS NOT NULL AND finished_at IS NULL AND deadline_at < @now`,
      )
      .pluck(),
    sent: db
      .prepare<[Scope & { since: number }], number>(
        `SELECT count(*) FROM mappings WHERE ${OURS} AND type = 'order' AND known_at IS NOT NULL AND known_at >= @since`,
      )
      .pluck(),
    nextDue: db
      .prepare<[], number | null>(
        `SELECT min(moment) FROM (
           SELECT min(run_at) AS moment FROM jobs INDEXED BY jobs_due
             WHERE head = 1 AND ready = 0 AND state IN ('queued', 'retrying')
           UNION ALL SELECT min(lease_until) FROM jobs INDEXED BY jobs_leased WHERE lease_until IS NOT NULL
           UNION ALL SELECT min(blocked_until) FROM jobs INDEXED BY jobs_blocked_until WHERE blocked_until IS NOT NULL
           UNION ALL SELECT min(probe_at) FROM connections)`,
      )
      .pluck(),
  };

  function hours(scope: Scope, now: number): Stats['hours'] {
    const from = Math.floor(now / HOUR_MS) * HOUR_MS - (HOURS_SHOWN - 1) * HOUR_MS;
    const counted = new Map(sql.hours.all({ ...scope, from, hourMs: HOUR_MS }).map((row) => [row.hour, row]));
    return Array.from({ length: HOURS_SHOWN }, (_, hour) => {
      const { done, failed } = counted.get(hour) ?? { done: 0, failed: 0 };
      return { startsAt: from + hour * HOUR_MS, done, failed };
    });
  }

  return {
    stats: async (now, orgId, connectionIds) => {
      const scope = { orgId, connectionIds: JSON.stringify(connectionIds) };
      return {
        hours: hours(scope, now),
        oldestWaitingAt: sql.oldestWaiting.get({ ...scope, now }) ?? null,
        late: sql.late.get({ ...scope, now }) ?? 0,
        ordersSentToday: sql.sent.get({ ...scope, since: now - 24 * HOUR_MS }) ?? 0,
      };
    },
    nextDueAt: async () => sql.nextDue.get() ?? null,
  } satisfies Partial<Store>;
}
