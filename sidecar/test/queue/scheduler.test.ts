import { Scheduler, webhooksKey } from '../../src/queue/scheduler.js';
import { scheduleBook, SCHEDULES } from '../../src/schedule.js';
import { aConnection, aShop, SHOP, WAREHOUSE } from '../build.js';
import { aFloor, type Floor } from './floor.js';

const minutes = (count: number) => count * 60_000;

async function withScheduler(): Promise<{
  floor: Floor;
  scheduler: Scheduler;
  tickFor(ms: number, everyMs?: number): Promise<void>;
  row(name: string): Promise<{ nextAt: number; everyMs: number }>;
  runs(kind: string): Promise<number>;
}> {
  const floor = await aFloor({ connections: [aShop(), aConnection()] });
  const scheduler = new Scheduler({
    store: floor.store,
    world: floor.world,
    definitions: SCHEDULES,
    nudge: () => undefined,
  });
  await scheduler.tick();
  return {
    floor,
    scheduler,
    tickFor: async (ms, everyMs = 1000) => {
      for (const end = floor.world.now() + ms; floor.world.now() < end;) {
        await floor.world.advance(everyMs);
        await scheduler.tick();
      }
    },
    row: async (name) => {
      const found = (await floor.store.schedules()).find((one) => one.name === name);
      if (found === undefined) throw new Error(`No schedule ${name}.`);
      return found;
    },
    runs: async (kind) => (await floor.store.jobs({ kinds: [kind] }, { limit: 50, offset: 0, sort: 'newest' })).total,
  };
}

test('a new connection has its schedules at once, said once', async () => {
  const { floor } = await withScheduler();
  const rows = await floor.store.schedules();
  expect(rows.filter(({ connectionId }) => connectionId === SHOP).map(({ name }) => name)).toEqual([
    'outbox.pull',
    'store.net',
    'store.recheck',
    'store.sweep',
  ]);
  expect(rows.filter(({ connectionId }) => connectionId === WAREHOUSE)).toHaveLength(5);
  const said = await floor.store.activity({ subject: `connection:${WAREHOUSE}` }, 10);
  expect(said.map(({ what }) => what.slice(0, 18))).toEqual(['Schedules started:']);
});

test('ticks only queue: however often a schedule comes round, one job waits', async () => {
  const { runs, tickFor, row, floor } = await withScheduler();
  await tickFor(minutes(20), 10_000);
  expect(await runs('store.net')).toBe(1);
  expect((await row('store.net')).nextAt).toBeGreaterThan(floor.world.now());
  expect(await row('store.net')).toMatchObject({ everyMs: minutes(2), lastJobId: expect.any(Number) });
});

test('the store is asked every 30 s, and every 1-2 s just after it handed something over', async () => {
  const { scheduler, row, tickFor, floor } = await withScheduler();
  await tickFor(5_000);
  const pulledAt = (await row('outbox.pull')).nextAt - 30_000;
  scheduler.noteActivity(SHOP);
  await tickFor(2_000);
  const next = await row('outbox.pull');
  expect(next.nextAt - floor.world.now()).toBeLessThanOrEqual(2_000);
  expect(next.nextAt).toBeGreaterThan(pulledAt);
  await tickFor(90_000);
  expect((await row('outbox.pull')).everyMs).toBe(30_000);
});

test('the warehouse is polled every 5 min without webhooks, and rarely while they are confirmed', async () => {
  const { floor, row, tickFor } = await withScheduler();
  await tickFor(minutes(6), 10_000);
  expect(await row('warehouse.poll-orders')).toMatchObject({ everyMs: minutes(5) });
  await floor.write({ write: 'putMeta', key: webhooksKey(WAREHOUSE), value: String(floor.world.now()) });
  await tickFor(minutes(5), 10_000);
  expect(await row('warehouse.poll-orders')).toMatchObject({ everyMs: minutes(120) });
  expect(await row('warehouse.poll-shipments')).toMatchObject({ everyMs: minutes(180) });
});

