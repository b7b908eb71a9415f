/** Two sidecars of two machines on one database. Here it is the memory store, which both use. */
import { FAILURES_TO_OPEN } from '../../src/domain/breaker.js';
import type { Handler } from '../../src/queue/handler.js';
import type { Worker } from '../../src/queue/worker.js';
import { aConnection, aPlatformFailure, aShop, WAREHOUSE } from '../build.js';
import { aFloor, done, FAST, readsItsOrder, type Floor, type Given } from './floor.js';

const orders = (count: number, first = 1) =>
  Array.from({ length: count }, (_, index) => `order:${first + index}` as const);
const seconds = (count: number) => count * 1000;

async function twoSidecars(given: Given): Promise<{ floor: Floor; other: Worker; startBoth(): Promise<void> }> {
  const floor = await aFloor({ ...given, ownership: 'shared' });
  const other = floor.anotherWorker();
  const startBoth = async () => {
    await Promise.all([floor.worker.start(), other.start()]);
    await floor.world.quiet();
  };
  return { floor, other, startBoth };
}

async function stopBoth(floor: Floor, other: Worker): Promise<void> {
  const stopped = other.stop();
  await floor.close();
  await stopped;
}

/** Handlers that wait until the test lets one go, and what was going on meanwhile. */
function gated(end: Handler = done) {
  const gates: (() => void)[] = [];
  const seen = { running: 0, most: 0 };
  const handler: Handler = async (context) => {
    seen.most = Math.max(seen.most, (seen.running += 1));
    await new Promise<void>((resolve) => gates.push(resolve));
    seen.running -= 1;
    return end(context);
  };
  return { handler, seen, letGo: () => gates.shift()?.(), waiting: () => gates.length };
}

test('a connection never runs more jobs than its limit, however many sidecars work on it', async () => {
  const { handler, seen, letGo, waiting } = gated();
  const connections = [aShop(), aConnection({ settings: { ...FAST, concurrency: 5 } })];
  const { floor, other, startBoth } = await twoSidecars({ handlers: { 'order.push': handler }, connections });
  for (const subject of orders(40)) await floor.add({ subject });
  await startBoth();
  while (waiting() > 0) {
    letGo();
    await floor.world.quiet();
    other.nudge();
    await floor.world.quiet();
  }
  await floor.world.until(async () => (await floor.store.countByState({})).done === 40);
  expect(seen.most).toBe(5);
  expect(new Set(floor.began).size).toBe(40);
  await stopBoth(floor, other);
});

test('calls without an answer count together, wherever they were made', async () => {
  const down: Handler = async () => {
    throw aPlatformFailure();
  };
  const { handler, letGo, waiting } = gated(down);
  const connections = [aShop(), aConnection({ settings: { ...FAST, concurrency: FAILURES_TO_OPEN } })];
  const { floor, other, startBoth } = await twoSidecars({ handlers: { 'order.push': handler }, connections });
  for (const subject of orders(FAILURES_TO_OPEN)) await floor.add({ subject });
  await startBoth();
  expect(floor.worker.status.running).toBeGreaterThan(0);
  expect(other.status.running).toBeGreaterThan(0);
  expect(waiting()).toBe(FAILURES_TO_OPEN);
  while (waiting() > 0) letGo();
  await floor.world.quiet();
  const { breaker } = await floor.connection(WAREHOUSE);
  expect(breaker).toMatchObject({ state: 'open', failures: FAILURES_TO_OPEN });
  await stopBoth(floor, other);
});

test('of two sidecars one goes to see whether the remote is back, and the job of the other loses nothing', async () => {
  const { handler, letGo } = gated(readsItsOrder);
  const warehouse = { readOrder: async () => ({}) as never };
  const breaker = { state: 'open' as const, failures: 5, probeAt: Date.UTC(2026, 2, 2, 8), step: 0, openedAt: 0 };
  const connections = [aShop(), aConnection({ breaker, settings: FAST })];
  const { floor, other, startBoth } = await twoSidecars({
    handlers: { 'order.push': handler },
    connections,
    warehouse,
  });
  const ids = [await floor.add({ subject: 'order:1' }), await floor.add({ subject: 'order:2' })];
  await startBoth();
  expect(floor.began).toHaveLength(1);
  const states = await Promise.all(ids.map(async (id) => (await floor.job(id)).state));
  expect(states.sort()).toEqual(['queued', 'running']);
  letGo();
  await floor.world.advance(seconds(2));
  letGo();
  await floor.world.until(async () => (await floor.store.countByState({})).done === 2);
  for (const id of ids) expect((await floor.job(id)).attempts).toBe(1);
  expect((await floor.connection(WAREHOUSE)).breaker.state).toBe('closed');
  await stopBoth(floor, other);
});

