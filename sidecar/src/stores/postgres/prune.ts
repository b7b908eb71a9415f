/** What has been kept long enough goes; mappings and settlements never do. Dead jobs stay until somebody has looked at them. */
import type { Retention } from '../store.js';
import type { Reading } from './reading.js';

/** Long enough for a store that was restored from last week's backup. */
const SEEN_MS = 7 * 24 * 3_600_000;
const MOST_ROWS = 500;

/** Each takes the moment and the most rows, and answers how many went. Rows somebody is working on are stepped over. */
const SQL = {
  jobs: `WITH gone AS (
      DELETE FROM jobs WHERE id IN (
        SELECT id FROM jobs WHERE state IN ('done', 'cancelled') AND finished_at IS NOT NULL AND finished_at < $1
          AND settled_by IS NULL
        ORDER BY finished_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id),
    attempts_gone AS (DELETE FROM attempts USING gone WHERE attempts.job_id = gone.id)
    SELECT count(*) AS count FROM gone`,
  activity: deletion('activity', 'id', 'at < $1'),
  deliveries: deletion('deliveries', 'id', "state IN ('processed', 'dead', 'ignored') AND received_at < $1"),
  bodies: `WITH cut AS (
      UPDATE deliveries SET body = NULL WHERE id IN (
        SELECT id FROM deliveries WHERE body IS NOT NULL AND received_at < $1 AND state <> 'received'
        LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1)
    SELECT count(*) AS count FROM cut`,
  records: `WITH cut AS (
      UPDATE records SET body = NULL WHERE (connection_id, type, remote_id) IN (
        SELECT connection_id, type, remote_id FROM records WHERE final AND body IS NOT NULL AND updated_at < $1
        LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1)
    SELECT count(*) AS count FROM cut`,
  // Only below the run without holes: above it, a forgotten sequence would look missing.
  sequences: `WITH gone AS (
      DELETE FROM outbox_seen WHERE (connection_id, epoch, sequence) IN (
        SELECT connection_id, epoch, sequence FROM outbox_seen JOIN outbox_runs USING (connection_id, epoch)
        WHERE seen_at < $1 AND sequence <= contiguous LIMIT $2) RETURNING 1)
    SELECT count(*) AS count FROM gone`,
  codes: deletion('pairing_codes', 'code_hash', 'expires_at < $1'),
  batches: deletion('batches', 'id', 'finished_at < $1'),
  alerts: deletion('alerts', 'id', 'cleared_at < $1'),
  // Each pressed button leaves one, so that it is not pressed twice at two sidecars.
  leads: deletion('leads', 'role', 'until < $1'),
} as const;

export function pruneOf(reading: Reading) {
  return async function prune(now: number, retention: Retention, limit: number): Promise<number> {
    const before: Record<keyof typeof SQL, number> = {
      jobs: now - retention.doneJobsMs,
      activity: now - retention.activityMs,
      deliveries: now - Math.max(retention.dedupeKeyMs, retention.deliveryBodyMs),
      bodies: now - retention.deliveryBodyMs,
      records: now - retention.recordBodyMs,
      sequences: now - SEEN_MS,
      codes: now - SEEN_MS,
      batches: now - retention.activityMs,
      alerts: now - retention.activityMs,
      leads: now - SEEN_MS,
    };
    let pruned = 0;
    for (const [kind, sql] of Object.entries(SQL))
      pruned += await inSlices(reading, sql, before[kind as keyof typeof SQL], limit - pruned);
    return pruned;
  };
}

async function inSlices(reading: Reading, sql: string, cut: number, limit: number): Promise<number> {
  for (let gone = 0; ;) {
    const most = Math.min(MOST_ROWS, limit - gone);
    if (most <= 0) return gone;
    const row = await reading.first<{ count: number }>(sql, [cut, most]);
    gone += row?.count ?? 0;
    if ((row?.count ?? 0) < most) return gone;
  }
}

function deletion(table: string, key: string, condition: string): string {
  return `WITH gone AS (
      DELETE FROM ${table} WHERE ${key} IN (
        SELECT ${key} FROM ${table} WHERE ${condition} LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1)
    SELECT count(*) AS count FROM gone`;
}
