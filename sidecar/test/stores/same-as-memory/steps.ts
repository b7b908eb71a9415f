/** Everything that may happen to a store, in all its ways. */
import fc from 'fast-check';
import { CLOSED, toProbing } from '../../../src/domain/breaker.js';
import { MOVES } from '../../../src/domain/job.js';
import type { Move } from '../../../src/domain/job.js';
import { bucketSpec } from '../../../src/domain/token-bucket.js';
import type { Guard, JobFilter, Store, Write } from '../../../src/stores/store.js';
import {
  alert,
  batch,
  connection,
  failure,
  MINUTE,
  newActivity,
  newAttempt,
  newDelivery,
  newJob,
  orderRecord,
  RETENTION,
  SECOND,
} from '../../contracts/store/builders.js';
import type { JobIds } from './job-ids.js';

export type Step = (store: Store, now: number, ids: JobIds) => Promise<unknown>;

const few = (...names: string[]) => fc.constantFrom(...names);
const nth = fc.integer({ min: 1, max: 12 });
const delay = fc.constantFrom(0, SECOND, MINUTE);
const moves = Object.keys(MOVES) as Move[];
const evidence = fc.constantFrom('answered', 'unavailable', 'unclear', 'silent');

/** One unit, told by what it writes at a moment. */
const unit =
  (writes: (now: number, ids: JobIds) => Write[], guards: (now: number) => Guard[] = () => []): Step =>
  (store, now, ids) =>
    store.apply({ now, guards: guards(now), writes: writes(now, ids) });

const enqueue = fc
  .record({
    key: few('k1', 'k2', 'k3'),
    wish: few('w1', 'w2', ''),
    delay,
    priority: fc.integer({ min: 1, max: 3 }),
    onDead: fc.constantFrom('revive', 'leave'),
    batchId: fc.constantFrom('b1', null),
    orgId: fc.constantFrom('anvil', 'anvil', 'bellows'),
  })
  .map(({ key, wish, delay, priority, onDead, batchId, orgId }) =>
    unit((now) => {
      const job = newJob({
        orgId,
        orderingKey: key,
        coalesceKey: wish === '' ? null : wish,
        runAt: now + delay,
        priority,
        deadlineAt: priority === 3 ? null : now + priority * SECOND,
        payload: { [key]: now },
        batchId,
      });
      return [{ write: 'enqueue', job, onDead }];
    }),
  );

const move = fc
  .record({
    id: nth,
    move: fc.constantFrom(...moves),
    delay,
    fact: few('f1', 'f2'),
    kind: few('unavailable', 'rejected'),
  })
  .map(({ id, move, delay, fact, kind }) =>
    unit((now, ids) => {
      const patch = {
        runAt: now + delay,
        blockedOn: fact,
        blockedUntil: now + MINUTE,
        settledBy: move === 'cancel' ? 'Anna' : null,
        ...(move === 'fail' || move === 'retry' ? { failure: failure({ kind }) } : {}),
      };
      return [{ write: 'moveJob', jobId: ids.id(id), move, patch }];
    }),
  );

/** Two moves in one unit: the second is often illegal, and then neither may show, nor the job between them. */
const pair = fc.tuple(nth, nth).map(([a, b]) =>
  unit((now, ids) => [
    { write: 'moveJob', jobId: ids.id(a), move: 'retryNow', patch: {} },
    { write: 'enqueue', job: newJob({ orderingKey: 'k1', runAt: now }), onDead: 'leave' },
    { write: 'moveJob', jobId: ids.id(b), move: 'succeed', patch: {} },
  ]),
);

const claim = fc
  .record({
    most: fc.integer({ min: 1, max: 3 }),
    order: fc.constantFrom('priority', 'deadline'),
    running: fc.constantFrom(0, 1, 2, 3, null),
    urgent: fc.constantFrom(1, 2, null),
  })
  .map(({ most, order, running, urgent }): Step => async (store, now) => {
    await store.promoteDue(now, 100);
    const perConnection = new Map([['warehouse', most]]);
    const bounded = {
      ...(running !== null && { mostRunning: new Map([['warehouse', running]]) }),
      ...(urgent !== null && { upToPriority: new Map([['warehouse', urgent]]) }),
    };
    return store.claim({ now, owner: 'worker', perConnection, leaseMs: MINUTE, order, ...bounded });
  });

