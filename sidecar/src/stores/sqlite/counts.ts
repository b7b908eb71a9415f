/** How many jobs a filter finds, by state. */
import { JOB_STATES, LIVE_STATES } from '../../domain/job.js';
import type { JobState } from '../../domain/job.js';
import type { JobFilter } from '../store.js';
import { condition } from './filter.js';
import type { Select } from './statements.js';
import { breatherOf, rangesUpTo, STEP } from './steps.js';

export type Count = (filter: JobFilter) => Promise<Record<JobState, number>>;

/** Fields that leave few, or have an index of their own: one statement, which also counts all at the same moment. */
const NARROW = ['subject', 'batchId', 'traceId', 'cause', 'search'] satisfies (keyof JobFilter)[];

export function countOf(select: Select, elapsedMs: () => number): Count {
  function atOnce(filter: JobFilter): Record<JobState, number> {
    const { sql, values } = condition(filter);
    const text = `SELECT state, count(*) AS count FROM jobs WHERE ${sql} GROUP BY state`;
    const counts = none();
    for (const { state, count } of select<{ state: JobState; count: number }>(text, values)) counts[state] = count;
    return counts;
  }

  async function stepByStep(connectionIds: readonly string[], filter: JobFilter): Promise<Record<JobState, number>> {
    const { states, ...others } = filter;
    const { sql, values } = condition(others);
    // What has ended is never late: it need not be walked through.
    const possible: readonly JobState[] = filter.late === undefined ? JOB_STATES : LIVE_STATES;
    const wanted = possible.filter((state) => states?.includes(state) ?? true);
    const entries =
      'FROM jobs INDEXED BY jobs_by_state WHERE connection_id = @connectionId AND state = @state AND id >= @from';
    const edgeText = `SELECT id ${entries} ORDER BY id LIMIT 1 OFFSET ${STEP}`;
    const countText = `SELECT count(*) AS count ${entries} AND id < @to AND ${sql}`;
    const breathe = breatherOf(elapsedMs);
    const counts = none();
    for (const connectionId of new Set(connectionIds)) {
      for (const state of wanted) {
        const edge = (from: number) => select<{ id: number }>(edgeText, { connectionId, state, from })[0]?.id;
        for (const range of rangesUpTo(edge)) {
          const [step] = select<{ count: number }>(countText, { ...values, connectionId, state, ...range });
          counts[state] += step?.count ?? 0;
          await breathe();
        }
      }
    }
    return counts;
  }

  return async ({ connectionIds, ...filter }) => {
    const isNarrow = NARROW.some((field) => filter[field] !== undefined);
    if (connectionIds !== undefined && !isNarrow) return stepByStep(connectionIds, filter);
    return atOnce(connectionIds === undefined ? filter : { ...filter, connectionIds });
  };
}

function none(): Record<JobState, number> {
  return Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
}
