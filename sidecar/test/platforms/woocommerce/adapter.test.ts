import type { FulfilmentDraft } from '../../../src/domain/fulfilment.js';
import { connectWooCommerce } from '../../../src/platforms/woocommerce/platform.js';
import { createHttp, type HttpClient } from '../../../src/platforms/http.js';
import type { AdapterWorld, CallContext, StorePort } from '../../../src/platforms/platform.js';
import { startShopSimulator, type ShopSimulator } from '../../../src/simulators/shop/server.js';

let shop: ShopSimulator;
let store: StorePort;
let transport: HttpClient;
let sends: 'allowed' | 'lost';
let clock: number;

const call: CallContext = {
  get signal() {
    return AbortSignal.timeout(5000);
  },
  mayStillSend: () => Promise.resolve(sends === 'allowed'),
  traceId: 'trace',
};

beforeEach(async () => {
  sends = 'allowed';
  clock = Date.parse('2026-11-23T08:00:00Z');
  shop = await startShopSimulator();
  transport = createHttp();
  const values = { consumerKey: 'ck_simulated', consumerSecret: 'cs_simulated', secret: 'whsec_c2VjcmV0' };
  const world: AdapterWorld = {
    http: transport.http,
    now: () => clock,
    newId: () => 'write-1',
    credentials: { read: () => Promise.resolve({ values, version: 1 }), replace: () => Promise.resolve(true) },
    log: () => undefined,
  };
  store = connectWooCommerce({ restUrl: shop.restUrl, siteHash: shop.shop.site }, 'store-1', world);
});
afterEach(async () => {
  await shop.stop();
  await transport.close();
});

