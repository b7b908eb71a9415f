import { DAY, NOON, RETENTION } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore, Shop } from './shop.js';

export function outboxContract(open: OpenStore): void {
  async function see(shop: Shop, sequences: number[], epoch = 'first life', now = NOON): Promise<void> {
    await shop.write(
      sequences.map((sequence) => ({
        write: 'outboxSeen',
        connectionId: 'shop',
        epoch,
        sequence,
        uuid: `row ${sequence}`,
      })),
      now,
    );
  }
  const stream = async (shop: Shop, epoch = 'first life') => {
    const { contiguous, highest, missing } = await shop.store.outboxStream('shop', epoch);
    return { contiguous, highest, missing };
  };

  test('an outbox that was never seen is empty', async () => {
    expect(await stream(shopOf(open()))).toEqual({ contiguous: 0, highest: 0, missing: [] });
  });

  test('the first sequence seen starts the run: rows before the pairing are not missing', async () => {
    const shop = shopOf(open());
    await see(shop, [70, 71, 72]);
    expect(await stream(shop)).toEqual({ contiguous: 72, highest: 72, missing: [] });
  });

  test('a hole is named and closes when its rows come', async () => {
    const shop = shopOf(open());
    await see(shop, [1, 2, 5, 8]);
    expect(await stream(shop)).toEqual({ contiguous: 2, highest: 8, missing: [3, 4, 6, 7] });
    await see(shop, [4, 3]);
    expect(await stream(shop)).toEqual({ contiguous: 5, highest: 8, missing: [6, 7] });
    await see(shop, [7, 6]);
    expect(await stream(shop)).toEqual({ contiguous: 8, highest: 8, missing: [] });
  });

  test('a first batch that arrives in the wrong order ends in the same place', async () => {
    const shop = shopOf(open());
    await see(shop, [7, 5]);
    expect(await stream(shop)).toEqual({ contiguous: 5, highest: 7, missing: [6] });
    await see(shop, [6, 4]);
    expect(await stream(shop)).toEqual({ contiguous: 7, highest: 7, missing: [] });
  });

  test('at most a thousand missing ones are named', async () => {
    const shop = shopOf(open());
    await see(shop, [1, 1_000_000]);
    const { missing } = await stream(shop);
    expect([missing.length, missing[0], missing.at(-1)]).toEqual([1000, 2, 1001]);
  });

  test('a row that comes again changes nothing, and its first uuid stays', async () => {
    const shop = shopOf(open());
    await see(shop, [1, 2]);
    await shop.write([{ write: 'outboxSeen', connectionId: 'shop', epoch: 'first life', sequence: 2, uuid: 'other' }]);
    expect(await stream(shop)).toEqual({ contiguous: 2, highest: 2, missing: [] });
    expect(await shop.store.outboxUuid('shop', 'first life', 2)).toBe('row 2');
    expect(await shop.store.outboxUuid('shop', 'first life', 3)).toBeNull();
  });

  test('each epoch and each store has a stream of its own', async () => {
    const shop = shopOf(open());
    await see(shop, [5], 'first life');
    await see(shop, [1], 'second life');
    expect(await stream(shop, 'second life')).toEqual({ contiguous: 1, highest: 1, missing: [] });
    expect((await shop.store.outboxStream('other shop', 'first life')).highest).toBe(0);
  });

  test('after a week old rows are forgotten, but never above a hole, and the run stands', async () => {
    const shop = shopOf(open());
    await see(shop, [1, 2, 4]);
    expect(await shop.store.prune(NOON + 7 * DAY, RETENTION, 100)).toBe(0);
    expect(await shop.store.prune(NOON + 7 * DAY + 1, RETENTION, 100)).toBe(2);
    expect(await shop.store.outboxUuid('shop', 'first life', 2)).toBeNull();
    expect(await shop.store.outboxUuid('shop', 'first life', 4)).toBe('row 4');
    expect(await stream(shop)).toEqual({ contiguous: 2, highest: 4, missing: [3] });
    await see(shop, [2, 3], 'first life', NOON + 8 * DAY);
    expect(await stream(shop)).toEqual({ contiguous: 4, highest: 4, missing: [] });
  });
}
