/** Events of the warehouse in any order: progress is believed, a step back is asked about. */
import { readFileSync } from 'node:fs';
import type { WarehouseOrder } from '../../src/domain/warehouse-order.js';
import { orderUuid } from '../../src/domain/identity.js';
import {
  aBatch,
  aRow,
  aWcOrder,
  connectWarehouse,
  hmac,
  pairShop,
  startSidecar,
  type Shop,
  type TestSidecar,
} from './sidecar.js';

const REMOTE_ID = 'c9165f93-8301-4aaa-9f64-27f191c0c778';
let sidecar: TestSidecar;
let shop: Shop;
let north: { id: string; secret: string };
let sent = 0;

beforeEach(async () => {
  sidecar = await startSidecar();
  shop = await pairShop(sidecar);
  await sidecar.signed('/v1/outbox', shop, aBatch([aRow(1)], { '727': aWcOrder() }));
  const { connection, secret } = await connectWarehouse(sidecar, shop);
  north = { id: connection.id, secret };
});
afterEach(() => sidecar.stop());

async function deliver(name: string, change: (text: string) => string = (text) => text): Promise<void> {
  const body = change(
    readFileSync(new URL(`../samples/ewarehousing/webhook-${name}.raw.json`, import.meta.url), 'utf8'),
  );
  const headers = { 'x-webhook-id': `w${++sent}`, 'x-hmac-sha256': hmac(north.secret, body) };
  expect((await sidecar.ask('POST', `/webhook/wms/${north.id}`, body, headers)).status).toBe(200);
  sidecar.clock.now += 1_000;
}
const carrying = (uuid: string) => (text: string) => {
  const event = JSON.parse(text) as { body: Record<string, unknown> };
  return JSON.stringify({ ...event, body: { ...event.body, meta_data: { tallyman_uuid: uuid } } });
};
const held = async () => (await sidecar.store.record(north.id, 'order', REMOTE_ID))?.body as WarehouseOrder;
const jobs = async (kind: string) =>
  (await sidecar.store.jobs({ kinds: [kind] }, { limit: 50, offset: 0, sort: 'oldest' })).rows;

test('each step on is remembered and carried into the shop by one waiting job', async () => {
  for (const step of ['order.planned', 'order.processing', 'order.shipped']) await deliver(step);
  expect((await held()).status).toBe('shipped');
  expect(await jobs('order.status')).toMatchObject([
    { subject: 'order:727', payload: { remoteId: REMOTE_ID }, orderingKey: `order:${shop.connectionId}:727` },
  ]);
  expect((await sidecar.store.record(north.id, 'order', REMOTE_ID))?.final).toBe(true);
});

test('a step back is not believed: the record stays and the order is read again by id', async () => {
  await deliver('order.shipped');
  await deliver('order.planned');
  expect((await held()).status).toBe('shipped');
  expect(await jobs('order.status')).toMatchObject([{ payload: { remoteId: REMOTE_ID, confirm: true } }]);
});

test('two words of one rank may have overtaken each other: the order is read again by id', async () => {
  await deliver('order.updated-on_hold');
  await deliver('order.updated-backorder');
  expect(await jobs('order.status')).toMatchObject([{ payload: { confirm: true } }]);
});

test('shipped and planned at the same moment end as shipped, whoever is first', async () => {
  await Promise.all([deliver('order.shipped'), deliver('order.planned'), deliver('order.processing')]);
  expect((await held()).status).toBe('shipped');
});

test('news of articles and returns do not wait for one another: three are stored at one time', async () => {
  const { store } = sidecar;
  const apply = store.apply.bind(store);
  const { promise: allThree, resolve } = Promise.withResolvers<void>();
  let there = 0;
  store.apply = async (unit) => {
    if ((there += 1) === 3) resolve();
    await allThree;
    return apply(unit);
  };
  await Promise.all([deliver('stock.updated'), deliver('stock.updated'), deliver('stock.updated')]);
});

test('an order with our number but another uuid is not ours', async () => {
  await deliver('order.shipped', carrying('00000000-0000-0000-0000-000000000000'));
  expect(await held()).toBeUndefined();
  expect(await jobs('order.status')).toEqual([]);
});

test('an order with our number and our uuid is ours', async () => {
  const uuid = orderUuid(shop.connectionId, 727, 'wc_order_abc');
  await deliver('order.shipped', carrying(uuid));
  expect((await held()).uuid).toBe(uuid);
});

test("each parcel is a record and a job of its own, in the order's row", async () => {
  await deliver('shipment.created');
  await deliver('shipment.created', (text) =>
    text.replaceAll('1701bf71-0b9a-4984-bee5-c9e83b7d2c1d', 'second').replaceAll('SHP00000001234', 'SHP2'),
  );
  expect(await jobs('shipment.apply')).toMatchObject([
    { payload: { shipmentId: '1701bf71-0b9a-4984-bee5-c9e83b7d2c1d' } },
    { payload: { shipmentId: 'second' } },
  ]);
  expect(
    await sidecar.store.records({ connectionId: north.id, type: 'shipment', lookup: '727', limit: 5 }),
  ).toHaveLength(2);
});

test('the same parcel told twice under two delivery ids is one job', async () => {
  await deliver('shipment.created');
  await deliver('shipment.created');
  expect(await jobs('shipment.apply')).toHaveLength(1);
});
