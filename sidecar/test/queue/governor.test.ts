import { Governor } from '../../src/queue/governor.js';
import { limitsOf } from '../../src/queue/limits.js';
import { memoryStore } from '../../src/stores/memory.js';
import { aConnection, aShop, WAREHOUSE } from '../build.js';
import { FakeWorld } from '../fake-world.js';

const never = new AbortController().signal;

function aGovernor(ratePerMinute = 60) {
  const world = new FakeWorld();
  const governor = new Governor(world);
  governor.adopt(aConnection({ settings: { ratePerMinute } }));
  return { world, governor };
}

test("half a minute's calls go at once, then they flow evenly", async () => {
  const { world, governor } = aGovernor();
  const times: number[] = [];
  const began = world.now();
  const calls = Array.from({ length: 35 }, async () => {
    await governor.acquire(WAREHOUSE, 'order', never);
    times.push((world.now() - began) / 1000);
  });
  await world.advance(10_000);
  await Promise.all(calls);
  expect(times.filter((at) => at === 0)).toHaveLength(30);
  expect(times.slice(30)).toEqual([1, 2, 3, 4, 5]);
});

test('bulk work leaves the last fifth of the tokens to orders', () => {
  const { governor } = aGovernor();
  expect(governor.available(WAREHOUSE, 'order')).toBe(30);
  expect(governor.available(WAREHOUSE, 'bulk')).toBe(24);
});

test('after "too many requests" the bucket is shut until then, for everybody', async () => {
  const { world, governor } = aGovernor();
  void governor.closeUntil(WAREHOUSE, world.now() + 15_000);
  expect(governor.available(WAREHOUSE, 'order')).toBe(0);
  const began = world.now();
  const call = governor.acquire(WAREHOUSE, 'order', never);
  await world.advance(15_000);
  await call;
  expect(world.now() - began).toBe(15_000);
});

test('a job that would wait too long gives its place up, at no cost', async () => {
  const { world, governor } = aGovernor();
  void governor.closeUntil(WAREHOUSE, world.now() + 120_000);
  await expect(governor.acquire(WAREHOUSE, 'order', never)).rejects.toMatchObject({
    kind: 'rate_limited',
    retryAfterSeconds: 120,
  });
});

test('a job that is told to end does not wait for its turn', async () => {
  const { world, governor } = aGovernor();
  void governor.closeUntil(WAREHOUSE, world.now() + 10_000);
  const told = new AbortController();
  const call = governor.acquire(WAREHOUSE, 'order', told.signal);
  told.abort();
  await expect(call).rejects.toMatchObject({ kind: 'rate_limited' });
});

test('a changed limit counts from the next call', () => {
  const { governor } = aGovernor(60);
  governor.adopt(aConnection({ settings: { ratePerMinute: 10 } }));
  expect(governor.available(WAREHOUSE, 'order')).toBe(5);
});

test.each([
  [{}, { ratePerMinute: 60, concurrency: 6 }],
  [
    { ratePerMinute: '120', concurrency: 2 },
    { ratePerMinute: 120, concurrency: 2 },
  ],
  [
    { ratePerMinute: 0, concurrency: -1 },
    { ratePerMinute: 60, concurrency: 6 },
  ],
])('settings %j mean %j', (settings, limits) => {
  expect(limitsOf(aConnection({ settings }))).toEqual(limits);
});

test('a shop has a limit of its own', () => {
  expect(limitsOf(aShop()).ratePerMinute).toBe(600);
});

test('"too many requests" halves the rate, orders keep their part, and quiet time brings it back', async () => {
  const { world, governor } = aGovernor(60);
  await governor.refused(WAREHOUSE, world.now() + 5_000);
  expect(governor.rate(WAREHOUSE)).toMatchObject({ perMinute: 30, limit: 60 });
  await world.advance(65_000);
  governor.adopt(aConnection({ settings: { ratePerMinute: 60 } }));
  const { perMinute } = governor.rate(WAREHOUSE);
  expect(perMinute).toBe(33);
  expect(governor.available(WAREHOUSE, 'bulk')).toBeLessThan(governor.available(WAREHOUSE, 'order'));
  await world.advance(10 * 60_000);
  governor.adopt(aConnection({ settings: { ratePerMinute: 60 } }));
  expect(governor.rate(WAREHOUSE)).toMatchObject({ perMinute: 60, limit: 60 });
  expect(world.lines.map(({ event }) => event)).toEqual(['rate.slowed', 'rate.recovered']);
});

test('where the remote counts for us, the rate follows its count before anything is refused', async () => {
  const { world, governor } = aGovernor(600);
  await governor.hear(WAREHOUSE, { limit: 100, remaining: 10, resetInMs: 20_000 });
  expect(governor.rate(WAREHOUSE).perMinute).toBe(60);
  await governor.hear(WAREHOUSE, { limit: 100, remaining: 0, resetInMs: 15_000 });
  expect(governor.available(WAREHOUSE, 'order')).toBe(0);
  await world.advance(15_000);
  expect(governor.available(WAREHOUSE, 'order')).toBe(1);
  await world.advance(5_000);
  expect(governor.rate(WAREHOUSE).perMinute).toBe(600);
});

test('a lesson outlives a restart', async () => {
  const world = new FakeWorld();
  const store = memoryStore();
  const make = () => {
    const governor = new Governor(world, store);
    governor.adopt(aConnection({ settings: { ratePerMinute: 60 } }));
    return governor;
  };
  await make().refused(WAREHOUSE, world.now() + 1_000);
  const again = make();
  await again.recall();
  expect(again.rate(WAREHOUSE).perMinute).toBe(30);
});

test('a lesson that cannot be kept does not turn an answer into a failure', async () => {
  const world = new FakeWorld();
  const broken = { ...memoryStore(), meta: () => Promise.reject(new Error('disk full')) };
  const governor = new Governor(world, broken);
  governor.adopt(aConnection({ settings: { ratePerMinute: 60 } }));
  await governor.hear(WAREHOUSE, { limit: 100, remaining: 1, resetInMs: 60_000 });
  expect(world.events('rate.trouble').length).toBeGreaterThan(0);
  expect(governor.rate(WAREHOUSE).perMinute).toBe(6);
});

test('how much of the rate is used is counted over the last minute', async () => {
  const { world, governor } = aGovernor(60);
  for (let call = 0; call < 15; call += 1) await governor.acquire(WAREHOUSE, 'order', never);
  expect(governor.rate(WAREHOUSE).usedShare).toBe(0.25);
  await world.advance(70_000);
  expect(governor.rate(WAREHOUSE).usedShare).toBe(0);
});
