import { connectWooCommerce } from '../../../src/platforms/woocommerce/platform.js';
import { createHttp, type HttpClient } from '../../../src/platforms/http.js';
import type { AdapterWorld, CallContext, StorePort } from '../../../src/platforms/platform.js';
import { startShopSimulator, type ShopSimulator } from '../../../src/simulators/shop/server.js';

let shop: ShopSimulator;
let store: StorePort;
let transport: HttpClient;
let sends: 'allowed' | 'lost';

const call: CallContext = {
  get signal() {
    return AbortSignal.timeout(5000);
  },
  mayStillSend: () => Promise.resolve(sends === 'allowed'),
  traceId: 'trace',
};

beforeEach(async () => {
  sends = 'allowed';
  shop = await startShopSimulator();
  transport = createHttp();
  const values = { consumerKey: 'ck_simulated', consumerSecret: 'cs_simulated', secret: 'whsec_c2VjcmV0' };
  const world: AdapterWorld = {
    http: transport.http,
    now: Date.now,
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

  it('reads changed orders page by page until a short page', async () => {
    for (let count = 0; count < 120; count += 1) shop.shop.place();
    const first = await store.listChanged({ since: '2020-01-01T00:00:00Z', page: 1 }, call);
    const second = await store.listChanged({ since: '2020-01-01T00:00:00Z', page: first.next ?? 0 }, call);
    expect([first.rows.length, second.rows.length, second.next]).toEqual([100, 20, null]);
  });

  it('finds orders in the trash, which WooCommerce leaves out of "any"', async () => {
    const { id } = shop.shop.place();
    shop.shop.edit(id, { status: 'trash' });
    const { rows } = await store.listChanged({ since: '2020-01-01T00:00:00Z', page: 1 }, call);
    expect(rows.map(({ order }) => [order.id, order.status])).toContainEqual([id, 'trash']);
    expect((await store.readOrders([id], call)).map(({ order }) => order.status)).toEqual(['trash']);
  });
});
