import { jest } from '@jest/globals';
import { memoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { ORG, WAREHOUSE } from '../build.js';
import { manyJobs, type Many } from './many.js';

let many: Many;
beforeEach(async () => {
  many = await manyJobs();
  many.runner.start();
});
afterEach(() => many.runner.stop());

const DEAD = { states: ['dead'] } as const;
const allSet = async (id: string) => {
  const { cursor, lastJobId } = await many.batch(id);
  return cursor >= lastJobId;
};

test('one press retries all that match, however many, and the batch ends when they have', async () => {
  await many.dead(1203);
  const id = await many.start('retryNow', DEAD);
  expect(await many.batch(id)).toMatchObject({ title: 'Retry 1203 jobs that need attention', total: 1203, moved: 0 });
  await many.world.until(() => allSet(id));
  expect(await many.counts()).toMatchObject({ queued: 1203, dead: 0 });
  expect(await many.batch(id)).toMatchObject({ state: 'processing', moved: 1203, finalCounts: null });
  await many.run('succeed');
  await many.until(id, ['done']);
  expect(await many.batch(id)).toMatchObject({ moved: 1203, finalCounts: { done: 1203 }, note: null });
});

test('a batch is done only when its last job has ended', async () => {
  const [first] = await many.dead(1);
  const id = await many.start('retryNow', DEAD);
  await many.world.until(() => allSet(id));
  await many.world.advance(10_000);
  expect((await many.batch(id)).state).toBe('processing');
  expect((await many.store.job(first!))?.batchId).toBe(id);
});

test('jobs that fail again leave the batch with something to do for a person, and are not retried by it again', async () => {
  await many.dead(3);
  const id = await many.start('retryNow', DEAD);
  await many.world.until(() => allSet(id));
  await many.run('fail');
  await many.until(id, ['action_required']);
  expect(await many.batch(id)).toMatchObject({ moved: 3, finalCounts: { dead: 3 } });
  expect(await many.counts()).toMatchObject({ dead: 3, queued: 0 });
});

test('a job that dies again while its batch still goes on is not set going twice', async () => {
  const ids = await many.dead(501);
  const moveMatching = many.store.moveMatching.bind(many.store);
  // Between the first slice and the second all of the first have died again.
  jest.spyOn(many.store, 'moveMatching').mockImplementationOnce(async (...given) => {
    const moved = await moveMatching(...given);
    await many.run('fail');
    return moved;
  });
  const id = await many.start('retryNow', DEAD);
  await many.world.until(() => allSet(id));
  expect(await many.counts()).toMatchObject({ dead: 500, queued: 1 });
  const first = await many.store.activity({ jobId: ids[0]! }, 100);
  expect(first.filter(({ what }) => what.startsWith('Retried'))).toHaveLength(1);
});

test('jobs that came after the person looked are left', async () => {
  await many.dead(2);
  const lastJobId = await many.store.lastJobId();
  const [late] = await many.dead(1, 50);
  const order = {
    orgId: ORG,
    move: 'retryNow',
    meant: { orgId: ORG, connectionIds: [WAREHOUSE], ...DEAD },
    lastJobId,
  } as const;
  const answer = await many.operator.startBatch(order, 'b', many.by());
  expect(answer).toMatchObject({ started: true, batch: { total: 2 } });
  await many.world.until(() => allSet('b'));
  expect((await many.store.job(late!))?.state).toBe('dead');
  expect(await many.counts()).toMatchObject({ queued: 2, dead: 1 });
});

test('Stop holds it between two slices, and Resume goes on with the rest alone', async () => {
  await many.dead(1200);
  const id = await many.start('retryNow', DEAD);
  const moveMatching = many.store.moveMatching.bind(many.store);
  const slices = jest.spyOn(many.store, 'moveMatching').mockImplementationOnce(async (...given) => {
    const moved = await moveMatching(...given);
    await many.operator.stopBatch(id, many.by());
    return moved;
  });
  await many.until(id, ['stopped']);
  await many.world.advance(60_000);
  expect(await many.counts()).toMatchObject({ queued: 500, dead: 700 });
  expect(await many.batch(id)).toMatchObject({ state: 'stopped', moved: 500, note: 'Stopped by Anna (user 3).' });
  expect(await many.operator.resumeBatch(id, many.by())).toMatchObject({ ok: true });
  await many.world.until(() => allSet(id));
  expect(await many.batch(id)).toMatchObject({ state: 'processing', moved: 1200, note: null });
  expect(slices.mock.results).toHaveLength(3);
});

test('a Stop that was written from an older row costs nothing of what was done', async () => {
  await many.dead(600);
  const id = await many.start('retryNow', DEAD);
  const older = await many.batch(id);
  await many.world.until(() => allSet(id));
  await many.write({ write: 'putBatch', batch: { ...older, state: 'stopped' } });
  await many.run('fail');
  await many.operator.resumeBatch(id, many.by());
  await many.until(id, ['action_required']);
  expect(await many.batch(id)).toMatchObject({ moved: 600, finalCounts: { dead: 600 } });
});

test('a Stop at the very moment at which progress is written down stays', async () => {
  await many.dead(1200);
  const read = many.store.batch.bind(many.store);
  const id = await many.start('retryNow', DEAD);
  // Whoever reads the row next finds it going on; by the time it writes, a person has stopped it.
  many.store.batch = async (wanted) => {
    const row = await read(wanted);
    many.store.batch = read;
    await many.operator.stopBatch(id, many.by());
    return row;
  };
  await many.until(id, ['stopped']);
  await many.world.advance(60_000);
  expect(await many.batch(id)).toMatchObject({ state: 'stopped', moved: 500 });
  expect(await many.counts()).toMatchObject({ queued: 500, dead: 700 });
});

test('after a crash in the middle of a slice another process goes on, and counts what was moved before', async () => {
  const store = memoryStore();
  await many.runner.stop();
  many = await manyJobs(store);
  await many.dead(700);
  const id = await many.start('retryNow', DEAD);
  const apply = store.apply.bind(store);
  // The slice is moved, and the process dies before that is written down.
  let dies = true;
  store.apply = async (unit) => {
    if (dies && unit.guards.some(({ guard }) => guard === 'batchState')) throw new Error('killed');
    return apply(unit);
  };
  many.runner.start();
  await many.world.until(async () => (await many.counts()).queued === 500);
  expect((await many.batch(id)).moved).toBe(0);
  dies = false;
  await many.restart();
  await many.world.until(() => allSet(id));
  expect(await many.batch(id)).toMatchObject({ moved: 700 });
  expect(await many.counts()).toMatchObject({ queued: 700 });
});

test('of two processes one carries the batch out', async () => {
  await many.runner.stop();
  const store: Store = memoryStore();
  many = await manyJobs(store);
  await many.dead(3);
  store.lead = async () => false;
  const id = await many.start('retryNow', DEAD);
  many.runner.start();
  await many.world.advance(60_000);
  expect(await many.counts()).toMatchObject({ dead: 3 });
  store.lead = async () => true;
  await many.world.until(() => allSet(id));
  expect(await many.counts()).toMatchObject({ queued: 3 });
});

test('one press settles all that match, each with its own word and reason', async () => {
  for (const order of [1, 2, 3]) await many.add({ subject: `order:${order}` });
  const id = await many.start('cancel', { states: ['queued'] });
  await many.until(id, ['done']);
  expect(await many.counts()).toMatchObject({ cancelled: 3 });
  expect(await many.store.settlement(WAREHOUSE, 'order:2')).toMatchObject({
    kind: 'not_to_be_sent',
    reason: 'Old season',
    by: 'Anna (user 3)',
  });
  expect(await many.batch(id)).toMatchObject({
    title: 'Cancel 3 jobs that are waiting',
    finalCounts: { cancelled: 3 },
  });
});

test('more force dones than a slice holds all come to their end', async () => {
  await many.dead(250);
  const id = await many.start('forceDone', DEAD);
  await many.until(id, ['done']);
  expect(await many.batch(id)).toMatchObject({ moved: 250, finalCounts: { done: 250 } });
});

test('a running job is left to its worker', async () => {
  const ids = await many.dead(2);
  await many.operator.retryNow(ids[0]!, many.by());
  await many.store.promoteDue(many.world.now(), 100);
  const perConnection = new Map([[WAREHOUSE, 1]]);
  await many.store.claim({ now: many.world.now(), owner: 'x', perConnection, leaseMs: 60_000, order: 'priority' });
  const id = await many.start('cancel');
  await many.world.until(() => allSet(id));
  expect((await many.store.job(ids[0]!))?.state).toBe('running');
  expect(await many.batch(id)).toMatchObject({ total: 1, moved: 1 });
});

test('of ticked jobs only those are moved that may be, and only within what the person may see', async () => {
  const [first, second, third] = await many.dead(3);
  await many.operator.retryNow(second!, many.by());
  await many.run('succeed');
  const stranger = await many.add({ orgId: 'another', subject: 'order:1' });
  const id = await many.start('retryNow', { ids: [third!, first!, second!, stranger, 99_999] });
  expect((await many.batch(id)).total).toBe(2);
  await many.world.until(() => allSet(id));
  expect(await Promise.all([first, second, third].map(async (one) => (await many.store.job(one!))?.state))).toEqual([
    'queued',
    'done',
    'queued',
  ]);
  expect((await many.store.job(stranger))?.batchId).toBeNull();
});

test.each([
  ['a force done without a reason', 'forceDone', ' ', 'Say why: the reason is kept with each job.'],
  ['a batch of nothing', 'retryNow', null, 'None of these jobs can be moved like this any more.'],
] as const)('%s is not started', async (_name, move, reason, sentence) => {
  if (move === 'forceDone') await many.dead(1);
  const order = { orgId: ORG, move, meant: { orgId: ORG, connectionIds: [WAREHOUSE], ...DEAD }, lastJobId: null };
  expect(await many.operator.startBatch(order, 'b', many.by(reason))).toMatchObject({ started: false, sentence });
  expect(await many.store.batch('b')).toBeNull();
});

test('what has ended can neither be stopped nor resumed', async () => {
  await many.dead(1);
  const id = await many.start('cancel', DEAD);
  await many.until(id, ['done']);
  const refused = { ok: false, error: 'illegal_move', sentence: 'It has ended already.' };
  expect(await many.operator.stopBatch(id, many.by())).toEqual(refused);
  expect(await many.operator.resumeBatch(id, many.by())).toEqual(refused);
  expect(await many.operator.stopBatch('nowhere', many.by())).toMatchObject({ ok: false, error: 'not_found' });
});

test('a batch of a newer version, whose filter is not understood, moves nothing and says so', async () => {
  await many.runner.stop();
  await many.dead(2);
  const id = await many.start('retryNow', DEAD);
  const batch = await many.batch(id);
  await many.write({ write: 'putBatch', batch: { ...batch, filter: { ...batch.filter, colour: 'red' } } });
  await many.restart();
  await many.until(id, ['failed']);
  expect((await many.batch(id)).note).toContain('does not understand');
  expect(await many.counts()).toMatchObject({ dead: 2 });
});

test('a large batch does not make a small one wait for its end', async () => {
  await many.runner.stop();
  await many.dead(1600);
  const large = await many.start('retryNow', DEAD);
  const [one] = await many.dead(1, 5000);
  await many.start('cancel', { ids: [one!] });
  const moveMatching = many.store.moveMatching.bind(many.store);
  const smallWas: (string | undefined)[] = [];
  many.store.moveMatching = async (...given) => {
    smallWas.push((await many.store.job(one!))?.state);
    return moveMatching(...given);
  };
  await many.restart();
  await many.world.until(() => allSet(large));
  expect(smallWas).toHaveLength(4);
  expect(smallWas[1]).toBe('cancelled');
});

test('the press stands in the history of the batch and of each job', async () => {
  const [first] = await many.dead(1);
  const id = await many.start('forceDone', DEAD, 'Sent by hand');
  await many.until(id, ['done']);
  expect(await many.store.activity({ subject: `batch:${id}` }, 10)).toMatchObject([
    { who: 'Anna (user 3)', what: 'Started: Force done 1 job.', why: 'Sent by hand' },
  ]);
  expect((await many.store.activity({ jobId: first! }, 10))[0]).toMatchObject({
    what: 'Marked as done.',
    why: 'Sent by hand',
  });
});
