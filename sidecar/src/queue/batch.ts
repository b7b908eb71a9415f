/** A batch as people start, stop and resume it. What is meant is fixed when it starts; batches.ts carries it out. */
import type { Batch, BatchMove, BatchState } from '../domain/batch.js';
import type { JobState } from '../domain/job.js';
import type { Store, Write } from '../stores/store.js';
import type { Answer, By, OperatorDeps } from './operator.js';
import { noted } from './press.js';
import { countMeant, nextOf, type Meant } from './press-many.js';

export interface BatchOrder {
  orgId: string;
  move: BatchMove;
  meant: Meant;
  /** Newest job the person saw; null for whatever is there now. */
  lastJobId: number | null;
}

/** What would happen, with some of the jobs it would happen to. */
export interface Draft {
  title: string;
  total: number;
  lastJobId: number;
  examples: number[];
}

export type Started =
  { started: true; batch: Batch } | { started: false; error: 'invalid' | 'illegal_move'; sentence: string };

const EXAMPLES = 5;

export async function draftBatch({ move, meant, lastJobId }: BatchOrder, store: Store): Promise<Draft> {
  const newest = await store.lastJobId();
  const upTo = Math.min(lastJobId ?? newest, newest);
  const total = await countMeant(meant, move, upTo, store);
  const examples = await nextOf({ meant, move, after: 0, upTo }, EXAMPLES, store);
  return { title: title(move, total, meant.states), total, lastJobId: upTo, examples: examples.map(({ id }) => id) };
}

/** @param id of the new batch. */
export async function startBatch(
  order: BatchOrder,
  id: string,
  by: By,
  { store, ringBatches }: OperatorDeps,
): Promise<Started> {
  const reason = by.reason?.trim() ?? '';
  if (order.move !== 'retryNow' && reason === '')
    return { started: false, error: 'invalid', sentence: 'Say why: the reason is kept with each job.' };
  const draft = await draftBatch(order, store);
  if (draft.total === 0)
    return { started: false, error: 'illegal_move', sentence: 'None of these jobs can be moved like this any more.' };
  const batch = newBatch(id, order, draft, { ...by, reason: reason === '' ? null : reason });
  await store.apply({
    now: by.now,
    guards: [],
    writes: [{ write: 'putBatch', batch }, said(batch, by, `Started: ${batch.title}.`)],
  });
  ringBatches?.();
  return { started: true, batch };
}

function newBatch(id: string, { orgId, move, meant }: BatchOrder, { title, total, lastJobId }: Draft, by: By): Batch {
  return {
    id,
    orgId,
    title,
    state: 'processing',
    filter: { ...meant },
    move,
    total,
    moved: 0,
    cursor: 0,
    lastJobId,
    who: by.who,
    reason: by.reason,
    note: null,
    createdAt: by.now,
    startedAt: by.now,
    updatedAt: by.now,
    finishedAt: null,
    finalCounts: null,
  };
}

/** No further job is set going; those that are queued already run on. */
export function stopBatch(id: string, by: By, deps: OperatorDeps): Promise<Answer> {
  return turn(id, by, deps, {
    from: ['draft', 'processing'],
    to: 'stopped',
    said: 'Stopped.',
    answer: (batch) => `Stopped after ${batch.moved} of ${batch.total}. What is queued already runs on.`,
  });
}

export function resumeBatch(id: string, by: By, deps: OperatorDeps): Promise<Answer> {
  return turn(id, by, deps, {
    from: ['stopped'],
    to: 'processing',
    said: 'Resumed.',
    answer: () => 'It goes on where it was stopped.',
  });
}

interface Turn {
  from: readonly BatchState[];
  to: 'stopped' | 'processing';
  said: string;
  answer: (batch: Batch) => string;
}

async function turn(
  id: string,
  by: By,
  { store, ringBatches }: OperatorDeps,
  { from, to, said: what, answer }: Turn,
): Promise<Answer> {
  const batch = await store.batch(id);
  if (batch === null) return { ok: false, error: 'not_found', sentence: 'There is no such batch.' };
  const note = to === 'stopped' ? `Stopped by ${by.who}.` : null;
  const applied = await store.apply({
    now: by.now,
    guards: [{ guard: 'batchState', batchId: id, states: from }],
    writes: [{ write: 'putBatch', batch: { ...batch, state: to, note, updatedAt: by.now } }, said(batch, by, what)],
  });
  if (!applied.applied)
    return { ok: false, error: 'illegal_move', sentence: WHY_NOT[(await store.batch(id))?.state ?? batch.state] };
  ringBatches?.();
  return { ok: true, sentence: answer(batch) };
}

const WHY_NOT = {
  draft: 'It has not been started yet.',
  processing: 'It is going on already.',
  stopped: 'It is stopped already.',
  done: 'It has ended already.',
  action_required: 'It has ended already.',
  failed: 'It could not be carried out.',
} as const satisfies Record<BatchState, string>;

function said({ id, orgId }: Batch, by: By, what: string): Write {
  return {
    write: 'insertActivity',
    activity: { ...noted(by, what), orgId, connectionId: null, jobId: null, subject: `batch:${id}` },
  };
}

const VERBS = {
  retryNow: 'Retry',
  forceDone: 'Force done',
  cancel: 'Cancel',
} as const satisfies Record<BatchMove, string>;

const THAT = {
  queued: ' that are waiting',
  running: ' that are running',
  retrying: ' that are retrying',
  blocked: ' that are blocked',
  dead: ' that need attention',
  done: ' that are done',
  cancelled: ' that were cancelled',
} as const satisfies Record<JobState, string>;

/** "Retry 214 jobs that need attention" */
function title(move: BatchMove, total: number, states: readonly JobState[] | undefined): string {
  const state = states?.length === 1 ? states[0] : undefined;
  if (total === 1) return `${VERBS[move]} 1 job`;
  return `${VERBS[move]} ${total} jobs${state === undefined ? '' : THAT[state]}`;
}
