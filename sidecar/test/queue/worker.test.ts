import { orderKnown } from '../../src/domain/fact.js';
import type { Handler } from '../../src/queue/handler.js';
import { ORPHANED_CALLS_MS } from '../../src/queue/worker.js';
import { aConnection, aFailure, aPlatformFailure, aShop, WAREHOUSE } from '../build.js';
import { aFloor, always, done, FAST, held, inTurn, readsItsOrder, throwing } from './floor.js';

const orders = (count: number, first = 1) =>
  Array.from({ length: count }, (_, index) => `order:${first + index}` as const);
const seconds = (count: number) => count * 1000;
const minutes = (count: number) => count * 60_000;

test('an order that is queued while the worker rests starts at once', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  await floor.worker.start();
  await floor.world.quiet();
  const before = floor.world.now();
  const id = await floor.add();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'done', attempts: 1, sentence: 'Done.' });
  expect(floor.world.now()).toBe(before);
  expect(await floor.sentencesOf(id)).toEqual(['done: Done.']);
  await floor.close();
});

test('the connections a claim was made with are those its jobs run with: nobody asks for them again', async () => {
  const seen: string[] = [];
  const looks: Handler = async ({ connection, storeConnection }) => {
    seen.push(`${connection.platform} of ${storeConnection.platform}`);
    return { outcome: 'done', sentence: 'Done.' };
  };
  const floor = await aFloor({ handlers: { 'order.push': looks } });
  floor.store.connection = () => Promise.reject(new Error('Asked for one by one.'));
  for (const subject of orders(3)) await floor.add({ subject });
  await floor.worker.start();
  await floor.world.quiet();
  expect(seen).toEqual(Array(3).fill('wms of woocommerce'));
  await floor.close();
});

test('a job that is due later waits for its time and no longer', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  await floor.worker.start();
  const id = await floor.add({ runAt: floor.world.now() + seconds(42) });
  await floor.world.advance(seconds(41));
  expect((await floor.job(id)).state).toBe('queued');
  await floor.world.advance(seconds(1));
  expect((await floor.job(id)).state).toBe('done');
  await floor.close();
});

test('20 orders that wait for a fact do not stop a parcel', async () => {
  const handlers = {
    'order.status': always({ outcome: 'wait' as const, fact: 'never', sentence: 'Waits for its order.' }),
    'shipment.apply': done,
  };
  const floor = await aFloor({ handlers });
  for (const subject of orders(20)) await floor.add({ kind: 'order.status', priority: 2, subject });
  const parcel = await floor.add({ kind: 'shipment.apply', priority: 15, subject: 'order:99' });
  await floor.worker.start();
  await floor.world.quiet();
  expect((await floor.job(parcel)).state).toBe('done');
  expect(await floor.store.countByState({})).toMatchObject({ blocked: 20, done: 1 });
  await floor.close();
});

test('a job that waits goes on by itself as soon as its fact is there', async () => {
  const fact = orderKnown(WAREHOUSE, 4711);
  const waits = always({ outcome: 'wait' as const, fact, sentence: 'Waits for its order.' });
  const floor = await aFloor({ handlers: { 'order.status': inTurn(waits, done) } });
  await floor.worker.start();
  const id = await floor.add({ kind: 'order.status' });
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({
    state: 'blocked',
    attempts: 0,
    blockedOn: fact,
    sentence: 'Waits for its order.',
  });
  await floor.write({ write: 'putFact', fact, orgId: 'org', source: 'test' });
  await floor.world.quiet();
  expect((await floor.job(id)).state).toBe('done');
  await floor.close();
});

test('a job that waits for a fact which is there already does not run for ever', async () => {
  const handlers = { 'order.status': always({ outcome: 'wait' as const, fact: 'there', sentence: 'Waits.' }) };
  const floor = await aFloor({ handlers });
  await floor.write({ write: 'putFact', fact: 'there', orgId: 'org', source: 'test' });
  const id = await floor.add({ kind: 'order.status' });
  await floor.worker.start();
  await floor.world.until(async () => (await floor.job(id)).state === 'dead');
  expect((await floor.job(id)).lastFailure).toMatchObject({ kind: 'unexpected' });
  expect(floor.began.length).toBeLessThan(12);
  await floor.close();
});

