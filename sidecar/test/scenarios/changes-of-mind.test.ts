import { newJob } from '../../src/queue/enqueue.js';
import { acceptStoreOrders } from '../../src/queue/accept-orders.js';
import { PlatformFailure } from '../../src/platforms/failure.js';
import { translateOrder } from '../../src/platforms/woocommerce/translate.js';
import type { Job } from '../../src/domain/job.js';
import type { ShopOrder } from '../../src/simulators/shop/shop.js';
import { startLoop, type Loop } from './loop.js';

let loop: Loop;
beforeEach(async () => {
  loop = await startLoop();
});

const accepted = { status: 'created', stage: 'accepted', rank: 10 } as const;
const planned = { status: 'planned', stage: 'planned', rank: 30 } as const;
const held = { status: 'problem', stage: 'held', rank: 35 } as const;
const shipped = { status: 'shipped', stage: 'shipped', rank: 60 } as const;
const cancelled = { status: 'cancelled', stage: 'cancelled', rank: 60 } as const;

const bought = async (): Promise<ShopOrder> => {
  const order = await loop.buy();
  await loop.run();
  return order;
};
const becomes = async (order: ShopOrder, change: Partial<ShopOrder>): Promise<void> => {
  loop.clock.now += 5_000;
  await loop.edit(order, change);
  await loop.run();
};
const hears = async (order: ShopOrder, change: Parameters<Loop['hearOrder']>[1]): Promise<void> => {
  await loop.hearOrder(order, change);
  await loop.run();
};
const status = (order: ShopOrder): string | undefined => loop.shop.orders.get(order.id)?.status;
const lastPush = async (): Promise<Job | undefined> =>
  (await loop.jobs()).filter(({ kind }) => kind === 'order.push').at(-1);
const lastDraft = () => [...loop.warehouse.drafts.values()].at(-1);

describe('An order that is wanted again after it was cancelled', () => {
  it('needs attention when it comes back from the trash: nobody would ship it', async () => {
    const order = await bought();
    await becomes(order, { status: 'trash' });
    await hears(order, cancelled);
    await becomes(order, { status: 'processing' });
    expect(await lastPush()).toMatchObject({ state: 'dead', lastFailure: { code: 'cancelled_there' } });
    expect(status(order)).toBe('processing');
  });

  it('needs attention as well when the warehouse had cancelled it of its own accord', async () => {
    const order = await bought();
    await hears(order, cancelled);
    expect(status(order)).toBe('cancelled');
    await becomes(order, { status: 'processing' });
    expect(await lastPush()).toMatchObject({ state: 'dead', lastFailure: { code: 'cancelled_there' } });
  });

  it('is not cancelled in the shop a second time by the late word that our own cancellation was done', async () => {
    const order = await bought();
    await becomes(order, { status: 'trash' });
    await becomes(order, { status: 'processing' });
    await hears(order, cancelled);
    expect(status(order)).toBe('processing');
  });

  it('is sent on once the warehouse has taken it up again', async () => {
    const order = await bought();
    await becomes(order, { status: 'trash' });
    await hears(order, cancelled);
    await hears(order, accepted);
    expect((await loop.store.record('wms-1', 'order', 'w-1'))?.body).toMatchObject({ status: 'created' });
    await becomes(order, { status: 'processing' });
    expect(await lastPush()).toMatchObject({ state: 'done' });
    expect(loop.warehouse.effects.at(-1)).toBe(`update OAK-${order.id}`);
  });
});

describe('On hold', () => {
  it("is a person's again once they have taken ours back by hand", async () => {
    const order = await bought();
    await hears(order, held);
    expect(status(order)).toBe('on-hold');
    await becomes(order, { status: 'processing' });
    await becomes(order, { status: 'on-hold' });
    expect(lastDraft()?.hold).toBe(true);
    await hears(order, planned);
    expect(status(order)).toBe('on-hold');
  });

  it('stays ours although the answer was lost: the warehouse is not told to hold, and its release is followed', async () => {
    const order = await bought();
    loseNextAnswer();
    await loop.hearOrder(order, held);
    await loop.run(1_000);
    await echo(order);
    await loop.run();
    expect(lastDraft()?.hold).toBe(false);
    await hears(order, planned);
    expect(status(order)).toBe('processing');
  });
});

