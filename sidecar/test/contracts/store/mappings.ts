import { mapping, MINUTE, NOON } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function mappingsContract(open: OpenStore): void {
  test('a mapping is found from both sides', async () => {
    const shop = shopOf(open());
    await shop.write([{ write: 'putMapping', mapping: mapping() }], NOON + MINUTE);
    const kept = mapping({ updatedAt: NOON + MINUTE });
    expect(await shop.store.mapping('warehouse', 'order', '4711')).toEqual(kept);
    expect(await shop.store.mappingByRemote('warehouse', 'order', 'w-1')).toEqual(kept);
    expect(await shop.store.mapping('other', 'order', '4711')).toBeNull();
    expect(await shop.store.mapping('warehouse', 'shipment', '4711')).toBeNull();
  });

  test('an intended mapping becomes known', async () => {
    const shop = shopOf(open());
    const intended = mapping({ state: 'intended', remoteId: null, remoteLabel: null, accepted: null });
    await shop.write([{ write: 'putMapping', mapping: intended }]);
    expect(await shop.store.mapping('warehouse', 'order', '4711')).toEqual(intended);
    await shop.write([{ write: 'putMapping', mapping: mapping() }]);
    expect(await shop.store.mapping('warehouse', 'order', '4711')).toEqual(mapping());
  });

  test('many mappings may be only intended', async () => {
    const shop = shopOf(open());
    await shop.write(
      ['1', '2'].map((localId) => ({
        write: 'putMapping',
        mapping: mapping({ localId, remoteId: null, state: 'intended' }),
      })),
    );
    expect(await shop.store.mappings('warehouse', 'order', 10, 0)).toHaveLength(2);
  });

  test('a remote order that belongs to one order of the store cannot belong to another', async () => {
    const shop = shopOf(open());
    await shop.write([{ write: 'putMapping', mapping: mapping() }]);
    const second = { write: 'putMapping', mapping: mapping({ localId: '4712' }) } as const;
    const [refused, beside] = await Promise.all([
      shop.apply([{ write: 'putMeta', key: 'a', value: '1' }, second]),
      shop.apply([{ write: 'putMeta', key: 'b', value: '1' }]),
    ]);
    expect(refused).toEqual({
      applied: false,
      failed: {
        guard: 'uniqueMapping',
        connectionId: 'warehouse',
        type: 'order',
        localId: '4712',
        remoteId: 'w-1',
        heldBy: '4711',
      },
    });
    expect(beside.applied).toBe(true);
    expect(await shop.store.meta('a')).toBeNull();
    expect(await shop.store.mapping('warehouse', 'order', '4712')).toBeNull();
  });

  test('once it is dropped the remote order is free', async () => {
    const shop = shopOf(open());
    await shop.write([
      { write: 'putMapping', mapping: mapping() },
      { write: 'dropMapping', connectionId: 'warehouse', type: 'order', localId: '4711' },
      { write: 'putMapping', mapping: mapping({ localId: '4712' }) },
    ]);
    expect((await shop.store.mappingByRemote('warehouse', 'order', 'w-1'))?.localId).toBe('4712');
  });

  test('mappings are listed page by page in the order of their local ids', async () => {
    const shop = shopOf(open());
    await shop.write(
      ['c', 'a', 'b'].map((localId) => ({
        write: 'putMapping',
        mapping: mapping({ localId, remoteId: localId, type: 'article' }),
      })),
    );
    const page = async (limit: number, offset: number) =>
      (await shop.store.mappings('warehouse', 'article', limit, offset)).map(({ localId }) => localId);
    expect([await page(2, 0), await page(2, 2)]).toEqual([['a', 'b'], ['c']]);
  });
}