/** As a worker settles a run that went well; refused for a job that does not run. */
const endOfRun = nth.map((n): Step => async (store, now, ids) => {
  const jobId = ids.id(n);
  const fence = (await store.job(jobId))?.fence ?? 0;
  const attempt = newAttempt(jobId, { fence });
  return unit(
    () => [
      { write: 'insertAttempt', attempt },
      { write: 'moveJob', jobId, move: 'succeed', patch: { sentence: attempt.sentence } },
    ],
    () => [{ guard: 'fence', jobId, fence }],
  )(store, now, ids);
});

const fact = fc
  .record({ fact: few('f1', 'f2'), verb: fc.constantFrom('putFact', 'dropFact') })
  .map(({ fact, verb }) =>
    unit(() => [
      verb === 'putFact' ? { write: 'putFact', fact, orgId: 'anvil', source: 'test' } : { write: 'dropFact', fact },
    ]),
  );

const record = fc
  .record({
    minute: fc.integer({ min: 0, max: 3 }),
    fingerprint: few('a', 'b'),
    authoritative: fc.constantFrom('yes', 'no'),
  })
  .map(({ minute, fingerprint, authoritative }) =>
    unit((now) => [
      {
        write: 'putRecord',
        record: orderRecord({ minute, fingerprint }),
        authoritative,
        onNew: [newJob({ coalesceKey: 'w1', orderingKey: 'k1', runAt: now })],
        onTie: [],
      },
    ]),
  );

const sequence = nth.map((sequence) =>
  unit(() => [{ write: 'outboxSeen', connectionId: 'shop', epoch: 'e', sequence, uuid: `row ${sequence}` }]),
);

const learned = fc
  .array(fc.record({ evidence, run: fc.constantFrom('probe', 'ordinary') }), { minLength: 1, maxLength: 6 })
  .map((seen) => unit(() => seen.map((one) => ({ write: 'noteEvidence', connectionId: 'warehouse', ...one }))));

const connections = fc.constantFrom<Step>(
  unit((now) => [{ write: 'putConnection', connection: connection({ name: `saved at ${now}` }) }]),
  unit(() => [
    { write: 'putConnection', connection: connection({ id: 'other', breaker: { ...CLOSED, failures: 2 } }) },
  ]),
  unit(() => [
    { write: 'setConnectionState', connectionId: 'warehouse', state: 'paused', reason: 'Stocktaking.', by: 'person' },
    { write: 'putContact', connectionId: 'warehouse', outcome: { success: false, summary: 'It answered 503.' } },
  ]),
  async (store, now, ids) => {
    const { breaker = CLOSED } = (await store.connection('warehouse')) ?? {};
    const probe = unit(
      () => [{ write: 'putBreaker', connectionId: 'warehouse', breaker: toProbing(breaker, now) }],
      () => [{ guard: 'breakerIs', connectionId: 'warehouse', breaker: { ...breaker, openedAt: null } }],
    );
    return probe(store, now, ids);
  },
);

const batches = fc
  .record({ id: few('b1', 'b2'), state: fc.constantFrom('processing', 'stopped', 'done'), guarded: fc.boolean() })
  .map(({ id, state, guarded }) =>
    unit(
      (now) => [
        { write: 'putBatch', batch: batch({ id, state, createdAt: now, finishedAt: state === 'done' ? now : null }) },
      ],
      () => (guarded ? [{ guard: 'batchState', batchId: id, states: ['processing', 'stopped'] }] : []),
    ),
  );