describe('An order that changes while it waits or after it was delivered', () => {
  it('goes as soon as the product nobody had matched is taken out of it', async () => {
    const order = await loop.buy({ lines: [{ product_id: 77, variation_id: 78, sku: '' }] });
    await loop.run(1_000);
    expect(await lastPush()).toMatchObject({ state: 'blocked' });
    const [line] = order.line_items;
    if (line === undefined) throw new Error('No line');
    await loop.edit(order, { line_items: [{ ...line, product_id: 11, variation_id: 0, sku: 'green-jacket' }] });
    await loop.run(1_000);
    expect(loop.warehouse.effects).toEqual([`create OAK-${order.id}`]);
  });

  it('is no task for anybody when it is refunded after delivery', async () => {
    const order = await bought();
    await loop.hearParcel(loop.parcel(order, '1', 1));
    await hears(order, shipped);
    loop.warehouse.tooLate = true;
    await becomes(order, { status: 'refunded' });
    expect(await lastPush()).toMatchObject({
      state: 'done',
      sentence: expect.stringMatching(/shipped before/) as string,
    });
  });

  it('is completed once although another plugin moves completed orders on at the same moment', async () => {
    const order = await bought();
    let written = 0;
    loop.wc.setStatus = async (id, _status, writeId) => {
      written += 1;
      await loop.tell(loop.shop.edit(id, { status: 'delivered' }, writeId));
      throw new PlatformFailure({ kind: 'unavailable', code: 'not_written', summary: 'It is "delivered".' });
    };
    await loop.hearParcel(loop.parcel(order, '1', 1));
    await hears(order, shipped);
    expect([written, status(order), loop.mails().length]).toEqual([1, 'delivered', 1]);
    expect((await loop.jobs()).map(({ state }) => state)).not.toContain('dead');
  });

  it('does not take the place of the order that had its number before a backup was restored', async () => {
    const order = await bought();
    loop.clock.now += 60_000;
    const at = new Date(loop.clock.now).toISOString().slice(0, 19);
    const other = { ...order, order_key: 'wc_order_other', customer_note: 'Another shopper', date_modified_gmt: at };
    loop.shop.orders.set(order.id, other);
    await loop.tell(other);
    await loop.run();
    expect(loop.warehouse.effects).toEqual([`create OAK-${order.id}`]);
    expect(await lastPush()).toMatchObject({ state: 'dead', lastFailure: { code: 'reference_taken' } });
  });

  it('is not taken for deleted because a list leaves it out', async () => {
    const order = await bought();
    loop.wc.readOrders = () => Promise.resolve([]);
    await recheck();
    expect(loop.warehouse.effects).toEqual([`create OAK-${order.id}`]);
    loop.shop.orders.delete(order.id);
    await recheck();
    expect(loop.warehouse.effects).toContain(`cancel OAK-${order.id}`);
  });
});

/** The status is written; the shop's answer does not arrive. */
function loseNextAnswer(): void {
  const { setStatus } = loop.wc;
  loop.wc.setStatus = async (...asked) => {
    await setStatus(...asked);
    loop.wc.setStatus = setStatus;
    throw new PlatformFailure({ kind: 'unknown_outcome', summary: 'The answer of the store was lost.' });
  };
}

/** What our own write makes the plugin tell. */
async function echo(order: ShopOrder): Promise<void> {
  const [connection, warehouse] = [await loop.store.connection('store-1'), await loop.store.connection('wms-1')];
  const latest = loop.shop.orders.get(order.id);
  if (connection === null || warehouse === null || latest === undefined) throw new Error('Not set up');
  const read = translateOrder(JSON.parse(JSON.stringify(loop.shop.json(latest))), 0);
  const how = { authoritative: 'no', now: loop.clock.now, traceId: 't', origin: 'order changed' } as const;
  const echoes = new Set([order.id]);
  await loop.apply(
    await acceptStoreOrders({ reads: loop.store, connection, warehouses: [warehouse], orders: [read], echoes, ...how }),
  );
}

async function recheck(): Promise<void> {
  const connection = await loop.store.connection('store-1');
  if (connection === null) throw new Error('Not set up');
  const { now } = loop.clock;
  const ask = {
    kind: 'store.recheck',
    connection,
    subject: 'store:store-1',
    traceId: 't',
    origin: 'schedule',
  } as const;
  await loop.apply([{ write: 'enqueue', onDead: 'revive', job: newJob({ ...ask, now }) }]);
  await loop.run();
}
