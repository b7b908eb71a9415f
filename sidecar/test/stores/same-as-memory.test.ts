/** Random days in a shop: SQLite must end every step as the memory store does. */
import fc from 'fast-check';
import type { Move } from '../../src/domain/job.js';
import { MOVES } from '../../src/domain/job.js';
import { memoryStore } from '../../src/stores/memory.js';
import { openSqliteStore } from '../../src/stores/sqlite/store.js';
import type { Store } from '../../src/stores/store.js';
import {
  failure,
  MINUTE,
  newActivity,
  newJob,
  NOON,
  orderRecord,
  RETENTION,
  SECOND,
} from '../contracts/store/builders.js';
import { newFile } from './sqlite-file.js';

type Step = (store: Store, now: number) => Promise<unknown>;

const few = (...names: string[]) => fc.constantFrom(...names);
const jobId = fc.integer({ min: 1, max: 12 });
const delay = fc.constantFrom(0, SECOND, MINUTE);
const moves = Object.keys(MOVES) as Move[];

const enqueue = fc
  .record({
    key: few('k1', 'k2', 'k3'),
    wish: few('w1', 'w2', ''),
    delay,
    priority: fc.integer({ min: 1, max: 3 }),
    onDead: fc.constantFrom('revive', 'leave'),
  })
  .map(({ key, wish, delay, priority, onDead }): Step => (store, now) => {
    const job = newJob({
      orderingKey: key,
      coalesceKey: wish === '' ? null : wish,
      runAt: now + delay,
      priority,
      deadlineAt: now + priority * SECOND,
      payload: { [key]: now },
    });
    return store.apply({ now, guards: [], writes: [{ write: 'enqueue', job, onDead: onDead }] });
  });

const move = fc
  .record({
    id: jobId,
    move: fc.constantFrom(...moves),
    delay,
    fact: few('f1', 'f2'),
    kind: few('unavailable', 'rejected'),
  })
  .map(
    ({ id, move, delay, fact, kind }): Step =>
      (store, now) =>
        store.apply({
          now,
          guards: [],
          writes: [
            {
              write: 'moveJob',
              jobId: id,
              move,
              patch: {
                runAt: now + delay,
                blockedOn: fact,
                blockedUntil: now + MINUTE,
                settledBy: move === 'cancel' ? 'Anna' : null,
                ...(move === 'fail' ? { failure: failure({ kind }) } : {}),
              },
            },
          ],
        }),
  );

/** Two moves in one unit: the second is often illegal, and then neither may show. */
const pair = fc.tuple(jobId, jobId).map(
  ([a, b]): Step =>
    (store, now) =>
      store.apply({
        now,
        guards: [],
        writes: [
          { write: 'moveJob', jobId: a, move: 'retryNow', patch: {} },
          { write: 'moveJob', jobId: b, move: 'succeed', patch: {} },
        ],
      }),
);

const claim = fc
  .record({ most: fc.integer({ min: 1, max: 3 }), order: fc.constantFrom('priority', 'deadline') })
  .map(({ most, order }): Step => async (store, now) => {
    await store.promoteDue(now, 100);
    return store.claim({
      now,
      owner: 'worker',
      perConnection: new Map([['warehouse', most]]),
      leaseMs: MINUTE,
      order: order,
    });
  });

const fact = fc.record({ fact: few('f1', 'f2'), verb: fc.constantFrom('putFact', 'dropFact') }).map(
  ({ fact, verb }): Step =>
    (store, now) =>
      store.apply({
        now,
        guards: [],
        writes: [
          verb === 'putFact' ? { write: 'putFact', fact, orgId: 'anvil', source: 'test' } : { write: 'dropFact', fact },
        ],
      }),
);

const record = fc
  .record({
    minute: fc.integer({ min: 0, max: 3 }),
    fingerprint: few('a', 'b'),
    authoritative: fc.constantFrom('yes', 'no'),
  })
  .map(
    ({ minute, fingerprint, authoritative }): Step =>
      (store, now) =>
        store.apply({
          now,
          guards: [],
          writes: [
            {
              write: 'putRecord',
              record: orderRecord({ minute, fingerprint }),
              authoritative: authoritative,
              onNew: [newJob({ coalesceKey: 'w1', orderingKey: 'k1', runAt: now })],
              onTie: [],
            },
          ],
        }),
  );

const sequence = fc.integer({ min: 1, max: 12 }).map(
  (sequence): Step =>
    (store, now) =>
      store.apply({
        now,
        guards: [],
        writes: [{ write: 'outboxSeen', connectionId: 'shop', epoch: 'e', sequence, uuid: `row ${sequence}` }],
      }),
);

const sweep = fc.constantFrom<Step>(
  (store, now) => store.takeBackLapsed(now),
  (store, now) => store.takeBackAll(now),
  (store, now) => store.expireBlocked(now, 2),
  (store, now) => store.rescue(now, SECOND, 10 * MINUTE, 2),
  (store, now) => store.prune(now, { ...RETENTION, doneJobsMs: MINUTE }, 3),
  (store, now) => store.moveMatching({ states: ['dead', 'blocked', 'cancelled'] }, 'reopen', {}, newActivity(), now, 2),
  (store, now) => store.moveMatching({ search: 'order' }, 'retryNow', { sentence: 'again' }, newActivity(), now, 2),
);

const day = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 4, arbitrary: enqueue },
      { weight: 4, arbitrary: move },
      { weight: 4, arbitrary: claim },
      pair,
      fact,
      record,
      sequence,
      sweep,
    ),
    delay,
  ),
  { minLength: 1, maxLength: 60 },
);

async function everything(store: Store, now: number) {
  const { rows } = await store.jobs({}, { limit: 1000, offset: 0, sort: 'oldest' });
  return {
    rows,
    attempts: await Promise.all(rows.map(({ id }) => store.attempts(id))),
    activity: await store.activity({}, 1000),
    record: await store.record('shop', 'order', '4711'),
    outbox: await store.outboxStream('shop', 'e'),
    counts: await store.countByState({}),
    due: await store.nextDueAt(),
    stats: await store.stats(now, 'anvil', ['warehouse']),
  };
}

test('whatever happens, SQLite and memory hold the same', async () => {
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const memory = memoryStore();
      const sqlite = openSqliteStore({ file: newFile(), now: () => NOON });
      try {
        let now = NOON;
        for (const [step, pause] of steps) {
          now += pause;
          // A head that came due is only promoted by the clock; both stores are asked at the same moments.
          await Promise.all([memory.promoteDue(now, 1000), sqlite.promoteDue(now, 1000)]);
          expect(await answer(step, sqlite, now)).toEqual(await answer(step, memory, now));
          expect(await everything(sqlite, now)).toEqual(await everything(memory, now));
        }
      } finally {
        await sqlite.close();
      }
    }),
    { numRuns: 60 },
  );
});

async function answer(step: Step, store: Store, now: number): Promise<unknown> {
  return step(store, now);
}
