/** Figures about a heap are counted in steps: whole all the same, and others get their turn in between. */
import { JOB_STATES } from '../../src/domain/job.js';
import { openSqliteStore } from '../../src/stores/sqlite/store.js';
import { rangesUpTo, STEP } from '../../src/stores/sqlite/steps.js';
import { MINUTE, newActivity, newJob, NOON } from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';
import { newFile } from './sqlite-file.js';

const HEAP = 2 * STEP + 100;
const CANCELLED = STEP + 10;

test('a heap of several steps is counted whole, and the event loop turns meanwhile', async () => {
  const clock = { elapsedMs: 0, stepMs: 0 };
  const elapsedMs = () => (clock.elapsedMs += clock.stepMs);
  const store = openSqliteStore({ file: newFile(), now: () => NOON, elapsedMs });
  const shop = shopOf(store);
  for (let made = 0; made < HEAP; made += 100) {
    const jobs = Array.from({ length: 100 }, () => newJob({ deadlineAt: NOON + MINUTE }));
    await shop.write(jobs.map((job) => ({ write: 'enqueue', job, onDead: 'leave' })));
  }
  await store.moveMatching({}, 'cancel', {}, newActivity(), NOON, CANCELLED);
  const live = HEAP - CANCELLED;

  clock.stepMs = 10;
  let turns = 0;
  const other = setInterval(() => (turns += 1));
  const stats = await store.stats(NOON + 2 * MINUTE, 'anvil', ['warehouse']);
  clearInterval(other);
  expect(turns).toBeGreaterThan(1);
  expect(stats.flow).toEqual([
    { connectionId: 'warehouse', waiting: live, oldestWaitingAt: NOON, arrived: HEAP, finished: CANCELLED },
  ]);
  expect(stats.sla).toEqual([{ kind: 'order.push', total: HEAP, breached: live }]);
  expect(stats.late).toBe(live);

  const none = Object.fromEntries(JOB_STATES.map((state) => [state, 0]));
  const ours = { orgId: 'anvil', connectionIds: ['warehouse', 'warehouse', 'other'] };
  expect(await store.countByState(ours)).toEqual({ ...none, queued: live, cancelled: CANCELLED });
  expect((await store.jobs(ours, { limit: 1, offset: 0, sort: 'oldest' })).total).toBe(HEAP);
  await store.close();
});

test('ranges follow on each other without a hole, also where many entries are equal', () => {
  const values = [1, 5, 5, 5, 5, 5, 7, 8, 9];
  const edge = (from: number) => values.filter((value) => value >= from)[2];
  const ranges = [...rangesUpTo(edge, 1)];
  const within = ranges.map(({ from, to }) => values.filter((value) => value >= from && value < to));
  expect(within).toEqual([[1], [5, 5, 5, 5, 5], [7, 8], [9]]);
});
