/** What has come in lately. Jobs lie in the order they came, so that needs no index: their table is read from its end. */
import type { Database } from 'better-sqlite3';
import type { Breathe } from './steps.js';

/** Rows in a step. Where a clock was set back a little, those of the moment before still lie within one. */
const ROWS = 1_000;

interface Scope {
  orgId: string;
  /** JSON array. */
  connectionIds: string;
}
interface Step {
  connectionId: string;
  /** The lowest id that was looked at. */
  lowest: number;
  lately: number;
  ours: number;
}

export function arrivedOf(db: Database) {
  const step = db.prepare<[Scope & { since: number; below: number }], Step>(
    `SELECT connection_id AS connectionId, min(id) AS lowest, sum(created_at > @since) AS lately,
            sum(created_at > @since AND org_id = @orgId AND connection_id IN (SELECT value FROM json_each(@connectionIds))) AS ours
     FROM (SELECT id, connection_id, org_id, created_at FROM jobs WHERE id < @below ORDER BY id DESC LIMIT ${ROWS})
     GROUP BY connection_id`,
  );

  /** @returns how many jobs of each connection were made after `since`. */
  return async function arrived(since: number, scope: Scope, breathe: Breathe): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (let below = Number.MAX_SAFE_INTEGER; ; await breathe()) {
      const rows = step.all({ ...scope, since, below });
      for (const { connectionId, ours } of rows)
        if (ours > 0) counts.set(connectionId, (counts.get(connectionId) ?? 0) + ours);
      if (rows.every(({ lately }) => lately === 0)) return counts;
      below = Math.min(...rows.map(({ lowest }) => lowest));
    }
  };
}
