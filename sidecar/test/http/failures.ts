import type { FailureNote } from '../../src/domain/job.js';
import type { Store } from '../../src/stores/store.js';

/** Lets the oldest waiting job of a kind run once and die of the given failure. */
export async function aJobsFailure(
  store: Store,
  kind: string,
  failureKind: string,
  given: number,
  changes: Partial<FailureNote> = {},
): Promise<void> {
  const { rows } = await store.jobs({ kinds: [kind], states: ['queued'] }, { limit: 1, offset: 0, sort: 'oldest' });
  const { id, connectionId, runAt } = rows[0]!;
  // Some jobs give the shop a moment first.
  const now = Math.max(given, runAt);
  await store.promoteDue(now, 500);
  const claimed = await store.claim({
    now,
    owner: 'test',
    perConnection: new Map([[connectionId, 100]]),
    leaseMs: 60_000,
    order: 'priority',
  });
  const { fence } = claimed.find((job) => job.id === id)!;
  const failure = {
    kind: failureKind,
    code: null,
    status: 400,
    summary: 'The warehouse answered 400: zip code invalid.',
    cure: 'Correct it.',
    excerpt: 'zip',
    ...changes,
  };
  await store.apply({
    now,
    guards: [{ guard: 'fence', jobId: id, fence }],
    writes: [
      {
        write: 'insertAttempt',
        attempt: {
          jobId: id,
          fence,
          outcome: 'failed',
          failure,
          sentence: failure.summary,
          queueMs: 1,
          runMs: 2,
          startedAt: now,
        },
      },
      { write: 'moveJob', jobId: id, move: 'fail', patch: { failure, sentence: failure.summary } },
    ],
  });
  for (const other of claimed.filter((job) => job.id !== id)) {
    await store.apply({
      now,
      guards: [],
      writes: [{ write: 'moveJob', jobId: other.id, move: 'postpone', patch: { runAt: now } }],
    });
  }
}