test('two workers never run one job twice', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  for (const subject of orders(100)) await floor.add({ subject });
  const other = floor.anotherWorker();
  await Promise.all([floor.worker.start(), other.start()]);
  await floor.world.until(async () => (await floor.store.countByState({})).done === 100);
  expect(floor.began).toHaveLength(100);
  expect(new Set(floor.began).size).toBe(100);
  await Promise.all([floor.close(), other.stop()]);
});

test('jobs on one order run one after another, oldest first', async () => {
  const first = held();
  const floor = await aFloor({ handlers: { 'order.push': first.handler, 'order.status': done } });
  await floor.worker.start();
  await floor.add({ kind: 'order.push', priority: 1 });
  await floor.add({ kind: 'order.status', priority: 2 });
  await floor.world.quiet();
  expect(floor.began).toEqual(['order.push order:4711']);
  first.letGo();
  await floor.world.quiet();
  expect(floor.began).toEqual(['order.push order:4711', 'order.status order:4711']);
  await floor.close();
});

test("a paused connection's jobs wait and lose no attempt", async () => {
  const floor = await aFloor({
    handlers: { 'order.push': done },
    connections: [aShop(), aConnection({ state: 'paused' })],
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.advance(minutes(60));
  expect(await floor.job(id)).toMatchObject({ state: 'queued', attempts: 0, fence: 0 });
  await floor.operator.resume(WAREHOUSE, floor.by());
  await floor.world.quiet();
  expect((await floor.job(id)).state).toBe('done');
  await floor.close();
});

test('while a connection is down its jobs wait, only probes go out, and no job loses an attempt to the outage', async () => {
  let down = true;
  const calls: number[] = [];
  const floor = await aFloor({
    handlers: { 'order.push': readsItsOrder },
    warehouse: {
      readOrder: async () => {
        calls.push(floor.world.now());
        if (down) throw aPlatformFailure();
        return {} as never;
      },
    },
  });
  const ids = await Promise.all(orders(20).map((subject) => floor.add({ subject })));
  await floor.worker.start();
  await floor.world.until(async () => (await floor.connection(WAREHOUSE)).breaker.state === 'open');
  await floor.world.quiet();
  const openedAt = floor.world.now();
  const triedBefore = calls.length;
  await floor.world.advance(seconds(30) + minutes(2) + minutes(5) + minutes(15) + seconds(1));
  expect(calls.slice(triedBefore).map((at) => (at - openedAt) / 1000)).toEqual([30, 150, 450, 1350]);
  const attempts = await Promise.all(ids.map(async (id) => (await floor.job(id)).attempts));
  expect(Math.max(...attempts)).toBeLessThanOrEqual(1);
  down = false;
  await floor.world.until(async () => (await floor.store.countByState({})).done === 20);
  expect((await floor.connection(WAREHOUSE)).breaker.state).toBe('closed');
  await floor.close();
});

test('an outage in which creates are broken off half-way costs no order its attempts', async () => {
  let down = true;
  const floor = await aFloor({
    handlers: { 'order.push': readsItsOrder },
    warehouse: {
      readOrder: async () => {
        if (down) throw aPlatformFailure({ kind: 'unknown_outcome', status: null });
        return {} as never;
      },
    },
  });
  const ids = await Promise.all(orders(20).map((subject) => floor.add({ subject })));
  await floor.worker.start();
  await floor.world.until(async () => (await floor.connection(WAREHOUSE)).breaker.state === 'open');
  await floor.world.advance(minutes(120));
  expect(await floor.store.countByState({})).toMatchObject({ dead: 0, done: 0 });
  down = false;
  await floor.world.until(async () => (await floor.store.countByState({})).done === 20);
  for (const id of ids) expect((await floor.job(id)).attempts).toBeLessThanOrEqual(2);
  await floor.close();
});

test('jobs that were claimed just before the connection went down are not taken for probes', async () => {
  const floor = await aFloor({ handlers: { 'order.push': always({ outcome: 'failed', failure: aFailure() }) } });
  for (const subject of orders(20)) await floor.add({ subject });
  await floor.worker.start();
  await floor.world.quiet();
  const { breaker } = await floor.connection(WAREHOUSE);
  expect(breaker).toMatchObject({ state: 'open', step: 0, probeAt: floor.world.now() + seconds(30) });
  await floor.close();
});

test('a probe that was lost with its process does not keep the connection shut', async () => {
  const breaker = { state: 'probing' as const, failures: 5, probeAt: Date.UTC(2026, 2, 2, 8, 2), step: 0, openedAt: 0 };
  const floor = await aFloor({
    handlers: { 'order.push': done },
    connections: [aShop(), aConnection({ breaker, settings: FAST })],
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.advance(minutes(1));
  expect((await floor.job(id)).state).toBe('queued');
  await floor.world.until(async () => (await floor.job(id)).state === 'done', minutes(5));
  await floor.close();
});

test('one connection that is down or busy does not delay another', async () => {
  const stuck = held();
  const connections = [
    aShop(),
    aConnection({ settings: FAST }),
    aConnection({ id: 'south', name: 'Warehouse South', settings: FAST }),
  ];
  const handlers = { 'order.push': stuck.handler, 'order.status': done };
  const floor = await aFloor({ handlers, connections });
  for (const subject of orders(50)) await floor.add({ subject });
  await floor.worker.start();
  await floor.world.quiet();
  const other = await floor.add({ kind: 'order.status', connectionId: 'south', subject: 'order:99' });
  await floor.world.quiet();
  expect((await floor.job(other)).state).toBe('done');
  stuck.letGo();
  await floor.world.until(async () => (await floor.store.countByState({})).done === 51);
  await floor.close();
});

test('more run side by side while there is a backlog, never more than the connection allows', async () => {
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const handlers = {
    'order.push': async () => {
      most = Math.max(most, (running += 1));
      await new Promise<void>((resolve) => gates.push(resolve));
      running -= 1;
      return { outcome: 'done' as const, sentence: 'Sent.' };
    },
  };
  const floor = await aFloor({
    handlers,
    connections: [aShop(), aConnection({ settings: { ...FAST, concurrency: 5 } })],
  });
  for (const subject of orders(30)) await floor.add({ subject });
  await floor.worker.start();
  await floor.world.quiet();
  while (gates.length > 0) {
    gates.shift()?.();
    await floor.world.quiet();
  }
  expect(most).toBe(5);
  expect((await floor.store.countByState({})).done).toBe(30);
  await floor.close();
});

test('an order goes at once although bulk work has used up its tokens and its places', async () => {
  const handlers: Record<string, Handler> = {
    'order.push': readsItsOrder,
    'shipment.apply': async (context) => {
      for (let page = 0; page < 100; page += 1) await readsItsOrder(context);
      return { outcome: 'done', sentence: 'Read.' };
    },
  };
  const connections = [aShop(), aConnection({ settings: { ratePerMinute: 60, concurrency: 2 } })];
  const floor = await aFloor({ handlers, connections, warehouse: { readOrder: async () => ({}) as never } });
  for (const subject of orders(20, 1000)) await floor.add({ kind: 'shipment.apply', priority: 15, subject });
  await floor.worker.start();
  await floor.world.advance(seconds(3));
  expect(floor.worker.status.running).toBe(2);
  const began = floor.world.now();
  const id = await floor.add({ subject: 'order:1' });
  await floor.world.until(async () => (await floor.job(id)).state === 'done', minutes(10));
  expect(floor.world.now()).toBe(began);
  await floor.close();
});

test('a store in trouble makes the worker wait and say so, and it goes on afterwards', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  const { promoteDue } = floor.store;
  let full = true;
  floor.store.promoteDue = async (...given) => {
    if (full) throw new Error('disk full');
    return promoteDue(...given);
  };
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.advance(seconds(10));
  expect(floor.world.events('worker.trouble').length).toBeGreaterThan(3);
  full = false;
  await floor.world.advance(seconds(2));
  expect((await floor.job(id)).state).toBe('done');
  await floor.close();
});

test('a graceful stop lets a running job end', async () => {
  const slow = held();
  const floor = await aFloor({ handlers: { 'order.push': slow.handler } });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  const stopped = floor.worker.stop();
  await floor.world.advance(seconds(1));
  slow.letGo();
  await stopped;
  expect(await floor.job(id)).toMatchObject({ state: 'done' });
});

test('a graceful stop gives back what does not end, at no cost, and starts nothing more', async () => {
  const floor = await aFloor({
    handlers: {
      'order.push': ({ call }) =>
        new Promise((_, reject) =>
          call.signal.addEventListener('abort', () => reject(aPlatformFailure({ kind: 'unknown_outcome' }))),
        ),
      'order.status': () => new Promise(() => undefined),
    },
  });
  const obedient = await floor.add({ subject: 'order:1' });
  const deaf = await floor.add({ kind: 'order.status', subject: 'order:2' });
  await floor.worker.start();
  await floor.world.quiet();
  const stopped = floor.worker.stop();
  const later = await floor.add({ subject: 'order:3' });
  await floor.world.advance(seconds(10));
  await stopped;
  for (const id of [obedient, deaf]) {
    expect(await floor.job(id)).toMatchObject({ state: 'queued', attempts: 0, leaseUntil: null });
  }
  expect(await floor.job(later)).toMatchObject({ state: 'queued', fence: 0 });
});

test('on its start a single owner takes back what a crash left running, once its last calls have landed', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  const id = await floor.add();
  const perConnection = new Map([[WAREHOUSE, 1]]);
  await floor.store.claim({
    now: floor.world.now(),
    owner: 'dead process',
    perConnection,
    leaseMs: minutes(1),
    order: 'priority',
  });
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'queued', fence: 1 });
  await floor.world.advance(ORPHANED_CALLS_MS);
  expect(await floor.job(id)).toMatchObject({ state: 'done', fence: 2 });
  await floor.close();
});