const alerts = fc
  .record({ id: nth, key: few('a', 'b'), guarded: fc.boolean(), verb: fc.constantFrom('open', 'clear') })
  .map(({ id: n, key, guarded, verb }): Step => async (store, now, ids) => {
    const known = await store.alerts({}, 100);
    const id = known[n]?.id ?? `${now} ${n} ${known.length}`;
    const opening = { write: 'openAlert', alert: alert({ id: `${now} ${known.length}`, key, openedAt: now }) } as const;
    const write: Write = verb === 'open' ? opening : { write: 'clearAlert', id };
    const guard: Guard = verb === 'open' ? { guard: 'noOpenAlert', orgId: 'anvil', key } : { guard: 'openAlert', id };
    return unit(
      () => [write],
      () => (guarded ? [guard] : []),
    )(store, now, ids);
  });

const schedule = fc.record({ delay, at: delay }).map(({ delay, at }): Step => async (store, now, ids) => {
  const held = await store.schedules();
  const nextAt = (held[0]?.nextAt ?? now) + at;
  const next = { name: 'sweep', connectionId: 'shop', everyMs: MINUTE, lastAt: now, lastJobId: null };
  return unit(
    () => [{ write: 'putSchedule', schedule: { ...next, nextAt: now + delay } }],
    () => (held.length === 0 ? [] : [{ guard: 'scheduleAt', name: 'sweep', connectionId: 'shop', nextAt }]),
  )(store, now, ids);
});

const delivery = fc
  .record({ key: few('d1', 'd2', 'd3'), verb: fc.constantFrom('insert', 'finish', 'again') })
  .map(({ key, verb }): Step => async (store, now, ids) => {
    if (verb === 'again') return store.countDuplicate('warehouse', key);
    const write: Write =
      verb === 'insert'
        ? { write: 'insertDelivery', delivery: newDelivery({ dedupeKey: key }) }
        : { write: 'finishDelivery', id: `delivery ${key}`, state: 'dead', note: 'Unknown topic.' };
    return unit(() => [write])(store, now, ids);
  });

const SPEC = bucketSpec(20);
const calls = fc
  .record({ want: fc.integer({ min: 0, max: 12 }), callClass: fc.constantFrom('order', 'bulk'), close: fc.nat(9) })
  .map(({ want, callClass, close }): Step => async (store, now) => {
    if (close === 0) await store.closeCalls('warehouse', SPEC, now + 30 * SECOND);
    return store.takeCalls({ connectionId: 'warehouse', spec: SPEC, callClass, want, now });
  });

const sweep = fc.constantFrom<Step>(
  (store, now) => store.takeBackLapsed(now),
  (store, now) => store.takeBackAll(now),
  (store, now) => store.expireBlocked(now, 2),
  (store, now) => store.rescue(now, SECOND, 10 * MINUTE, 2),
  (store, now) => store.prune(now, { ...RETENTION, doneJobsMs: MINUTE, activityMs: 10 * MINUTE }, 3),
  (store, now) => store.moveMatching({ states: ['dead', 'blocked', 'cancelled'] }, 'reopen', {}, newActivity(), now, 2),
  (store, now) => store.moveMatching({ search: 'order' }, 'retryNow', { sentence: 'again' }, newActivity(), now, 2),
);

const press = fc
  .record({ from: nth, to: nth, move: fc.constantFrom('retryNow', 'forceDone', 'cancel'), by: fc.nat(3) })
  .map(({ from, to, move, by }): Step => (store, now, ids) => {
    const also: JobFilter[] = [
      {},
      { orgId: 'anvil' },
      { updatedBefore: now - 1 },
      { kinds: ['order.push'], cause: '' },
    ];
    const filter = { idAfter: ids.id(from) - 1, idUpTo: ids.id(to), ...also[by] };
    return store.moveMatching(filter, move, { batchId: 'b1' }, newActivity(), now, 3);
  });

export const ANY_STEP = fc.oneof(
  { weight: 4, arbitrary: enqueue },
  { weight: 4, arbitrary: move },
  { weight: 4, arbitrary: claim },
  { weight: 4, arbitrary: endOfRun },
  pair,
  fact,
  record,
  sequence,
  learned,
  connections,
  batches,
  alerts,
  schedule,
  delivery,
  calls,
  press,
  sweep,
);
