/** Units handed in together share a transaction: they must end as if each had been alone. */
import fc from 'fast-check';
import type { Move } from '../../src/domain/job.js';
import { MOVES } from '../../src/domain/job.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Applied, Store, Unit, Write } from '../../src/stores/store.js';
import {
  failure,
  mapping,
  MINUTE,
  newAttempt,
  newDelivery,
  NO_JOB,
  newJob,
  NOON,
  orderRecord,
  SECOND,
} from '../contracts/store/builders.js';
import { everything } from './same-as-memory/everything.js';
import { usePostgres } from './postgres-server.js';

const postgres = usePostgres();
const JOBS = 8;

const few = (...names: string[]) => fc.constantFrom(...names);
/** Of jobs that were there before: nobody can name one that comes in the same group. */
const jobId = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: JOBS }) }, fc.constant(NO_JOB));

const enqueue = fc
  .record({
    key: few('k1', 'k2', 'k3'),
    wish: few('w1', 'w2', ''),
    late: fc.boolean(),
    onDead: fc.constantFrom('revive', 'leave'),
  })
  .map(({ key, wish, late, onDead }): Write => {
    const job = newJob({ orderingKey: key, coalesceKey: wish === '' ? null : wish, runAt: NOON + (late ? MINUTE : 0) });
    return { write: 'enqueue', job, onDead };
  });
const move = fc
  .record({ jobId, move: fc.constantFrom(...(Object.keys(MOVES) as Move[])), fact: few('f1', 'f2') })
  .map(({ jobId, move, fact }): Write => {
    const patch = { blockedOn: fact, blockedUntil: NOON + MINUTE, ...(move === 'fail' ? { failure: failure() } : {}) };
    return { write: 'moveJob', jobId, move, patch };
  });
const fact = fc
  .record({ fact: few('f1', 'f2'), write: fc.constantFrom('putFact', 'dropFact') })
  .map(({ fact, write }): Write =>
    write === 'putFact' ? { write, fact, orgId: 'anvil', source: 'test' } : { write, fact },
  );
const record = fc
  .record({ minute: fc.integer({ min: 0, max: 2 }), fingerprint: few('a', 'b') })
  .map((version): Write => ({
    write: 'putRecord',
    record: orderRecord(version),
    authoritative: 'no',
    onNew: [newJob({ coalesceKey: 'w1', orderingKey: 'k1' })],
    onTie: [],
  }));
const link = fc
  .record({ localId: few('1', '2'), remoteId: few('r1', 'r2') })
  .map((ids): Write => ({ write: 'putMapping', mapping: mapping(ids) }));
const unlink = few('1', '2').map((localId): Write => ({
  write: 'dropMapping',
  connectionId: 'warehouse',
  type: 'order',
  localId,
}));
const delivery = few('d1', 'd2').map((dedupeKey): Write => ({
  write: 'insertDelivery',
  delivery: newDelivery({ dedupeKey }),
}));
const sequence = fc.integer({ min: 1, max: 8 }).map((sequence): Write => ({
  write: 'outboxSeen',
  connectionId: 'shop',
  epoch: 'e',
  sequence,
  uuid: `row ${sequence}`,
}));
const write = fc.oneof(
  { weight: 4, arbitrary: enqueue },
  { weight: 6, arbitrary: move },
  fact,
  record,
  link,
  unlink,
  delivery,
  sequence,
);
const unit = fc
  .record({ writes: fc.array(write, { minLength: 1, maxLength: 3 }), later: fc.integer({ min: 0, max: 3 }) })
  .map(({ writes, later }): Unit => ({ now: NOON + later * SECOND, guards: [], writes }));
