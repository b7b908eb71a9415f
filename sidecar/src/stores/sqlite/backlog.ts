/** What is still to be done, counted for the screen, the alerts and the forecast. */
import type { Database } from 'better-sqlite3';
import { LIVE_STATES } from '../../domain/job.js';
import type { Stats } from '../store.js';
import { rangesUpTo, STEP } from './steps.js';
import type { Breathe, Range } from './steps.js';

interface Where extends Range {
  connectionId: string;
  orgId: string;
  now: number;
}
interface Waiting {
  all: number;
  due: number;
  oldestDue: number | null;
}

export type Backlog = Pick<Stats['flow'][number], 'waiting' | 'oldestWaitingAt'>;

const IN_STATE = 'connection_id = @connectionId AND state = @state AND id >= @from';

export function backlogOf(db: Database) {
  const sql = {
    open: db.prepare<[Where & { state: string }], Stats['sla'][number]>(
      `SELECT kind, count(*) AS total, sum(deadline_at < @now) AS breached FROM jobs INDEXED BY jobs_by_state
       WHERE ${IN_STATE} AND id < @to AND org_id = @orgId AND deadline_at IS NOT NULL GROUP BY kind`,
    ),
    edge: db
      .prepare<[Pick<Where, 'connectionId' | 'from'> & { state: string }], number>(
        `SELECT id FROM jobs INDEXED BY jobs_by_state WHERE ${IN_STATE} ORDER BY id LIMIT 1 OFFSET ${STEP}`,
      )
      .pluck(),
    waiting: db.prepare<[Where & { state: string }], Waiting>(
      `SELECT count(*) AS "all", coalesce(sum(queued_at <= @now), 0) AS due,
              min(CASE WHEN queued_at <= @now THEN queued_at END) AS oldestDue
       FROM jobs INDEXED BY jobs_by_state WHERE ${IN_STATE} AND id < @to AND org_id = @orgId`,
    ),
  };

  /** Walks along what a connection has in a state; others get their turn in between. */
  async function eachStep(
    state: string,
    where: Omit<Where, keyof Range>,
    breathe: Breathe,
    count: (step: Where & { state: string }) => void,
  ): Promise<void> {
    const { connectionId } = where;
    for (const range of rangesUpTo((from) => sql.edge.get({ connectionId, state, from }))) {
      count({ ...where, state, ...range });
      await breathe();
    }
  }

  /** Jobs with a deadline that have not ended, by kind: all, and those past it. */
  async function deadlines(where: Omit<Where, keyof Range>, breathe: Breathe): Promise<Stats['sla']> {
    const counted: Stats['sla'] = [];
    for (const state of LIVE_STATES)
      await eachStep(state, where, breathe, (step) => counted.push(...sql.open.all(step)));
    return counted;
  }

  async function inState(state: string, where: Omit<Where, keyof Range>, breathe: Breathe): Promise<Waiting> {
    const sum: Waiting = { all: 0, due: 0, oldestDue: null };
    await eachStep(state, where, breathe, (step) => {
      const counted = sql.waiting.get(step);
      sum.all += counted?.all ?? 0;
      sum.due += counted?.due ?? 0;
      sum.oldestDue = earliest([sum.oldestDue, counted?.oldestDue ?? null]);
    });
    return sum;
  }

  async function waiting(where: Omit<Where, keyof Range>, breathe: Breathe): Promise<Backlog> {
    const queued = await inState('queued', where, breathe);
    const retrying = await inState('retrying', where, breathe);
    const running = await inState('running', where, breathe);
    return {
      waiting: queued.due + retrying.all + running.all,
      oldestWaitingAt: earliest([queued.oldestDue, retrying.oldestDue]),
    };
  }

  return { deadlines, waiting };
}

export function earliest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}
