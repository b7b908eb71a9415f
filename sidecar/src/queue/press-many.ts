/** One press on all that match a filter. */
import { personMoves, type JobState } from '../domain/job.js';
import type { JobFilter } from '../stores/store.js';
import type { By, OperatorDeps } from './operator.js';
import { noted, pressOn, SAID } from './press.js';

const SLICE = 500;

/** Its set command moves thousands at once; a job it has moved no longer matches, so the slices come to an end. */
export async function retryMatching(
  filter: JobFilter,
  by: By,
  { store, nudge }: OperatorDeps,
): Promise<{ moved: number }> {
  const waiting: readonly JobState[] = ['dead', 'retrying', 'blocked'];
  const states = waiting.filter((state) => filter.states === undefined || filter.states.includes(state));
  if (states.length === 0) return { moved: 0 };
  const narrowed = { ...filter, states };
  const { total } = await store.jobs(narrowed, { limit: 1, offset: 0, sort: 'oldest' });
  const sentence = SAID.retryNow(by.who, '');
  let moved = 0;
  for (let slice = 0; slice <= total / SLICE; slice += 1) {
    const who = {
      ...noted(by, 'Retried, with all that matched.'),
      orgId: filter.orgId ?? '',
      connectionId: null,
      jobId: null,
      subject: '',
    };
    const count = await store.moveMatching(narrowed, 'retryNow', { sentence, runAt: by.now }, who, by.now, SLICE);
    moved += count;
    nudge();
    if (count < SLICE) break;
  }
  return { moved };
}

/** Each settlement is its own unit: what it means depends on what the job is about. */
export async function eachMatching(
  filter: JobFilter,
  move: 'forceDone' | 'cancel',
  by: By,
  deps: OperatorDeps,
): Promise<{ moved: number }> {
  const ids: number[] = [];
  for (let offset = 0; ; offset += SLICE) {
    const { rows } = await deps.store.jobs(filter, { limit: SLICE, offset, sort: 'oldest' });
    ids.push(...rows.filter((job) => personMoves(job).includes(move)).map(({ id }) => id));
    if (rows.length < SLICE) break;
  }
  let moved = 0;
  for (const id of ids) moved += (await pressOn(id, move, by, deps)).ok ? 1 : 0;
  return { moved };
}
