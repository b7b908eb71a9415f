/** One move on many jobs, a slice at a time, oldest first. A slice that is done again finds only what is left of it. */
import type { BatchMove } from '../domain/batch.js';
import { MOVES, personMoves, type Job, type JobState } from '../domain/job.js';
import type { JobFilter, NewActivity, Store } from '../stores/store.js';
import type { By, OperatorDeps } from './operator.js';
import { noted, pressOn, SAID } from './press.js';

/** States in which a job is meant by a press on many. A retry leaves what is queued: it goes by itself. */
export const MOVED_FROM = {
  retryNow: ['retrying', 'blocked', 'dead'],
  forceDone: MOVES.forceDone.from,
  cancel: MOVES.cancel.from,
} as const satisfies Record<BatchMove, readonly JobState[]>;

/** Which jobs: all that match, or of those only the ones that were ticked. */
export interface Meant extends JobFilter {
  ids?: readonly number[];
}

export interface Slice {
  meant: Meant;
  move: BatchMove;
  /** Jobs after this id, and up to that one. */
  after: number;
  upTo: number;
}

/** One command moves a retried slice; each settlement is a unit of its own, because what it means depends on the job. */
const SLICE = { retryNow: 500, forceDone: 100, cancel: 100 } as const satisfies Record<BatchMove, number>;
const SIDE_BY_SIDE = 20;

/** @returns how many moved, and up to which id jobs have been looked at. */
export async function moveSlice(
  slice: Slice,
  by: By & { batchId: string },
  deps: OperatorDeps,
): Promise<{ moved: number; upTo: number }> {
  const limit = SLICE[slice.move];
  const jobs = await nextOf(slice, limit, deps.store);
  const last = jobs.at(-1);
  if (last === undefined) return { moved: 0, upTo: slice.upTo };
  const upTo = jobs.length < limit ? slice.upTo : last.id;
  const together = slice.move === 'retryNow' && slice.meant.ids === undefined;
  const moved = together
    ? await retryTogether({ ...slice, upTo: last.id }, by, deps)
    : await eachOf(jobs, slice.move, by, deps);
  if (moved > 0) deps.nudge();
  return { moved, upTo };
}

/** @returns how many would move now. */
export async function countMeant(meant: Meant, move: BatchMove, upTo: number, store: Store): Promise<number> {
  if (meant.ids !== undefined) return (await tickedOf({ meant, move, after: 0, upTo }, store)).length;
  const counts = await store.countByState({ ...filterOf(meant, move), idUpTo: upTo });
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** @returns the oldest of those that are left. */
export async function nextOf(slice: Slice, limit: number, store: Store): Promise<Job[]> {
  const { meant, move, after, upTo } = slice;
  if (meant.ids !== undefined) return (await tickedOf(slice, store)).slice(0, limit);
  const filter = { ...filterOf(meant, move), idAfter: after, idUpTo: upTo };
  return (await store.jobs(filter, { limit, offset: 0, sort: 'oldest' })).rows;
}

async function retryTogether(
  { meant, move, after, upTo }: Slice,
  by: By & { batchId: string },
  { store }: OperatorDeps,
) {
  const note: NewActivity = {
    ...noted(by, 'Retried, with all that matched.'),
    orgId: meant.orgId ?? '',
    connectionId: null,
    jobId: null,
    subject: '',
  };
  const patch = { sentence: SAID.retryNow(by.who, ''), runAt: by.now, batchId: by.batchId };
  const filter = { ...filterOf(meant, move), idAfter: after, idUpTo: upTo };
  return store.moveMatching(filter, 'retryNow', patch, note, by.now, SLICE.retryNow);
}

async function eachOf(jobs: readonly Job[], move: BatchMove, by: By, deps: OperatorDeps): Promise<number> {
  let moved = 0;
  for (let at = 0; at < jobs.length; at += SIDE_BY_SIDE) {
    const answers = await Promise.all(jobs.slice(at, at + SIDE_BY_SIDE).map(({ id }) => pressOn(id, move, by, deps)));
    moved += answers.filter(({ ok }) => ok).length;
  }
  return moved;
}

function filterOf({ ids: _ids, states, ...filter }: Meant, move: BatchMove): JobFilter {
  const from: readonly JobState[] = MOVED_FROM[move];
  return { ...filter, states: from.filter((state) => states === undefined || states.includes(state)) };
}

async function tickedOf({ meant, move, after, upTo }: Slice, store: Pick<Store, 'job'>): Promise<Job[]> {
  const ids = (meant.ids ?? []).filter((id) => id > after && id <= upTo).sort((a, b) => a - b);
  const jobs = await Promise.all(ids.map((id) => store.job(id)));
  return jobs.filter((job) => job !== null && isMeant(job, meant) && personMoves(job).includes(move)) as Job[];
}

function isMeant(job: Job, { orgId, connectionIds }: Meant): boolean {
  return job.orgId === orgId && connectionIds?.includes(job.connectionId) === true;
}
