/** What has ended, counted for the screen, the alerts and the forecast. */
import type { Database } from 'better-sqlite3';
import { rangesUpTo, STEP } from './steps.js';
import type { Breathe, Range } from './steps.js';

const HOUR_MS = 3_600_000;
const ENDS = ['done', 'dead', 'cancelled'] as const;

export interface Ended {
  state: (typeof ENDS)[number];
  /** The how manieth since `from`, beginning with 0. */
  hour: number;
  kind: string;
  count: number;
  /** Of those, the ones that had a deadline and the ones that missed it. */
  promised: number;
  breached: number;
}
interface Scope {
  orgId: string;
  /** JSON array. */
  connectionIds: string;
}

const OURS = 'org_id = @orgId AND connection_id IN (SELECT value FROM json_each(@connectionIds))';
const ENDED = 'state = @state AND finished_at IS NOT NULL AND finished_at >= @from';

export function endedOf(db: Database) {
  const sql = {
    edge: db
      .prepare<[{ state: string; from: number }], number>(
        `SELECT finished_at FROM jobs INDEXED BY jobs_finished WHERE ${ENDED} ORDER BY finished_at LIMIT 1 OFFSET ${STEP}`,
      )
      .pluck(),
    // Numbers are bound as reals, so a quotient has a fraction unless it is cut.
    within: db.prepare<[Scope & Range & { state: string; first: number }], Omit<Ended, 'state'>>(
      `SELECT CAST((finished_at - @first) / ${HOUR_MS} AS INTEGER) AS hour, kind, count(*) AS count,
              count(deadline_at) AS promised, coalesce(sum(deadline_at < finished_at), 0) AS breached
       FROM jobs INDEXED BY jobs_finished WHERE ${ENDED} AND finished_at < @to AND ${OURS} GROUP BY hour, kind`,
    ),
    lately: db.prepare<[Scope & { from: number }], { connectionId: string; count: number }>(
      `SELECT connection_id AS connectionId, count(*) AS count FROM jobs INDEXED BY jobs_finished
       WHERE state IN ('done', 'dead', 'cancelled') AND finished_at IS NOT NULL AND finished_at >= @from AND ${OURS}
       GROUP BY connection_id`,
    ),
  };

  /** @param first the beginning of hour 0; what ended before `from` is left out. */
  async function byHour(first: number, from: number, scope: Scope, breathe: Breathe): Promise<Ended[]> {
    const counted: Ended[] = [];
    for (const state of ENDS) {
      for (const range of rangesUpTo((edge) => sql.edge.get({ state, from: edge }), from)) {
        counted.push(...sql.within.all({ ...scope, ...range, state, first }).map((row) => ({ ...row, state })));
        await breathe();
      }
    }
    return counted;
  }

  return {
    byHour,
    /** Of each connection since a moment, that included. */
    lately: (from: number, scope: Scope): Map<string, number> =>
      new Map(sql.lately.all({ ...scope, from }).map(({ connectionId, count }) => [connectionId, count])),
  };
}
