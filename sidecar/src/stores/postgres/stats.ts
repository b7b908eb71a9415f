import { FLOW_MS } from '../store.js';
import type { Stats, Store } from '../store.js';
import type { Reading } from './reading.js';
import { array } from './values.js';
import type { Value } from './values.js';

const HOUR_MS = 3_600_000;
const HOURS_SHOWN = 24;
const DAY_MS = 24 * HOUR_MS;

const OURS = 'org_id = $1 AND connection_id = ANY ($2::text[])';

const SQL = {
  hours: `SELECT (finished_at - $3) / ${HOUR_MS} AS hour, count(*) FILTER (WHERE state = 'done') AS done,
      count(*) FILTER (WHERE state = 'dead') AS failed
    FROM jobs WHERE ${OURS} AND state IN ('done', 'dead') AND finished_at IS NOT NULL AND finished_at >= $3 GROUP BY 1`,
  late: `SELECT count(*) AS count FROM jobs WHERE ${OURS} AND finished_at IS NULL AND deadline_at < $3`,
  sent: `SELECT count(*) AS count FROM mappings WHERE ${OURS} AND type = 'order' AND known_at IS NOT NULL AND known_at >= $3`,
  // The two halves have an index each.
  sla: `SELECT kind, sum(total) AS total, sum(breached) AS breached FROM (
      SELECT kind, count(*) AS total, count(*) FILTER (WHERE deadline_at < $3) AS breached
      FROM jobs WHERE ${OURS} AND deadline_at IS NOT NULL AND finished_at IS NULL GROUP BY kind
      UNION ALL
      SELECT kind, count(*), count(*) FILTER (WHERE deadline_at < finished_at)
      FROM jobs WHERE ${OURS} AND deadline_at IS NOT NULL AND finished_at IS NOT NULL
        AND state IN ('done', 'dead', 'cancelled') AND finished_at >= $4 GROUP BY kind) AS halves
    GROUP BY kind ORDER BY kind`,
  // What has arrived is counted with what is live and with what has ended since: no index by creation has to be kept for it.
  waiting: `SELECT connection_id, min(queued_at) FILTER (WHERE state IN ('queued', 'retrying') AND queued_at <= $3) AS oldest,
      count(*) FILTER (WHERE state IN ('retrying', 'running') OR (state = 'queued' AND queued_at <= $3)) AS count,
      count(*) FILTER (WHERE created_at > $4) AS arrived
    FROM jobs WHERE ${OURS} AND finished_at IS NULL GROUP BY connection_id`,
  finished: `SELECT connection_id, count(*) AS count, count(*) FILTER (WHERE created_at > $3) AS arrived
    FROM jobs WHERE ${OURS} AND finished_at IS NOT NULL AND state IN ('done', 'dead', 'cancelled') AND finished_at > $3
    GROUP BY connection_id`,
  nextDue: `SELECT min(moment) AS moment FROM (
      SELECT min(run_at) AS moment FROM jobs WHERE head AND NOT ready AND state IN ('queued', 'retrying')
      UNION ALL SELECT min(lease_until) FROM jobs WHERE state = 'running' AND finished_at IS NULL
      UNION ALL SELECT min(blocked_until) FROM jobs WHERE blocked_until IS NOT NULL
      UNION ALL SELECT min(probe_at) FROM connections) AS moments`,
} as const;

interface Count {
  connection_id: string;
  count: number;
  /** Of them, those that are new. */
  arrived: number;
}

export function statsOf(reading: Reading) {
  return {
    stats: async (now, orgId, connectionIds) => {
      const ours: Value[] = [orgId, array(connectionIds)];
      const from = Math.floor(now / HOUR_MS) * HOUR_MS - (HOURS_SHOWN - 1) * HOUR_MS;
      const ask = <Row>(sql: string, ...values: number[]) => reading.rows<Row>(sql, [...ours, ...values]);
      const [hours, late, sent, sla, waiting, finished] = await Promise.all([
        ask<{ hour: number; done: number; failed: number }>(SQL.hours, from),
        ask<{ count: number }>(SQL.late, now),
        ask<{ count: number }>(SQL.sent, now - DAY_MS),
        ask<{ kind: string; total: string; breached: string }>(SQL.sla, now, now - DAY_MS),
        ask<Count & { oldest: number | null }>(SQL.waiting, now, now - FLOW_MS),
        ask<Count>(SQL.finished, now - FLOW_MS),
      ]);
      return {
        hours: allHours(hours, from),
        oldestWaitingAt: smallest(waiting.map(({ oldest }) => oldest)),
        late: late[0]?.count ?? 0,
        ordersSentToday: sent[0]?.count ?? 0,
        sla: sla.map(({ kind, total, breached }) => ({ kind, total: Number(total), breached: Number(breached) })),
        flow: [...new Set(connectionIds)].map((connectionId) => ({
          connectionId,
          waiting: of(waiting, connectionId)?.count ?? 0,
          oldestWaitingAt: of(waiting, connectionId)?.oldest ?? null,
          arrived: (of(waiting, connectionId)?.arrived ?? 0) + (of(finished, connectionId)?.arrived ?? 0),
          finished: of(finished, connectionId)?.count ?? 0,
        })),
      };
    },
    nextDueAt: async () =>
      (await reading.first<{ moment: number | null }>(SQL.nextDue, [], 'next_due'))?.moment ?? null,
  } satisfies Partial<Store>;
}

function allHours(counted: readonly { hour: number; done: number; failed: number }[], from: number): Stats['hours'] {
  const byHour = new Map(counted.map((row) => [row.hour, row]));
  return Array.from({ length: HOURS_SHOWN }, (_, hour) => {
    const { done, failed } = byHour.get(hour) ?? { done: 0, failed: 0 };
    return { startsAt: from + hour * HOUR_MS, done, failed };
  });
}

function of<Row extends Count>(rows: readonly Row[], connectionId: string): Row | undefined {
  return rows.find((row) => row.connection_id === connectionId);
}

function smallest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}
