import { Leader } from '../../src/queue/leader.js';
import { Scheduler } from '../../src/queue/scheduler.js';
import { SCHEDULES } from '../../src/schedule.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { aConnection, aShop, SHOP } from '../build.js';
import { FakeWorld } from '../fake-world.js';
import { aFloor } from './floor.js';

const seconds = (count: number) => count * 1000;

/** Two on one store; each writes down when it came on duty and when it left. */
function twoWhoMayLead(world = new FakeWorld(), store: Store = memoryStore()) {
  const diary: string[] = [];
  const one = (owner: string, reached: Store = store) =>
    new Leader({ store: reached, world, owner }, 'schedules', () => [
      {
        name: 'duty',
        start: () => void diary.push(`${owner} on duty`),
        stop: async () => void diary.push(`${owner} off duty`),
      },
    ]);
  return { world, store, diary, one };
}

test('one leads and stays the leader', async () => {
  const { world, diary, one } = twoWhoMayLead();
  const [north, south] = [one('north'), one('south')];
  north.start();
  south.start();
  await world.advance(seconds(120));
  expect(diary).toEqual(['north on duty']);
  expect([north.leads, south.leads]).toEqual([true, false]);
  await Promise.all([north.stop(), south.stop()]);
});

test('after a clean stop the next leads at once, and only one of them', async () => {
  const { world, diary, one } = twoWhoMayLead();
  const [north, south, west] = [one('north'), one('south'), one('west')];
  for (const leader of [north, south, west]) leader.start();
  await world.advance(seconds(5));
  await north.stop();
  expect(north.leads).toBe(false);
  await world.advance(seconds(1));
  expect(diary).toEqual(['north on duty', 'north off duty', 'south on duty']);
  await Promise.all([south.stop(), west.stop()]);
});

test('a leader that was killed is followed by another within 15 s', async () => {
  const { world, store, one } = twoWhoMayLead();
  let alive = true;
  const hang = new Promise<never>(() => undefined);
  const killed = one('killed', { ...store, lead: (...given) => (alive ? store.lead(...given) : hang) });
  const next = one('next');
  killed.start();
  next.start();
  await world.advance(seconds(31));
  alive = false;
  const diedAt = world.now();
  await world.until(() => next.leads, seconds(60));
  // A schedule is looked at once a second.
  expect(world.now() - diedAt + seconds(1)).toBeLessThanOrEqual(seconds(15));
  await next.stop();
});

test('a leader that cannot reach the store stops leading before another may begin', async () => {
  const { world, store, diary, one } = twoWhoMayLead();
  let reachable = true;
  const cutOff = one('cut off', {
    ...store,
    lead: async (...given) => {
      if (!reachable) throw new Error('connection refused');
      return store.lead(...given);
    },
  });
  cutOff.start();
  await world.quiet();
  const next = one('next');
  next.start();
  await world.advance(seconds(10));
  reachable = false;
  let both = 0;
  for (let step = 0; step < 40; step += 1) {
    await world.advance(500);
    if (cutOff.leads && next.leads) both += 1;
  }
  expect(both).toBe(0);
  expect(diary).toEqual(['cut off on duty', 'cut off off duty', 'next on duty']);
  expect(world.events('leader.trouble').length).toBeGreaterThan(0);
  reachable = true;
  await Promise.all([cutOff.stop(), next.stop()]);
});

test('two who both believe to lead fire a schedule once', async () => {
  const floor = await aFloor({ connections: [aShop(), aConnection()] });
  const { store, world } = floor;
  const schedulerOn = (reached: Store) =>
    new Scheduler({ store: reached, world, definitions: SCHEDULES, nudge: () => undefined });
  await schedulerOn(store).tick();
  const asRead = await store.schedules();
  await schedulerOn(store).tick();
  const runs = async () =>
    (await store.jobs({ kinds: ['store.sweep'] }, { limit: 9, offset: 0, sort: 'newest' })).total;
  expect(await runs()).toBe(1);
  // Its job is done already: another firing would not coalesce with it.
  const perConnection = new Map([[SHOP, 20]]);
  await store.claim({ now: world.now(), owner: 'x', perConnection, leaseMs: 60_000, order: 'priority' });
  const { rows } = await store.jobs({ kinds: ['store.sweep'] }, { limit: 1, offset: 0, sort: 'newest' });
  await floor.write({ write: 'moveJob', jobId: rows[0]?.id ?? 0, move: 'succeed', patch: {} });
  await schedulerOn({ ...store, schedules: async () => asRead }).tick();
  expect(await runs()).toBe(1);
});

test('a schedule says which job came of it', async () => {
  const { store, world } = await aFloor({ connections: [aShop()] });
  const scheduler = new Scheduler({ store, world, definitions: SCHEDULES, nudge: () => undefined });
  await scheduler.tick();
  await scheduler.tick();
  const { rows } = await store.jobs({ kinds: ['store.sweep'] }, { limit: 1, offset: 0, sort: 'newest' });
  const sweep = (await store.schedules()).find(({ name }) => name === 'store.sweep');
  expect(sweep).toMatchObject({ lastJobId: rows[0]?.id, lastAt: world.now() });
});

test('a hand-over that another sidecar received makes the leader ask that store more often', async () => {
  const { store, world } = await aFloor({ connections: [aShop()] });
  const make = () => new Scheduler({ store, world, definitions: SCHEDULES, nudge: () => undefined });
  const [leads, receives] = [make(), make()];
  await leads.tick();
  await leads.tick();
  receives.noteActivity(SHOP);
  await receives.tellActivity();
  await world.advance(seconds(2));
  await leads.tick();
  expect((await store.schedules()).find(({ name }) => name === 'outbox.pull')).toMatchObject({ everyMs: 1_500 });
});
