import type { Batch } from '../../../src/domain/batch.js';
import type { Guard } from '../../../src/stores/store.js';
import { batch, DAY, HOUR, newActivity, NOON, RETENTION } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function batchesContract(open: OpenStore): void {
  const put = (over: Partial<Batch>) => ({ write: 'putBatch', batch: batch(over) }) as const;
  const processing: Guard = { guard: 'batchState', batchId: 'b1', states: ['processing'] };

  test('a batch is kept as given and says when it was written last', async () => {
    const { store, write } = shopOf(open());
    await write([put({})]);
    expect(await store.batch('b1')).toEqual(batch());
    const ended: Partial<Batch> = {
      state: 'action_required',
      filter: null,
      move: null,
      moved: 3,
      cursor: 12,
      note: 'One is missing its postcode.',
      startedAt: NOON + 1,
      finishedAt: NOON + HOUR,
      finalCounts: { queued: 0, running: 0, retrying: 0, blocked: 0, dead: 1, done: 2, cancelled: 0 },
    };
    await write([put(ended)], NOON + HOUR);
    expect(await store.batch('b1')).toEqual(batch({ ...ended, updatedAt: NOON + HOUR }));
    expect(await store.batch('b2')).toBeNull();
  });

  test('batches are listed newest first, of one organisation, by state', async () => {
    const { store, write } = shopOf(open());
    await write([
      put({ id: 'first', createdAt: NOON, state: 'done' }),
      put({ id: 'third', createdAt: NOON + 2 }),
      put({ id: 'second', createdAt: NOON + 1 }),
      put({ id: 'theirs', createdAt: NOON + 3, orgId: 'bellows' }),
    ]);
    const ids = async (filter: Parameters<typeof store.batches>[0], limit = 10) =>
      (await store.batches(filter, limit)).map(({ id }) => id);
    expect(await ids({})).toEqual(['theirs', 'third', 'second', 'first']);
    expect(await ids({ orgId: 'anvil' }, 2)).toEqual(['third', 'second']);
    expect(await ids({ orgId: 'anvil', states: ['done', 'failed'] })).toEqual(['first']);
    expect(await ids({ states: [] })).toEqual([]);
  });

  test('of two who go on with a batch after one stopped it neither does', async () => {
    const shop = shopOf(open());
    await shop.write([put({ state: 'processing' })]);
    expect((await shop.apply([put({ cursor: 5 })], NOON, [processing])).applied).toBe(true);
    const steps = await Promise.all([
      shop.apply([put({ state: 'stopped', cursor: 5 })], NOON, [processing]),
      shop.apply([put({ state: 'processing', cursor: 9 })], NOON, [processing]),
    ]);
    expect(steps).toMatchObject([{ applied: true }, { applied: false, failed: processing }]);
    expect(await shop.store.batch('b1')).toMatchObject({ state: 'stopped', cursor: 5 });
    const unknown: Guard = { guard: 'batchState', batchId: 'b2', states: ['processing'] };
    expect((await shop.apply([], NOON, [unknown])).applied).toBe(false);
  });

  test('a job belongs to the batch that made it or set it going last', async () => {
    const shop = shopOf(open());
    const wish = { coalesceKey: 'push order 4711' };
    const id = await shop.enqueue(wish);
    expect(await shop.job(id)).toMatchObject({ batchId: null });
    await shop.enqueue({ ...wish, batchId: 'b1' });
    await shop.enqueue(wish);
    expect(await shop.job(id)).toMatchObject({ batchId: 'b1' });
    await shop.move(id, 'cancel', { settledBy: 'Anna' });
    await shop.move(id, 'reopen', { batchId: 'b2' });
    expect(await shop.found({ batchId: 'b2' })).toEqual([id]);
    expect(await shop.found({ batchId: 'b1' })).toEqual([]);
    await shop.move(id, 'retryNow', { batchId: null });
    expect(await shop.job(id)).toMatchObject({ batchId: null });
    const made = await shop.enqueue({ batchId: 'b3' });
    await shop.claim();
    await shop.move(made, 'succeed');
    expect(await shop.store.countByState({ batchId: 'b3' })).toMatchObject({ done: 1, queued: 0 });
  });

  test('a bulk move takes what its person saw, page by page, and not what came later', async () => {
    const shop = shopOf(open());
    const meant = [await shop.jobIn('dead'), await shop.jobIn('dead'), await shop.jobIn('dead')];
    const lastJobId = await shop.store.lastJobId();
    const later = await shop.jobIn('dead');
    const press = async (idAfter: number, limit: number): Promise<number> =>
      shop.store.moveMatching(
        { states: ['dead'], idAfter, idUpTo: lastJobId },
        'retryNow',
        { batchId: 'b1' },
        newActivity({ what: 'retryNow' }),
        NOON + 1,
        limit,
      );
    expect(await press(0, 2)).toBe(2);
    expect(await shop.found({ batchId: 'b1' })).toEqual(meant.slice(0, 2));
    expect(await press(meant[1] ?? 0, 10)).toBe(1);
    expect(await press(0, 10)).toBe(0);
    expect(await shop.store.countByState({ batchId: 'b1' })).toMatchObject({ queued: 3 });
    expect(await shop.state(later)).toBe('dead');
    for (const id of meant) expect(await shop.deeds(id)).toEqual(['retryNow']);
  });

  test('a bulk move over part of an ordering key leaves the rest of the key going', async () => {
    const shop = shopOf(open());
    const key = { orderingKey: 'order:4711' };
    const meant = [await shop.enqueue(key), await shop.enqueue(key), await shop.enqueue(key)];
    const next = await shop.enqueue({ ...key, kind: 'order.status' });
    const last = await shop.enqueue({ ...key, kind: 'order.status' });
    expect(await shop.store.moveMatching({ kinds: ['order.push'] }, 'cancel', {}, newActivity(), NOON, 100)).toBe(3);
    for (const id of meant) expect(await shop.state(id)).toBe('cancelled');
    expect(await shop.claimIds()).toEqual([next]);
    await shop.move(next, 'succeed');
    expect(await shop.claimIds()).toEqual([last]);
  });

  test('two who press at the same time move each job once', async () => {
    const shop = shopOf(open());
    const ids: number[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(await shop.jobIn('dead'));
    const press = () =>
      shop.store.moveMatching({ states: ['dead'] }, 'retryNow', {}, newActivity({ what: 'retryNow' }), NOON, 100);
    const moved = await Promise.all([press(), press(), press()]);
    expect(moved.reduce((sum, one) => sum + one)).toBe(ids.length);
    for (const id of ids) expect(await shop.deeds(id)).toEqual(['retryNow']);
  });

  test('finished batches go with the activity of their time; one that goes on stays', async () => {
    const shop = shopOf(open());
    await shop.write([put({ id: 'ended', state: 'done', finishedAt: NOON }), put({ id: 'goes on' })]);
    expect(await shop.store.prune(NOON + 365 * DAY, RETENTION, 100)).toBe(0);
    expect(await shop.store.prune(NOON + 365 * DAY + 1, RETENTION, 100)).toBe(1);
    expect([await shop.store.batch('ended'), (await shop.store.batch('goes on'))?.id]).toEqual([null, 'goes on']);
  });

  test('the newest id is known also when its job is gone', async () => {
    const shop = shopOf(open());
    expect(await shop.store.lastJobId()).toBe(0);
    const id = await shop.jobIn('done');
    await shop.store.prune(NOON + 8 * DAY, RETENTION, 100);
    expect(await shop.store.lastJobId()).toBe(id);
  });
}