test('two sidecars have one rate limit between them', async () => {
  const at: number[] = [];
  const connections = [aShop(), aConnection({ settings: { ratePerMinute: 60, concurrency: 50 } })];
  const { floor, other, startBoth } = await twoSidecars({
    handlers: { 'order.push': readsItsOrder },
    connections,
    warehouse: {
      readOrder: async () => {
        at.push(floor.world.now());
        return {} as never;
      },
    },
  });
  for (const subject of orders(50)) await floor.add({ subject });
  const began = floor.world.now();
  await startBoth();
  await floor.world.advance(seconds(10));
  expect(at.filter((moment) => moment === began)).toHaveLength(30);
  expect(at.length).toBeLessThanOrEqual(40);
  await floor.world.until(async () => (await floor.store.countByState({})).done === 50);
  expect(floor.world.now() - began).toBeGreaterThanOrEqual(seconds(19));
  await stopBoth(floor, other);
});

test('what one sidecar was told about the rate slows the other down as well', async () => {
  let refuse = true;
  const connections = [aShop(), aConnection({ settings: { ratePerMinute: 120, concurrency: 4 } })];
  const { floor, other, startBoth } = await twoSidecars({
    handlers: { 'order.push': readsItsOrder },
    connections,
    warehouse: {
      readOrder: async () => {
        if (refuse) throw aPlatformFailure({ kind: 'rate_limited', status: 429, retryAfterSeconds: 5 });
        return {} as never;
      },
    },
  });
  await startBoth();
  await floor.add();
  await floor.world.quiet();
  refuse = false;
  expect(floor.world.events('rate.slowed')).toMatchObject([{ perMinute: 60, limit: 120, why: 'refused' }]);
  await floor.world.advance(seconds(4));
  const rates = [floor.deps.governor, floor.others[0]?.governor].map((one) => one?.rate(WAREHOUSE).perMinute);
  expect(rates).toEqual([60, 60]);
  await floor.world.advance(seconds(30 * 60));
  expect(floor.deps.governor.rate(WAREHOUSE).perMinute).toBe(120);
  expect(floor.world.events('rate.recovered').length).toBeGreaterThan(0);
  await stopBoth(floor, other);
});

test('a sidecar that stops cleanly gives its jobs back, and the other takes them at once', async () => {
  const deaf: Handler = async () => new Promise(() => undefined);
  const { floor, other } = await twoSidecars({ handlers: { 'order.push': deaf } });
  await floor.worker.start();
  const id = await floor.add();
  await floor.world.quiet();
  expect((await floor.job(id)).state).toBe('running');
  await other.start();
  await floor.close();
  await floor.world.advance(seconds(2));
  expect(await floor.job(id)).toMatchObject({ state: 'running', fence: 2, attempts: 0 });
  const stopped = other.stop();
  await floor.world.advance(seconds(20));
  await stopped;
});

test('what another sidecar made runnable starts within two seconds although its news was lost', async () => {
  const { floor, other } = await twoSidecars({ handlers: { 'order.push': done } });
  await other.start();
  await floor.world.advance(seconds(30));
  const id = await floor.add();
  await floor.world.advance(seconds(2));
  expect((await floor.job(id)).state).toBe('done');
  await other.stop();
});

test('news of another sidecar rings the bell', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done }, ownership: 'shared' });
  const listeners = new Set<() => void>();
  floor.store.onNews = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const other = floor.anotherWorker();
  await other.start();
  await floor.world.quiet();
  const before = floor.world.now();
  const id = await floor.add();
  for (const ring of listeners) ring();
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'done' });
  expect(floor.world.now()).toBe(before);
  await other.stop();
  expect(listeners.size).toBe(0);
});
