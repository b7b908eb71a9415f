import type { ShopOrder } from '../../src/simulators/shop/shop.js';
import { startLoop, type Loop } from './loop.js';

let loop: Loop;
beforeEach(async () => {
  loop = await startLoop();
});

const shipped = { status: 'shipped', stage: 'shipped', rank: 60 } as const;
const partly = { status: 'partially_shipped', stage: 'partly_shipped', rank: 50 } as const;

const bought = async (quantity = 1): Promise<ShopOrder> => {
  const order = await loop.buy({ lines: [{ quantity }] });
  await loop.run();
  return order;
};
const status = (order: ShopOrder): string | undefined => loop.shop.orders.get(order.id)?.status;

describe('A parcel', () => {
  it.each(['before', 'after'])(
    'without a number does not keep the order open when it is told %s the word "shipped"',
    async (when) => {
      const order = await bought();
      const letter = { ...loop.parcel(order, '1', 1), tracking: [] };
      loop.warehouse.parcels.splice(0, 1, letter);
      if (when === 'before') await loop.hearParcel(letter);
      await loop.hearOrder(order, shipped);
      await loop.run(1_000);
      expect(status(order)).toBe('processing');
      await loop.run();
      expect(status(order)).toBe('completed');
      expect(loop.shop.notes.map(({ note }) => note).join()).toMatch(/no tracking for all of it/);
      expect(loop.mails()).toEqual([]);
    },
  );

  it('is mailed once although its labels come in another order later', async () => {
    const order = await bought();
    const parcel = loop.parcel(order, '1', 1);
    await loop.hearParcel(parcel);
    await loop.run();
    loop.clock.now += 5_000;
    const modifiedAt = new Date(loop.clock.now).toISOString();
    await loop.hearParcel({ ...parcel, modifiedAt, tracking: [{ code: '3S0', url: null }, ...parcel.tracking] });
    await loop.run();
    expect(loop.mails()).toHaveLength(1);
    expect(JSON.stringify(loop.shop.orders.get(order.id)?.meta_data)).toMatch(/3S0/);
  });

  it('that names its order by our reference alone finds it', async () => {
    const order = await bought();
    await loop.hearParcel({ ...loop.parcel(order, '1', 1), orderRemoteId: '' });
    await loop.run();
    expect(loop.mails()).toHaveLength(1);
    expect(status(order)).toBe('completed');
  });

  it('that is still missing is waited for when "shipped" turns out to have been a part only', async () => {
    const order = await bought(2);
    await loop.hearOrder(order, shipped);
    await loop.run(1_000);
    const there = loop.warehouse.orders.get('w-1');
    if (there === undefined) throw new Error('Not there');
    loop.warehouse.orders.set('w-1', { ...there, ...partly });
    await loop.run();
    expect(status(order)).toBe('processing');
  });
});