describe('A store over wc/v3', () => {
  it('gives an order with its version, and null for one that is gone', async () => {
    const { id } = shop.shop.place();
    await expect(store.readOrder(id, call)).resolves.toMatchObject({
      order: { id, status: 'processing' },
      version: { sequence: 1 },
    });
    shop.shop.remove(id);
    await expect(store.readOrder(id, call)).resolves.toBeNull();
  });

  it('writes a status with a write id that comes back in the outbox', async () => {
    const { id } = shop.shop.place();
    await store.setStatus(id, 'completed', 'write-7', call);
    expect(shop.shop.orders.get(id)?.status).toBe('completed');
    expect(shop.shop.rows.at(-1)).toMatchObject({ entityId: id, writeId: 'write-7' });
  });

  it('does not count a write whose answer does not show it', async () => {
    const { id } = shop.shop.place();
    shop.shop.edit = (edited) => shop.shop.orders.get(edited) ?? shop.shop.place();
    await expect(store.setStatus(id, 'completed', 'w', call)).rejects.toMatchObject({ code: 'not_written' });
  });

  it('leaves the outcome open when the answer to a write is lost', async () => {
    const { id } = shop.shop.place();
    shop.faults.loseAnswers = 1;
    await expect(store.addNote(id, { text: 'Hello', audience: 'customer' }, 'w', call)).rejects.toMatchObject({
      kind: 'unknown_outcome',
    });
    expect(shop.shop.notes).toHaveLength(1);
  });

  it("sends nothing once the job is another worker's", async () => {
    const { id } = shop.shop.place();
    sends = 'lost';
    await expect(store.addNote(id, { text: 'Hello', audience: 'staff' }, 'w', call)).rejects.toMatchObject({
      code: 'lost_lease',
    });
    expect(shop.shop.notes).toHaveLength(0);
  });

  it('names a busy store as unavailable', async () => {
    shop.faults.unavailable = 1;
    await expect(store.readOrder(1, call)).rejects.toMatchObject({ kind: 'unavailable', status: 503 });
  });

  it('finds orders in the trash, which WooCommerce leaves out of "any"', async () => {
    const { id } = shop.shop.place();
    shop.shop.edit(id, { status: 'trash' });
    const { rows } = await store.listChanged({ since: '2020-01-01T00:00:00Z' }, call);
    expect(rows.map(({ order }) => [order.id, order.status])).toContainEqual([id, 'trash']);
    expect((await store.readOrders([id], call)).map(({ order }) => order.status)).toEqual(['trash']);
  });

  it('leaves an order nobody can read out of its lists, reads on behind it, and says by id what is wrong', async () => {
    for (let count = 0; count < 101; count += 1) shop.shop.place();
    const { json } = shop.shop;
    shop.shop.json = (order) => (order.id === 1001 ? { ...json(order), line_items: 'none' } : json(order));
    const first = await store.listChanged({ since: '2020-01-01T00:00:00Z' }, call);
    expect([first.rows.length, first.next]).toEqual([99, expect.anything()]);
    await expect(store.readOrder(1001, call)).rejects.toMatchObject({ kind: 'invalid', code: 'unreadable_order' });
  });

  it('does not take an answer that is no list for an order without notes: the note would be mailed again', async () => {
    const { id } = shop.shop.place();
    Object.assign(shop.shop, { notes: { filter: () => ({ hidden: true }) } });
    await expect(store.notes(id, call)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('Fulfilments over wc/v3', () => {
  const draft = (orderId: number, code: string): FulfilmentDraft => ({
    parcelKey: 'wms-1:s-1',
    carrier: 'PostNL',
    tracking: [{ code, url: `https://track.example/${code}` }],
    items: [{ lineId: orderId * 10, quantity: 1 }],
  });
  const looks = (): number => shop.ledger.filter(({ path }) => path.endsWith('/fulfillments')).length;

  it('are null where the feature is off, and the shop is not asked again for ten minutes', async () => {
    const { id } = shop.shop.place();
    await expect(store.fulfilments(id, call)).resolves.toBeNull();
    shop.shop.fulfilments.feature = 'on';
    await expect(store.fulfilments(id, call)).resolves.toBeNull();
    expect(looks()).toBe(1);
    clock += 10 * 60_000;
    await expect(store.fulfilments(id, call)).resolves.toEqual([]);
  });

  it('are mailed by the store, read back as they were written, and come back in the outbox with their write id', async () => {
    shop.shop.fulfilments.feature = 'on';
    const { id } = shop.shop.place();
    await store.writeFulfilment(id, null, draft(id, '3S1'), 'write-7', call);
    expect(shop.shop.mails).toEqual([expect.stringContaining('3S1')]);
    expect(shop.shop.rows.at(-1)).toMatchObject({ entityId: id, writeId: 'write-7' });
    await expect(store.fulfilments(id, call)).resolves.toEqual([
      {
        id: 1,
        state: 'fulfilled',
        parcelKey: 'wms-1:s-1',
        trackingNumbers: ['3S1'],
        items: [{ lineId: id * 10, quantity: 1 }],
      },
    ]);
  });

  it('keep what others wrote on them when they are changed, but not the link of the old number', async () => {
    shop.shop.fulfilments.feature = 'on';
    const { id } = shop.shop.place();
    await store.writeFulfilment(id, null, draft(id, '3S1'), 'w', call);
    shop.shop.fulfilments.all[0]?.meta_data.push({ key: 'service', value: 'Evening' });
    await store.writeFulfilment(id, 1, { ...draft(id, '3S2'), tracking: [{ code: '3S2', url: null }] }, 'w', call);
    const [written, another] = shop.shop.fulfilments.all;
    expect(another).toBeUndefined();
    expect(written?.meta_data.map(({ key }) => key)).not.toContain('_tracking_url');
    expect(written?.meta_data).toEqual(
      expect.arrayContaining([
        { key: 'service', value: 'Evening' },
        { key: '_tracking_number', value: '3S2' },
      ]),
    );
  });

  it('do not count as written when the answer does not show the number', async () => {
    shop.shop.fulfilments.feature = 'on';
    const { id } = shop.shop.place();
    shop.shop.fulfilments.save = (orderId) => ({ id: 1, orderId, status: 'x', is_fulfilled: false, meta_data: [] });
    await expect(store.writeFulfilment(id, null, draft(id, '3S1'), 'w', call)).rejects.toMatchObject({
      code: 'not_written',
    });
  });

  it("are refused with the shop's own words when there is nothing in them", async () => {
    shop.shop.fulfilments.feature = 'on';
    const { id } = shop.shop.place();
    await expect(store.writeFulfilment(id, null, { ...draft(id, '3S1'), items: [] }, 'w', call)).rejects.toMatchObject({
      kind: 'rejected',
      summary: expect.stringContaining('at least one item') as string,
    });
  });
});
