import type { ShopFulfilment } from '../../src/simulators/shop/fulfilments.js';
import type { ShopOrder } from '../../src/simulators/shop/shop.js';
import { startLoop, type Loop } from './loop.js';

let loop: Loop;
beforeEach(async () => {
  loop = await startLoop();
  loop.shop.fulfilments.feature = 'on';
});

const mailed = (number: string): unknown => expect.stringContaining(number);
const notesToCustomer = (): string[] => loop.shop.notes.filter((one) => one.customer_note).map(({ note }) => note);
const valueOf = (fulfilment: ShopFulfilment | undefined, key: string): unknown =>
  fulfilment?.meta_data.find((one) => one.key === key)?.value;

async function atWarehouse(quantity: number): Promise<ShopOrder> {
  const order = await loop.buy({ lines: [{ quantity }] });
  await loop.run();
  return order;
}

async function ship(order: ShopOrder, number: string, units = 1): Promise<void> {
  await loop.hearParcel(loop.parcel(order, number, units));
  await loop.run();
}

/** The parcel is told again, with another number on its label. */
async function relabel(number: string, code: string): Promise<void> {
  const parcel = loop.warehouse.parcels.find(({ id }) => id === `s-${number}`);
  if (parcel === undefined) throw new Error(`No parcel ${number}`);
  loop.clock.now += 60_000;
  const modifiedAt = new Date(loop.clock.now).toISOString();
  await loop.hearParcel({ ...parcel, tracking: [{ code, url: null }], modifiedAt });
  await loop.run();
}

describe('A parcel in a shop with fulfilments', () => {
  it('is a fulfilment of its units, mailed once each, with no note beside it, and completes the order', async () => {
    const order = await atWarehouse(3);
    await ship(order, '1', 2);
    await ship(order, '2', 1);
    const [first, second] = loop.shop.fulfilments.of(order.id);
    expect(valueOf(first, '_items')).toEqual([{ item_id: order.line_items[0]?.id, qty: 2 }]);
    expect(valueOf(second, '_items')).toEqual([{ item_id: order.line_items[0]?.id, qty: 1 }]);
    expect(valueOf(first, '_shipment_provider')).toBe('PostNL');
    expect(loop.mails()).toEqual([mailed('3S1'), mailed('3S2')]);
    expect(notesToCustomer()).toEqual([]);
    expect(loop.shop.orders.get(order.id)).toMatchObject({
      status: 'completed',
      meta_data: [{ key: '_tallyman_parcels', value: mailed('3S2') }],
    });
  });

  it('is a note to the customer while the feature is off', async () => {
    loop.shop.fulfilments.feature = 'off';
    const order = await atWarehouse(1);
    await ship(order, '1');
    expect([loop.shop.fulfilments.all.length, notesToCustomer()]).toEqual([0, [mailed('3S1')]]);
  });

  it('is mailed once each when the feature is switched between two parcels, either way', async () => {
    const order = await atWarehouse(3);
    for (const [number, feature] of [
      ['1', 'off'],
      ['2', 'on'],
      ['3', 'off'],
    ] as const) {
      loop.shop.fulfilments.feature = feature;
      await ship(order, number);
    }
    expect(loop.mails()).toEqual([mailed('3S1'), mailed('3S2'), mailed('3S3')]);
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
  });

  it('is mailed once although the answer to the fulfilment was lost', async () => {
    const order = await atWarehouse(1);
    loop.wc.loseAnswers = 1;
    await ship(order, '1');
    expect(loop.mails()).toEqual([mailed('3S1')]);
    expect(loop.shop.fulfilments.all).toHaveLength(1);
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
  });

  it('is mailed once although the answer was lost and the feature switched before the next try, either way', async () => {
    for (const [before, after] of [
      ['on', 'off'],
      ['off', 'on'],
    ] as const) {
      loop = await startLoop();
      const order = await atWarehouse(1);
      loop.shop.fulfilments.feature = before;
      loop.wc.loseAnswers = 1;
      await loop.hearParcel(loop.parcel(order, '1', 1));
      await loop.run(0);
      loop.shop.fulfilments.feature = after;
      await loop.run();
      expect([before, loop.mails()]).toEqual([before, [mailed('3S1')]]);
    }
  });

  it('changes its own fulfilment when its number changes, and is mailed with the new one', async () => {
    const order = await atWarehouse(2);
    await ship(order, '1');
    await relabel('1', '3SNEW');
    expect(loop.mails()).toEqual([mailed('3S1'), mailed('3SNEW')]);
    expect(loop.shop.fulfilments.all).toHaveLength(1);
    expect(valueOf(loop.shop.fulfilments.all[0], '_items')).toEqual([{ item_id: order.line_items[0]?.id, qty: 1 }]);
  });

  it('fulfils no unit that a clerk has fulfilled or refunded already', async () => {
    const order = await atWarehouse(4);
    const [line] = order.line_items;
    if (line === undefined) throw new Error('No line');
    const items = [{ item_id: line.id, qty: 1 }];
    loop.shop.fulfilments.save(order.id, null, { status: 'fulfilled', meta_data: [{ key: '_items', value: items }] });
    await loop.edit(order, { line_items: [{ ...line, refunded: 1 }] });
    await ship(order, '1', 4);
    expect(valueOf(loop.shop.fulfilments.all[1], '_items')).toEqual([{ item_id: line.id, qty: 2 }]);
  });

  it("is not told again when a clerk's fulfilment carries its number, and finishes a clerk's draft", async () => {
    const [done, draft] = [await atWarehouse(1), await atWarehouse(1)];
    for (const [order, status, code] of [
      [done, 'fulfilled', '3S1'],
      [draft, 'unfulfilled', '3S2'],
    ] as const) {
      const items = [{ item_id: order.line_items[0]?.id, qty: 1 }];
      const meta = [
        { key: '_items', value: items },
        { key: '_tracking_number', value: code },
      ];
      loop.shop.fulfilments.save(order.id, null, { status, meta_data: meta });
    }
    await ship(done, '1');
    await ship(draft, '2');
    expect(loop.mails()).toEqual([mailed('3S2')]);
    expect(loop.shop.fulfilments.all.map((one) => one.is_fulfilled)).toEqual([true, true]);
  });

  it('is a note to the customer when none of its units stands on the order: the store refuses an empty fulfilment', async () => {
    const order = await atWarehouse(1);
    const parcel = loop.parcel(order, '1', 1);
    await loop.hearParcel({ ...parcel, lines: [{ articleCode: 'gift_card', quantity: 1 }] });
    await loop.run();
    expect([loop.shop.fulfilments.all.length, notesToCustomer()]).toEqual([0, [mailed('3S1')]]);
  });
});
