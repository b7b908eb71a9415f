import { Governor } from '../../src/queue/governor.js';
import { limitsOf } from '../../src/queue/limits.js';
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
  governor.closeUntil(WAREHOUSE, world.now() + 15_000);
  expect(governor.available(WAREHOUSE, 'order')).toBe(0);
  const began = world.now();
  const call = governor.acquire(WAREHOUSE, 'order', never);
  await world.advance(15_000);
  await call;
  expect(world.now() - began).toBe(15_000);
});

test('a job that would wait too long gives its place up, at no cost', async () => {
  const { world, governor } = aGovernor();
  governor.closeUntil(WAREHOUSE, world.now() + 120_000);
  await expect(governor.acquire(WAREHOUSE, 'order', never)).rejects.toMatchObject({
    kind: 'rate_limited',
    retryAfterSeconds: 120,
  });
});

test('a job that is told to end does not wait for its turn', async () => {
  const { world, governor } = aGovernor();
  governor.closeUntil(WAREHOUSE, world.now() + 10_000);
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
