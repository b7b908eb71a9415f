/** What becomes of a job on which failure. */
import { KINDS } from '../../src/domain/kinds.js';
import { LostLease } from '../../src/queue/handler.js';
import { aConnection, aFailure, aMapping, aPlatformFailure, aShop, SHOP, WAREHOUSE } from '../build.js';
import { aFloor, done, FAST, held, inTurn, readsItsOrder, readsTheStore, throwing } from './floor.js';

const [first, second, third] = KINDS['order.push'].delaysMs;
const minutes = (count: number) => count * 60_000;

test('a job whose remote is unavailable is tried again after each of the delays of its kind, then needs attention', async () => {
  const times: number[] = [];
  const floor = await aFloor({
    handlers: {
      'order.push': async () => {
        times.push(floor.world.now());
        return { outcome: 'failed', failure: aFailure() };
      },
    },
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({
    state: 'retrying',
    attempts: 1,
    lastFailure: { kind: 'unavailable', status: 503 },
  });
  await floor.world.until(async () => (await floor.job(id)).state === 'dead');
  expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual([first, second, third]);
  const job = await floor.job(id);
  expect(job).toMatchObject({ attempts: 4 });
  expect(job.sentence).toBe(`The warehouse answered 503. ${job.lastFailure?.cure}`);
  await floor.close();
});

test.each([
  ['the shortest delay', 0, 0.8],
  ['the longest delay', 0.999999, 1.2],
])('chance spreads the delays: %s', async (_name, luck, share) => {
  const floor = await aFloor({ handlers: { 'order.push': throwing(aPlatformFailure()) } });
  floor.world.luck = luck;
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  const { runAt } = await floor.job(id);
  expect((runAt - floor.world.now()) / first).toBeCloseTo(share, 3);
  await floor.close();
});

test('too many requests costs no attempt, and nobody calls that connection before the remote allows it', async () => {
  const times: number[] = [];
  const floor = await aFloor({
    handlers: { 'order.push': readsItsOrder },
    warehouse: {
      readOrder: async () => {
        times.push(floor.world.now());
        if (times.length === 1) throw aPlatformFailure({ kind: 'rate_limited', status: 429, retryAfterSeconds: 90 });
        return {} as never;
      },
    },
  });
  const began = floor.world.now();
  const id = await floor.add({ subject: 'order:1' });
  await floor.worker.start();
  await floor.world.quiet();
  const other = await floor.add({ subject: 'order:2' });
  await floor.world.advance(89_000);
  expect(await floor.job(id)).toMatchObject({ state: 'queued', attempts: 0 });
  expect(times).toHaveLength(1);
  await floor.world.until(async () => (await floor.store.countByState({})).done === 2);
  expect((times[1] ?? 0) - began).toBeGreaterThanOrEqual(90_000);
  expect((await floor.job(other)).attempts).toBe(1);
  await floor.close();
});

test('a refused password pauses the connection, is said once, and every job goes back untouched', async () => {
  const floor = await aFloor({
    handlers: { 'order.push': readsItsOrder },
    warehouse: {
      readOrder: async () =>
        Promise.reject(
          aPlatformFailure({ kind: 'unauthorized', status: 401, summary: 'The warehouse refused the password.' }),
        ),
    },
  });
  for (const subject of ['order:1', 'order:2', 'order:3', 'order:4', 'order:5'] as const) await floor.add({ subject });
  await floor.worker.start();
  await floor.world.advance(minutes(30));
  const { rows } = await floor.store.jobs({}, { limit: 10, offset: 0, sort: 'oldest' });
  expect(rows.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(Array(5).fill('queued 0'));
  const connection = await floor.connection(WAREHOUSE);
  expect(connection).toMatchObject({ state: 'paused', pausedBy: 'unauthorized' });
  expect(connection.pauseReason).toContain('Warehouse North is paused: The warehouse refused the password.');
  const said = await floor.store.activity({ subject: `connection:${WAREHOUSE}` }, 100);
  expect(said.map(({ what }) => what)).toEqual(['Paused the connection.']);
  expect(floor.began.length).toBeLessThan(9);
  await floor.close();
});

test.each(['rejected', 'invalid'] as const)('what the remote calls %s needs attention at once', async (kind) => {
  const floor = await aFloor({
    handlers: {
      'order.push': throwing(
        aPlatformFailure({ kind, status: 400, summary: 'The warehouse answered 400: unknown country.' }),
      ),
    },
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'dead', attempts: 1, lastFailure: { kind } });
  await floor.close();
});

test.each(['conflict', 'not_found'] as const)('%s gets one more try, then needs attention', async (kind) => {
  const floor = await aFloor({ handlers: { 'order.push': throwing(aPlatformFailure({ kind, status: 409 })) } });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.until(async () => (await floor.job(id)).state === 'dead');
  expect(floor.began).toHaveLength(2);
  await floor.close();
});

test('a lost answer counts as an attempt and is tried again', async () => {
  const floor = await aFloor({
    handlers: { 'order.push': inTurn(throwing(aPlatformFailure({ kind: 'unknown_outcome', status: null })), done) },
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'retrying', attempts: 1 });
  await floor.world.until(async () => (await floor.job(id)).state === 'done');
  expect((await floor.job(id)).lastFailure).toBeNull();
  await floor.close();
});

test('a job that misses a mapping waits for it', async () => {
  const fact = `article-mapped:${WAREHOUSE}:10:0`;
  const floor = await aFloor({
    handlers: { 'order.push': inTurn(throwing(aPlatformFailure({ kind: 'mapping_missing', code: fact })), done) },
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'blocked', blockedOn: fact, attempts: 0 });
  await floor.write({ write: 'putFact', fact, orgId: 'org', source: 'Anna' });
  await floor.world.quiet();
  expect((await floor.job(id)).state).toBe('done');
  await floor.close();
});

test('a handler that throws is logged as a bug each time, ends dead, and its words are redacted', async () => {
  const floor = await aFloor({ handlers: { 'order.push': throwing(new Error('cannot read ada@example.com')) } });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.until(async () => (await floor.job(id)).state === 'dead');
  expect(floor.world.events('job.bug')).toHaveLength(4);
  expect(JSON.stringify([floor.world.lines, await floor.job(id), await floor.store.attempts(id)])).not.toContain(
    'ada@',
  );
  await floor.close();
});

test.each([
  ['obeys the signal', true],
  ['is deaf', false],
])('a handler that never ends and %s loses its lease, ends dead, and the others go on', async (_name, obeys) => {
  const floor = await aFloor({
    handlers: {
      'order.push': ({ call }) =>
        new Promise((_, reject) => {
          if (obeys) call.signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
      'order.status': done,
    },
  });
  const poison = await floor.add({ subject: 'order:1' });
  await floor.worker.start();
  await floor.world.advance(54_000);
  expect((await floor.job(poison)).state).toBe('running');
  await floor.world.advance(4_000);
  expect(await floor.job(poison)).toMatchObject({ state: 'retrying', attempts: 1, fence: 1 });
  const other = await floor.add({ kind: 'order.status', subject: 'order:2' });
  await floor.world.until(async () => (await floor.job(poison)).state === 'dead');
  expect(await floor.job(other)).toMatchObject({ state: 'done' });
  expect(await floor.job(poison)).toMatchObject({ attempts: 4, lastFailure: { kind: 'unexpected' } });
  await floor.close();
});

test('a run that makes progress keeps its lease, one that goes round in circles does not', async () => {
  const floor = await aFloor({
    handlers: {
      'order.push': async (context) => {
        for (;;) {
          await floor.world.wait(20_000, context.call.signal);
          await context.warehouse(context.connection).readOrder('1', context.call);
        }
      },
    },
    warehouse: { readOrder: async () => ({}) as never },
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.advance(minutes(9));
  expect(await floor.job(id)).toMatchObject({ state: 'running', fence: 1 });
  await floor.world.advance(minutes(1));
  expect(await floor.job(id)).toMatchObject({ attempts: 1, state: 'retrying' });
  await floor.close();
});

test('a late finisher cannot overwrite a newer claim, running or ended', async () => {
  const late = held({ outcome: 'done', sentence: 'Late.', writes: [{ write: 'putMapping', mapping: aMapping() }] });
  const later = held({
    outcome: 'done',
    sentence: 'Later still.',
    writes: [{ write: 'putMapping', mapping: aMapping() }],
  });
  const newest = held({ outcome: 'done', sentence: 'In time.' });
  const floor = await aFloor({ handlers: { 'order.push': inTurn(late.handler, later.handler, newest.handler) } });
  const id = await floor.add();
  await floor.worker.start();
  for (let lapse = 0; lapse < 2; lapse += 1) {
    await floor.world.quiet();
    await floor.store.takeBackLapsed(floor.world.now() + minutes(2));
    floor.worker.nudge();
  }
  await floor.world.quiet();
  late.letGo();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'running', fence: 3 });
  newest.letGo();
  await floor.world.quiet();
  later.letGo();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'done', fence: 3, sentence: 'In time.', attempts: 1 });
  expect(await floor.store.mapping(WAREHOUSE, 'order', '4711')).toBeNull();
  expect(floor.world.events('job.lost')).toHaveLength(2);
  await floor.close();
});

test('nothing is sent any more once the fence is gone or the lease is about to end', async () => {
  const slow = held();
  const floor = await aFloor({ handlers: { 'order.push': slow.handler } });
  await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  const { call } = slow.context();
  expect(await call.mayStillSend()).toBe(true);
  await floor.store.takeBackLapsed(floor.world.now() + minutes(2));
  expect(await call.mayStillSend()).toBe(false);
  slow.letGo();
  await floor.close();
});

test('a checkpoint under a lost fence stops the handler, and nothing is recorded', async () => {
  const slow = held();
  const floor = await aFloor({
    handlers: {
      'order.push': async (context) => {
        await slow.handler(context);
        await context.checkpoint([{ write: 'putMapping', mapping: aMapping({ state: 'intended', remoteId: null }) }]);
        throw new Error('The handler went on without its lease.');
      },
    },
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  await floor.operator.pause(WAREHOUSE, floor.by());
  await floor.store.takeBackLapsed(floor.world.now() + minutes(2));
  slow.letGo();
  await floor.world.quiet();
  expect(await floor.store.mapping(WAREHOUSE, 'order', '4711')).toBeNull();
  expect(floor.world.events('job.bug')).toHaveLength(0);
  expect((await floor.job(id)).state).toBe('queued');
  await floor.close();
});

test('a handler that says itself that its lease is lost leaves no trace', async () => {
  const floor = await aFloor({ handlers: { 'order.push': throwing(new LostLease(1)) } });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.store.attempts(id)).toEqual([]);
  expect(floor.world.events('job.lost')).toHaveLength(1);
  await floor.close();
});

test('a record that contradicts another ends as a conflict, not in a circle', async () => {
  const writes = [{ write: 'putMapping' as const, mapping: aMapping({ localId: '4711' }) }];
  const floor = await aFloor({
    handlers: { 'order.push': async () => ({ outcome: 'done', sentence: 'Sent.', writes }) },
  });
  await floor.write({ write: 'putMapping', mapping: aMapping({ localId: '1' }) });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.until(async () => (await floor.job(id)).state === 'dead');
  expect(await floor.job(id)).toMatchObject({ attempts: 2, lastFailure: { kind: 'conflict', code: 'uniqueMapping' } });
  await floor.close();
});

test('a job that needs the store while the store is paused or down goes back at no cost', async () => {
  const breaker = { state: 'open' as const, failures: 5, probeAt: Date.UTC(2026, 2, 2, 8, 1), step: 0, openedAt: 0 };
  const connections = [aShop({ breaker }), aConnection({ settings: FAST })];
  const floor = await aFloor({
    handlers: { 'order.status': readsTheStore, 'outbox.pull': readsTheStore },
    connections,
    shop: { readOrder: async () => null },
  });
  const id = await floor.add({ kind: 'order.status' });
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'queued', attempts: 0 });
  expect((await floor.job(id)).sentence).toBe(
    'Waits: Oak & Son does not answer at the moment. It goes on when it answers again.',
  );
  await floor.add({ kind: 'outbox.pull', connectionId: SHOP, subject: `store:${SHOP}` });
  await floor.world.until(async () => (await floor.job(id)).state === 'done', minutes(5));
  expect((await floor.connection(SHOP)).breaker.state).toBe('closed');
  await floor.close();
});

test('a failure counts against the connection that failed, not against the one the job is for', async () => {
  const floor = await aFloor({
    handlers: { 'order.status': readsTheStore },
    shop: {
      readOrder: async () =>
        Promise.reject(aPlatformFailure({ kind: 'unauthorized', status: 401, summary: 'The store refused the key.' })),
    },
  });
  const id = await floor.add({ kind: 'order.status' });
  await floor.worker.start();
  await floor.world.advance(minutes(5));
  expect(await floor.job(id)).toMatchObject({ state: 'queued', attempts: 0 });
  expect((await floor.connection(SHOP)).state).toBe('paused');
  expect((await floor.connection(WAREHOUSE)).state).toBe('active');
  expect(floor.began.length).toBeLessThanOrEqual(6);
  await floor.close();
});

test('the connection shows its last answer and its last failure', async () => {
  const floor = await aFloor({
    handlers: { 'order.push': readsItsOrder },
    warehouse: {
      readOrder: inAlternation(
        async () => Promise.reject(aPlatformFailure()),
        async () => ({}) as never,
      ),
    },
  });
  await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.connection(WAREHOUSE)).toMatchObject({
    lastFailure: { summary: 'The warehouse answered 503.' },
    lastSuccessAt: null,
  });
  await floor.world.advance(minutes(1));
  expect((await floor.connection(WAREHOUSE)).lastSuccessAt).not.toBeNull();
  expect((await floor.connection(WAREHOUSE)).breaker.failures).toBe(0);
  await floor.close();
});

test('a job that brings the process down is given its delays instead of running again at once for ever', async () => {
  const floor = await aFloor({ handlers: { 'order.push': () => new Promise(() => undefined) } });
  const id = await floor.add();
  for (let crash = 0; crash < 3; crash += 1) {
    await floor.store.claim({
      now: floor.world.now(),
      owner: 'x',
      perConnection: new Map([[WAREHOUSE, 1]]),
      leaseMs: minutes(1),
      order: 'priority',
    });
    await floor.store.takeBackAll(floor.world.now());
  }
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'retrying', attempts: 1, lastFailure: { kind: 'unexpected' } });
  await floor.close();
});

function inAlternation<T>(...calls: (() => Promise<T>)[]): () => Promise<T> {
  let turn = 0;
  return () => {
    const call = calls[turn % calls.length];
    turn += 1;
    if (call === undefined) throw new Error('No call given.');
    return call();
  };
}
