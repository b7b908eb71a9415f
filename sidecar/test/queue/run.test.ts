/** What a running job may still do: nothing is sent under a lease that is no longer its own, whenever it asks. */
import { ABORT_BEFORE_LEASE_END_MS, Run } from '../../src/queue/run.js';
import { aFloor, done } from './floor.js';

async function aRun() {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  const id = await floor.add();
  const [job] = await floor.store.claim({
    now: floor.world.now(),
    owner: 'one',
    perConnection: new Map([[(await floor.job(id)).connectionId, 1]]),
    leaseMs: 60_000,
    order: 'priority',
  });
  if (job === undefined) throw new Error('There was nothing to claim.');
  return { floor, run: new Run(job, floor.store, floor.world) };
}
const leaseEnds = 60_000 - ABORT_BEFORE_LEASE_END_MS;

test('a call under way is cut off shortly before the lease ends, and not sooner', async () => {
  const { floor, run } = await aRun();
  const { signal } = run.call;
  await floor.world.advance(leaseEnds - 1);
  expect([signal.aborted, run.toldToEnd]).toEqual([false, null]);
  await floor.world.advance(1);
  expect([signal.aborted, run.toldToEnd, String(signal.reason)]).toEqual([true, 'lease', 'Error: The lease ends.']);
  await floor.close();
});

test('a handler that asks for its call only after it was told to end gets one that is cut off', async () => {
  const { floor, run } = await aRun();
  run.end('stopping');
  expect(String(run.call.signal.reason)).toBe('Error: The service is stopping.');
  expect(await run.call.mayStillSend()).toBe(false);
  await floor.close();
});

test('when the job has ended, nothing that its handler left running may send any more', async () => {
  const early = await aRun();
  const { call } = early.run;
  expect(await call.mayStillSend()).toBe(true);
  early.run.close();
  expect([call.signal.aborted, await call.mayStillSend()]).toEqual([true, false]);
  await early.floor.close();

  const late = await aRun();
  late.run.close();
  expect([late.run.call.signal.aborted, await late.run.call.mayStillSend()]).toEqual([true, false]);
  await late.floor.close();
});
