import { expirer, pruner, rescuer } from '../../src/queue/services.js';
import { aPlatformFailure } from '../build.js';
import { aFloor, always, inTurn, throwing, done } from './floor.js';

const minutes = (count: number) => count * 60_000;

test('every 30 min jobs that died of a passing trouble live again, others do not', async () => {
  const down = throwing(aPlatformFailure());
  const floor = await aFloor({
    handlers: {
      'order.push': inTurn(down, down, down, down, done),
      'order.status': throwing(aPlatformFailure({ kind: 'rejected' })),
    },
  });
  const service = rescuer({ store: floor.store, world: floor.world, nudge: () => floor.worker.nudge() });
  service.start();
  const passing = await floor.add({ subject: 'order:1' });
  const hopeless = await floor.add({ kind: 'order.status', subject: 'order:2' });
  await floor.worker.start();
  await floor.world.until(async () => (await floor.job(passing)).state === 'dead');
  await floor.world.advance(minutes(30));
  expect(await floor.job(passing)).toMatchObject({ state: 'done', attempts: 1 });
  expect((await floor.job(hopeless)).state).toBe('dead');
  await service.stop();
  await floor.close();
});

test('a wait that outlasts its deadline needs attention, and its fact still brings it back', async () => {
  const waits = always({ outcome: 'wait' as const, fact: 'late', sentence: 'Waits.' });
  const floor = await aFloor({ handlers: { 'order.push': inTurn(waits, done) } });
  const service = expirer({ store: floor.store, world: floor.world, nudge: () => floor.worker.nudge() });
  service.start();
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.advance(minutes(59));
  expect((await floor.job(id)).state).toBe('blocked');
  await floor.world.advance(minutes(1) + 10_000);
  expect((await floor.job(id)).state).toBe('dead');
  await floor.write({ write: 'putFact', fact: 'late', orgId: 'org', source: 'test' });
  await floor.world.quiet();
  expect((await floor.job(id)).state).toBe('done');
  await service.stop();
  await floor.close();
});

test('done jobs are pruned after a week', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  const service = pruner({ store: floor.store, world: floor.world, nudge: () => undefined });
  service.start();
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  await floor.close();
  await floor.world.advance(8 * 24 * minutes(60));
  expect(await floor.store.job(id)).toBeNull();
  await service.stop();
});

test('a service in trouble says so and tries again soon', async () => {
  const floor = await aFloor();
  let broken = true;
  floor.store.expireBlocked = async () => {
    if (broken) throw new Error('busy');
    return 0;
  };
  const service = expirer({ store: floor.store, world: floor.world, nudge: () => undefined });
  service.start();
  await floor.world.advance(25_000);
  expect(floor.world.events('expirer.trouble')).toHaveLength(3);
  broken = false;
  await floor.world.advance(25_000);
  expect(floor.world.events('expirer.trouble')).toHaveLength(3);
  await service.stop();
});
