import type { Write } from '../../../src/stores/store.js';
import { DAY, mapping, newActivity, newAttempt, newDelivery, NOON, orderRecord, RETENTION } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function pruneContract(open: OpenStore): void {
  test('jobs that are over go after a week with their attempts; what lives or needs a person stays', async () => {
    const shop = shopOf(open());
    const gone = [await shop.jobIn('done'), await shop.jobIn('done')];
    await shop.write(gone.map((id) => ({ write: 'insertAttempt', attempt: newAttempt(id) })));
    const kept = [await shop.jobIn('dead'), await shop.jobIn('blocked'), await shop.enqueue()];
    expect(await shop.store.prune(NOON + 7 * DAY, RETENTION, 100)).toBe(0);
    expect(await shop.store.prune(NOON + 7 * DAY + 1, RETENTION, 100)).toBe(2);
    expect(await shop.found({})).toEqual(kept);
    expect(await shop.store.attempts(gone[0] ?? 0)).toEqual([]);
  });

  test('a job that a person ended stays, because it can be re-opened', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue();
    await shop.write([{ write: 'moveJob', jobId: id, move: 'forceDone', patch: { settledBy: 'Anna' } }]);
    await shop.store.prune(NOON + 30 * DAY, RETENTION, 100);
    expect(await shop.found({})).toEqual([id]);
  });

  test('ids of pruned jobs are never given again', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('done');
    await shop.store.prune(NOON + 8 * DAY, RETENTION, 100);
    expect(await shop.enqueue()).toBeGreaterThan(id);
  });

  test('the activity outlives its job and goes after a year', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('done');
    await shop.write([{ write: 'insertActivity', activity: newActivity({ jobId: id }) }]);
    await shop.store.prune(NOON + 8 * DAY, RETENTION, 100);
    expect(await shop.deeds(id)).toEqual(['retry']);
    await shop.store.prune(NOON + 365 * DAY + 1, RETENTION, 100);
    expect(await shop.deeds(id)).toEqual([]);
  });

  test('the body of a delivery is cut first, its key keeps refusing duplicates longer', async () => {
    const shop = shopOf(open());
    await shop.write([{ write: 'insertDelivery', delivery: newDelivery({ state: 'processed' }) }]);
    await shop.store.prune(NOON + 30 * DAY + 1, RETENTION, 100);
    expect(await shop.store.delivery('delivery hook-1')).toMatchObject({ body: null, dedupeKey: 'hook-1' });
    expect(await shop.store.deliveryByKey('warehouse', 'hook-1')).not.toBeNull();
    await shop.store.prune(NOON + 60 * DAY + 1, RETENTION, 100);
    expect(await shop.store.deliveryByKey('warehouse', 'hook-1')).toBeNull();
  });

  test('a delivery that nobody worked on yet is kept whole', async () => {
    const shop = shopOf(open());
    await shop.write([{ write: 'insertDelivery', delivery: newDelivery() }]);
    expect(await shop.store.prune(NOON + 400 * DAY, RETENTION, 100)).toBe(0);
    expect((await shop.store.delivery('delivery hook-1'))?.body).toEqual(newDelivery().body);
  });

  test('a final record is cut to its fingerprint; an open one, mappings and settlements stay', async () => {
    const shop = shopOf(open());
    const put = (remoteId: string, final: boolean): Write => ({
      write: 'putRecord',
      record: orderRecord({ remoteId, final }),
      authoritative: 'no',
      onNew: [],
      onTie: [],
    });
    const settlement = {
      orgId: 'anvil',
      connectionId: 'warehouse',
      subject: 'order:1',
      kind: 'done_by_person',
      reason: '',
      by: 'Anna',
      at: NOON,
    } as const;
    await shop.write([
      put('1', true),
      put('2', false),
      { write: 'putMapping', mapping: mapping() },
      { write: 'putSettlement', settlement },
    ]);
    expect(await shop.store.prune(NOON + 400 * DAY, RETENTION, 100)).toBe(1);
    expect(await shop.store.record('shop', 'order', '1')).toMatchObject({ body: null, fingerprint: 'as ordered' });
    expect((await shop.store.record('shop', 'order', '2'))?.body).toEqual(orderRecord().body);
    expect(await shop.store.mapping('warehouse', 'order', '4711')).not.toBeNull();
    expect(await shop.store.settlement('warehouse', 'order:1')).not.toBeNull();
  });

  test('one call prunes no more than its limit', async () => {
    const shop = shopOf(open());
    for (let n = 0; n < 3; n += 1) await shop.jobIn('done');
    await shop.write([{ write: 'insertDelivery', delivery: newDelivery({ state: 'ignored' }) }]);
    expect(await shop.store.prune(NOON + 61 * DAY, RETENTION, 2)).toBe(2);
    expect(await shop.store.prune(NOON + 61 * DAY, RETENTION, 100)).toBe(2);
  });
}