test('a lapsed lease is back in the queue within 5 s of its end', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  const id = await floor.add();
  await floor.store.claim({
    now: floor.world.now(),
    owner: 'dead process',
    perConnection: new Map([[WAREHOUSE, 1]]),
    leaseMs: minutes(1),
    order: 'priority',
  });
  const survivor = floor.anotherWorker();
  await survivor.start();
  await floor.world.advance(minutes(1) + seconds(5));
  expect(await floor.job(id)).toMatchObject({ state: 'done' });
  expect(await floor.sentencesOf(id)).toHaveLength(2);
  await survivor.stop();
});

test('every fifth claim takes the most overdue, so that low priorities do not starve', async () => {
  const gates: (() => void)[] = [];
  const handler = async () => {
    await new Promise<void>((resolve) => gates.push(resolve));
    return { outcome: 'done' as const, sentence: 'Sent.' };
  };
  const floor = await aFloor({
    handlers: { 'order.push': handler, 'shipment.apply': handler },
    connections: [aShop(), aConnection({ settings: { ...FAST, concurrency: 1 } })],
  });
  for (const subject of orders(30)) await floor.add({ subject });
  await floor.add({ kind: 'shipment.apply', priority: 15, subject: 'order:99', deadlineAt: floor.world.now() - 1 });
  await floor.worker.start();
  await floor.world.quiet();
  for (let round = 0; round < 8; round += 1) {
    gates.shift()?.();
    await floor.world.quiet();
  }
  expect(floor.began).toContain('shipment.apply order:99');
  while (gates.length > 0) {
    gates.shift()?.();
    await floor.world.quiet();
  }
  await floor.close();
});

test('an unknown kind from a newer version is kept for a person, not lost', async () => {
  const floor = await aFloor({ handlers: {} });
  const id = await floor.add({ kind: 'customer.push' });
  await floor.worker.start();
  await floor.world.until(async () => (await floor.job(id)).state === 'dead');
  expect((await floor.job(id)).lastFailure?.summary).toContain('does not know');
  await floor.close();
});

test('a bug in a handler does not stop the others', async () => {
  const floor = await aFloor({
    handlers: { 'order.push': throwing(new TypeError('x is undefined')), 'order.status': done },
  });
  await floor.add({ subject: 'order:1' });
  const other = await floor.add({ kind: 'order.status', subject: 'order:2' });
  await floor.worker.start();
  await floor.world.quiet();
  expect((await floor.job(other)).state).toBe('done');
  expect(floor.world.events('job.bug')).toHaveLength(1);
  await floor.close();
});
