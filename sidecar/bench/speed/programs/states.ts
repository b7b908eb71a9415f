/** Jobs brought to a state by the moves that lead there. */
import type { Move } from '../../../src/domain/job.js';
import type { JobPatch, Store } from '../../../src/stores/store.js';
import { world } from './engine.ts';
import { WAREHOUSE } from '../secrets.ts';
import { anOrderJob, put } from './shop.ts';

const DAY_MS = 86_400_000;
const FAILURE = {
  kind: 'unavailable',
  code: null,
  status: 503,
  summary: 'The warehouse answered 503.',
  cure: 'Nothing to do: it is tried again.',
  excerpt: null,
} as const;

export async function aRunningJob(store: Store, order: number): Promise<number> {
  const now = world.now();
  const jobId = await put(store, anOrderJob(order, now), now);
  const claimed = await store.claim({
    now,
    owner: 'bench',
    perConnection: new Map([[WAREHOUSE, 1]]),
    leaseMs: 60_000,
    order: 'priority',
  });
  if (claimed[0]?.id !== jobId) throw new Error(`Job ${jobId} was not claimed.`);
  return jobId;
}

export const aDoneJob = (store: Store, order: number): Promise<number> =>
  moved(store, order, 'succeed', { sentence: 'Sent to the warehouse as W1.' });

export const aRetryingJob = (store: Store, order: number): Promise<number> =>
  moved(store, order, 'retry', { runAt: world.now() + DAY_MS, sentence: 'Is tried again.', failure: FAILURE });

export const aBlockedJob = (store: Store, order: number): Promise<number> =>
  moved(store, order, 'block', {
    blockedOn: 'order-known:north:',
    blockedUntil: world.now() + DAY_MS,
    sentence: 'Waits for its order.',
  });

async function moved(store: Store, order: number, move: Move, patch: JobPatch): Promise<number> {
  const jobId = await aRunningJob(store, order);
  const answer = await store.apply({
    now: world.now(),
    guards: [],
    writes: [{ write: 'moveJob', jobId, move, patch }],
  });
  if (!answer.applied) throw new Error(`The store refused to ${move}.`);
  return jobId;
}
