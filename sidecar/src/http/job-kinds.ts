/** Looking around is work too, but nobody's news: unasked, it is shown only when it is stuck. */
import { KINDS } from '../domain/kinds.js';
import { JOB_STATES, type JobState } from '../domain/job.js';
import type { JobFilter, Store } from '../stores/store.js';

const ABOUT_ORDERS = Object.keys(KINDS).filter((kind) => /^(order|shipment)\./.test(kind));
const STUCK: ReadonlySet<JobState> = new Set(['retrying', 'blocked', 'dead']);

/** @returns the filter of one tab of the list; a kind that was asked for is shown in every state. */
export function shownIn(filter: JobFilter, state: JobState | undefined): JobFilter {
  const states = state === undefined ? filter : { ...filter, states: [state] };
  const all = filter.kinds !== undefined || (state !== undefined && STUCK.has(state));
  return all ? states : { ...states, kinds: ABOUT_ORDERS };
}

/** @returns how many jobs each tab of the list has. */
export async function countJobs(
  store: Pick<Store, 'countByState'>,
  filter: JobFilter,
): Promise<Record<JobState, number>> {
  const all = await store.countByState(filter);
  const shown = await store.countByState(shownIn(filter, undefined));
  const counts = { ...all };
  for (const state of JOB_STATES) if (!STUCK.has(state)) counts[state] = shown[state];
  return counts;
}