/** How nearly every run ends: under its fence, with an attempt and nothing else. Some of them are late. */
const end = fc
  .record({
    jobId: fc.integer({ min: 1, max: JOBS }),
    fence: fc.constantFrom(1, 1, 1, 2),
    move: fc.constantFrom<Move>('succeed', 'skip'),
  })
  .map(({ jobId, fence, move }): Unit => {
    const attempt = newAttempt(jobId, { fence, outcome: move === 'skip' ? 'skip' : 'done' });
    const patch = move === 'skip' ? {} : { sentence: jobId === 1 ? 'Something else.' : attempt.sentence };
    const writes: Write[] = [
      { write: 'insertAttempt', attempt },
      { write: 'moveJob', jobId, move, patch },
    ];
    return { now: NOON + SECOND, guards: [{ guard: 'fence', jobId, fence }], writes };
  });
const states = fc.array(fc.constantFrom<Move | 'stay'>('stay', 'succeed', 'retry', 'block', 'fail', 'postpone'), {
  minLength: JOBS,
  maxLength: JOBS,
});

/** Jobs of three keys in many states, the same in both stores. */
async function furnish(store: Store, ends: readonly (Move | 'stay')[]): Promise<void> {
  const connections = new Map([['warehouse', 4]]);
  for (let n = 0; n < JOBS; n += 1) {
    const job = newJob({ orderingKey: `k${(n % 3) + 1}`, coalesceKey: n % 2 === 0 ? `w${(n % 4) / 2 + 1}` : null });
    await store.apply({
      now: NOON,
      guards: [],
      writes: [{ write: 'enqueue', job: { ...job, coalesceKey: n < 5 ? null : job.coalesceKey }, onDead: 'revive' }],
    });
  }
  for (const end of ends) {
    const claimed = await store.claim({
      now: NOON,
      owner: 'w',
      perConnection: connections,
      leaseMs: MINUTE,
      order: 'priority',
    });
    for (const { id } of claimed) {
      if (end === 'stay') continue;
      const patch = { blockedOn: 'f1', blockedUntil: NOON + MINUTE, ...(end === 'fail' ? { failure: failure() } : {}) };
      await store.apply({ now: NOON, guards: [], writes: [{ write: 'moveJob', jobId: id, move: end, patch }] });
    }
  }
}

async function expectAsAlone(ends: readonly (Move | 'stay')[], units: readonly Unit[]): Promise<void> {
  const memory = memoryStore();
  const store = await postgres.open();
  try {
    await furnish(memory, ends);
    await furnish(store, ends);
    const alone: Applied[] = [];
    for (const one of units) alone.push(await memory.apply(one));
    expect(await Promise.all(units.map((one) => store.apply(one)))).toEqual(alone);
    expect(await everything(store, NOON)).toEqual(await everything(memory, NOON));
    for (const localId of ['1', '2']) {
      expect(await store.mapping('warehouse', 'order', localId)).toEqual(
        await memory.mapping('warehouse', 'order', localId),
      );
    }
  } finally {
    await store.close();
  }
}

test('units of one group end as if each had been alone', async () => {
  await fc.assert(fc.asyncProperty(states, fc.array(unit, { minLength: 2, maxLength: 25 }), expectAsAlone), {
    numRuns: 60,
  });
}, 120_000);

test('runs that end side by side, also among other units, end as if each had been alone', async () => {
  // At one moment: which of several is written first says nothing then about what is due.
  const others = unit.map((one): Unit => ({ ...one, now: NOON + SECOND }));
  const taken = jobId.map((id): Unit => ({
    now: NOON + SECOND,
    guards: [],
    writes: [{ write: 'moveJob', jobId: id, move: 'postpone', patch: {} }],
  }));
  const stays = fc.array(fc.constantFrom<Move | 'stay'>('stay', 'stay', 'succeed'), { minLength: 1, maxLength: JOBS });
  const mixed = fc.oneof(
    { weight: 2, arbitrary: end },
    { weight: 1, arbitrary: others },
    { weight: 1, arbitrary: taken },
  );
  await fc.assert(fc.asyncProperty(stays, fc.array(mixed, { minLength: 2, maxLength: 25 }), expectAsAlone), {
    numRuns: 100,
  });
}, 120_000);
