/** What has been kept long enough goes; mappings and settlements never do. Dead jobs stay until somebody has looked at them. */
import type { Database } from 'better-sqlite3';
import type { Retention } from '../store.js';
import type { Slices } from './slices.js';

/** Long enough for a store that was restored from last week's backup. */
const SEEN_MS = 7 * 24 * 3_600_000;

export function pruneOf(db: Database, slices: Slices) {
  const sql = {
    jobs: db.prepare<[number, number]>(
      `DELETE FROM jobs WHERE id IN (
         SELECT id FROM jobs INDEXED BY jobs_finished
         WHERE state IN ('done', 'cancelled') AND settled_by IS NULL AND finished_at IS NOT NULL AND finished_at < ? LIMIT ?)`,
    ),
    activity: db.prepare<[number, number]>(
      'DELETE FROM activity WHERE id IN (SELECT id FROM activity WHERE at < ? LIMIT ?)',
    ),
    deliveries: db.prepare<[number, number]>(
      `DELETE FROM deliveries WHERE id IN (
         SELECT id FROM deliveries INDEXED BY deliveries_by_time WHERE received_at < ? AND state <> 'received' LIMIT ?)`,
    ),
    bodies: db.prepare<[number, number]>(
      `UPDATE deliveries SET body = NULL WHERE id IN (
         SELECT id FROM deliveries INDEXED BY deliveries_with_body
         WHERE body IS NOT NULL AND received_at < ? AND state <> 'received' LIMIT ?)`,
    ),
    records: db.prepare<[number, number]>(
      `UPDATE records SET body = NULL WHERE rowid IN (
         SELECT rowid FROM records INDEXED BY records_to_cut
         WHERE final = 1 AND body IS NOT NULL AND updated_at < ? LIMIT ?)`,
    ),
    // Only below the run without holes: above it, a forgotten sequence would look missing.
    sequences: db.prepare<[number, number]>(
      `DELETE FROM outbox_seen WHERE (connection_id, epoch, sequence) IN (
         SELECT connection_id, epoch, sequence FROM outbox_seen JOIN outbox_runs USING (connection_id, epoch)
         WHERE seen_at < ? AND sequence <= contiguous LIMIT ?)`,
    ),
    codes: db.prepare<[number, number]>(
      'DELETE FROM pairing_codes WHERE code_hash IN (SELECT code_hash FROM pairing_codes WHERE expires_at < ? LIMIT ?)',
    ),
    batches: db.prepare<[number, number]>(
      'DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE finished_at < ? LIMIT ?)',
    ),
    alerts: db.prepare<[number, number]>(
      `DELETE FROM alerts WHERE id IN (
         SELECT id FROM alerts INDEXED BY alerts_cleared WHERE cleared_at IS NOT NULL AND cleared_at < ? LIMIT ?)`,
    ),
  };

  return async function prune(now: number, retention: Retention, limit: number): Promise<number> {
    const before: Record<keyof typeof sql, number> = {
      jobs: now - retention.doneJobsMs,
      activity: now - retention.activityMs,
      deliveries: now - Math.max(retention.dedupeKeyMs, retention.deliveryBodyMs),
      bodies: now - retention.deliveryBodyMs,
      records: now - retention.recordBodyMs,
      sequences: now - SEEN_MS,
      codes: now - SEEN_MS,
      batches: now - retention.activityMs,
      alerts: now - retention.activityMs,
    };
    let pruned = 0;
    for (const [kind, statement] of Object.entries(sql)) {
      const cut = before[kind as keyof typeof sql];
      pruned += await slices.count(limit - pruned, (most) => statement.run(cut, most).changes);
    }
    return pruned;
  };
}