test('webhooks that are no longer confirmed bring polling back before the long interval is over', async () => {
  const { floor, row, tickFor } = await withScheduler();
  await floor.write({ write: 'putMeta', key: webhooksKey(WAREHOUSE), value: String(floor.world.now()) });
  await tickFor(minutes(10), 30_000);
  expect(await row('warehouse.poll-shipments')).toMatchObject({ everyMs: minutes(180) });
  await floor.write({ write: 'putMeta', key: webhooksKey(WAREHOUSE), value: '0' });
  await tickFor(minutes(6), 30_000);
  expect(await row('warehouse.poll-shipments')).toMatchObject({ everyMs: minutes(5) });
});

test('a schedule that is lost restarts itself and says so', async () => {
  const { floor, scheduler, row } = await withScheduler();
  const schedules = floor.store.schedules;
  floor.store.schedules = async () => (await schedules()).filter(({ name }) => name !== 'store.sweep');
  await scheduler.tick();
  floor.store.schedules = schedules;
  expect(await row('store.sweep')).toBeDefined();
  const said = await floor.store.activity({ subject: `connection:${SHOP}` }, 10);
  expect(said[0]?.what).toBe(
    'Schedules were missing and have been started again: "Look for changed orders in the store".',
  );
});

test('a schedule that was late, because the sidecar was off, says so and goes on from now', async () => {
  const { floor, scheduler, row } = await withScheduler();
  await floor.world.advance(1_000);
  await scheduler.tick();
  await floor.world.advance(minutes(180));
  await scheduler.tick();
  const said = await floor.store.activity({ subject: `connection:${SHOP}` }, 50);
  expect(said.map(({ what }) => what)).toContain(
    '"Look for orders that are due and not queued" was 178 min late and has been started again.',
  );
  expect((await row('store.net')).nextAt).toBe(floor.world.now() + minutes(2));
});

test("a schedule's job that died comes back with the next round", async () => {
  const { floor, tickFor } = await withScheduler();
  await tickFor(2_000);
  const { rows } = await floor.store.jobs({ kinds: ['store.sweep'] }, { limit: 1, offset: 0, sort: 'newest' });
  const id = rows[0]?.id ?? 0;
  await floor.store.claim({
    now: floor.world.now(),
    owner: 'x',
    perConnection: new Map([[SHOP, 20]]),
    leaseMs: 60_000,
    order: 'priority',
  });
  await floor.write({ write: 'moveJob', jobId: id, move: 'fail', patch: {} });
  await tickFor(minutes(6), 10_000);
  expect(await floor.job(id)).toMatchObject({ state: 'queued', attempts: 0 });
});

test('a tick that comes while another is still looking is that one', async () => {
  const { floor, scheduler } = await withScheduler();
  const { schedules } = floor.store;
  let looks = 0;
  floor.store.schedules = () => {
    looks += 1;
    return schedules();
  };
  await Promise.all([scheduler.tick(), scheduler.tick(), scheduler.tick()]);
  expect(looks).toBe(1);
  await scheduler.tick();
  expect(looks).toBe(2);
});

test("Run now queues the schedule's job, and only for a connection that has it", async () => {
  const { floor } = await withScheduler();
  const book = scheduleBook(() => 'trace');
  const write = book.runNow('store.sweep', aShop(), 'Anna', floor.world.now());
  expect(write).toMatchObject({
    write: 'enqueue',
    job: { kind: 'store.sweep', connectionId: SHOP, origin: 'Anna pressed Run now' },
  });
  expect(book.runNow('store.sweep', aConnection(), 'Anna', floor.world.now())).toBeNull();
  expect(book.label('store.sweep')).toBe('Look for changed orders in the store');
  expect(book.writesFor(aConnection(), floor.world.now())).toHaveLength(5);
});
