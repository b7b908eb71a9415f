/** What came in, as it came: looked at, and worked through again without doing anything twice. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DeliveryDetail, DeliveryList, DeliveryRow } from '../../src/http/api.js';
import { memoryStore } from '../../src/stores/memory.js';
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

const DAY = 86_400_000;
let sidecar: TestSidecar;
let shop: Shop;
let north: { id: string; secret: string };

beforeEach(async () => {
  sidecar = await startSidecar({ store: memoryStore() });
  shop = await pairShop(sidecar);
  const { connection, secret } = await connectWarehouse(sidecar, shop);
  north = { id: connection.id, secret };
  await sidecar.signed('/v1/outbox', shop, aBatch([aRow(1)], { '727': aWcOrder() }));
  sidecar.clock.now += 1000;
});
afterEach(() => sidecar.stop());

const sample = (name: string) =>
  readFileSync(new URL(`../samples/ewarehousing/webhook-${name}.raw.json`, import.meta.url), 'utf8');
async function deliver(body: string, id: string): Promise<void> {
  const headers = { 'x-webhook-id': id, 'x-hmac-sha256': hmac(north.secret, body) };
  expect((await sidecar.ask('POST', `/webhook/wms/${north.id}`, body, headers)).status).toBe(200);
}
const list = async (query = ''): Promise<DeliveryList> =>
  (await sidecar.api('GET', `/deliveries${query}`)).json as DeliveryList;
const newest = async (): Promise<DeliveryRow> => (await list()).rows[0]!;
const detail = async (id: string, role: 'viewer' | 'operator' = 'operator'): Promise<DeliveryDetail> =>
  (await sidecar.api('GET', `/deliveries/${id}`, null, role)).json as DeliveryDetail;
const replay = (id: string, role: 'viewer' | 'operator' = 'operator') =>
  sidecar.api('POST', `/deliveries/${id}/replay`, {}, role);
const jobs = async () => (await sidecar.store.jobs({}, { limit: 100, offset: 0, sort: 'oldest' })).rows;

test('are listed newest first, each with its state and how often it came', async () => {
  await deliver(sample('order.shipped'), 'w1');
  await deliver(sample('order.shipped'), 'w1');
  const { rows, total } = await list();
  expect(total).toBe(2);
  expect(rows).toMatchObject([
    { topic: 'order.shipped', state: 'processed', sentence: 'Worked through.', duplicates: 1, key: 'id:w1' },
    { topic: 'outbox', connection: { id: shop.connectionId }, duplicates: 0 },
  ]);
});

test('can be narrowed by connection, state, topic and words', async () => {
  await deliver(sample('order.shipped'), 'w1');
  await deliver('not json', 'w2');
  expect((await list(`?connection=${north.id}`)).total).toBe(2);
  expect((await list('?state=dead')).rows).toMatchObject([
    { key: 'id:w2', sentence: 'Could not be used: The body cannot be decoded.' },
  ]);
  expect((await list('?topic=order.shipped')).total).toBe(1);
  expect((await list('?search=W1')).total).toBe(1);
  expect((await list('?connection=elsewhere')).total).toBe(0);
});

test('one says how it was proven, what it became, and what was in it without naming a shopper', async () => {
  await deliver(sample('order.shipped'), 'w1');
  const shown = await detail((await newest()).id);
  expect(shown.verified).toContain('signature was checked');
  expect(shown.size).toBe(Buffer.byteLength(sample('order.shipped')));
  expect(shown.jobs).toMatchObject([{ kind: 'order.status', order: { id: 727 } }]);
  expect(shown.records).toHaveLength(1);
  expect(shown).toMatchObject({ bodyNote: null, actions: ['replay'] });
  expect(shown.body).toContain('"status": "shipped"');
  expect(shown.body).not.toContain('@');
});

test('a hand-over of the shop leads to the jobs of its rows, and names no shopper', async () => {
  const [handOver] = (await list(`?connection=${shop.connectionId}`)).rows;
  const shown = await detail(handOver!.id);
  expect(shown.jobs).toMatchObject([{ kind: 'order.push', order: { id: 727 } }]);
  expect(shown.records).toMatchObject([{ type: 'order', label: '1727' }]);
  for (const personal of ['eva@example.com', 'Kerkstraat', 'de Vries']) expect(shown.body).not.toContain(personal);
  expect(shown.body).toContain('"quantity": 2');
});

test('a viewer sees what became of it, but not what was in it, and may not replay it', async () => {
  await deliver(sample('order.shipped'), 'w1');
  const { id } = await newest();
  const shown = await detail(id, 'viewer');
  expect(shown).toMatchObject({ body: null, actions: [], jobs: [{ kind: 'order.status' }] });
  expect(shown.bodyNote).toContain('may only look');
  expect((await replay(id, 'viewer')).status).toBe(403);
});

test('replayed, a delivery that was worked through does nothing twice', async () => {
  await deliver(sample('order.shipped'), 'w1');
  await deliver(sample('shipment.created'), 'w2');
  const before = await jobs();
  for (const { id } of (await list()).rows) {
    expect((await replay(id)).json.sentence).toBe(
      'Worked through again. Nothing new came of it: all of it is known already.',
    );
  }
  expect(await jobs()).toEqual(before);
  const activity = await sidecar.store.activity({ subject: `delivery:${(await newest()).id}` }, 5);
  expect(activity).toMatchObject([{ who: 'token operator', what: 'Worked through again.' }]);
});

test('an older word that is replayed does not take an order back', async () => {
  await deliver(sample('order.planned'), 'w1');
  const { id } = await newest();
  sidecar.clock.now += 1000;
  await deliver(sample('order.shipped'), 'w2');
  await replay(id);
  const [record] = await sidecar.store.records({ connectionId: north.id, type: 'order', limit: 5 });
  expect((record!.body as { status: string }).status).toBe('shipped');
});

test('one that was nobody’s when it came is taken once it is ours', async () => {
  const body = sample('order.shipped').replaceAll('WC-727', 'OLD-727');
  await deliver(body, 'w1');
  const ignored = await newest();
  expect(ignored).toMatchObject({ state: 'ignored' });
  const store = (await sidecar.store.connection(shop.connectionId))!;
  const renamed = { ...store, settings: { ...store.settings, storeCode: 'OLD' } };
  await sidecar.store.apply({
    now: sidecar.clock.now,
    guards: [],
    writes: [{ write: 'putConnection', connection: renamed }],
  });
  const { json } = await replay(ignored.id);
  expect(json.sentence).toBe('Worked through again: 1 job queued.');
  expect(json.delivery).toMatchObject({ state: 'processed', jobs: [{ kind: 'order.status', order: { id: 727 } }] });
});

test('one that cannot be decoded still cannot, and says so', async () => {
  await deliver('not json', 'w1');
  const { json } = await replay((await newest()).id);
  expect(json).toMatchObject({
    sentence: 'Worked through again. The body cannot be decoded.',
    delivery: { state: 'dead' },
  });
});

test('an order that an older version could not read is taken after the update', async () => {
  const unreadable = await startSidecar({
    store: memoryStore(),
    readOrder: () => {
      throw new Error('what is this');
    },
  });
  const pine = await pairShop(unreadable);
  await connectWarehouse(unreadable, pine);
  await unreadable.signed('/v1/outbox', pine, aBatch([aRow(1)], { '727': aWcOrder() }));
  const [dead] = (await unreadable.api('GET', '/deliveries?state=dead')).json.rows;
  expect(dead).toMatchObject({ topic: 'outbox.order' });
  const updated = await startSidecar({ store: unreadable.store });
  const { json } = await updated.api('POST', `/deliveries/${dead.id}/replay`, {}, 'operator');
  expect(json).toMatchObject({ sentence: 'Worked through again: 1 job queued.', delivery: { state: 'processed' } });
  const again = await updated.api('POST', `/deliveries/${dead.id}/replay`, {}, 'operator');
  expect(again.json.sentence).toContain('Nothing new came of it');
  await unreadable.stop();
  await updated.stop();
});

test('a hand-over that could not be decoded is worked through once it can', async () => {
  const body = aBatch([aRow(2, { entityId: '728' })], { '728': aWcOrder({ id: 728, number: '1728' }) });
  const delivery = {
    id: 'kept',
    orgId: 'default',
    connectionId: shop.connectionId,
    dedupeKey: `batch:${createHash('sha256').update(body).digest('hex')}`,
    topic: 'outbox',
    state: 'dead',
    body: new TextEncoder().encode(body),
    note: 'The batch has another shape than agreed.',
  } as const;
  await sidecar.store.apply({ now: sidecar.clock.now, guards: [], writes: [{ write: 'insertDelivery', delivery }] });
  expect((await replay('kept')).json).toMatchObject({
    sentence: 'Worked through again: 1 job queued.',
    delivery: { state: 'processed', records: [{ label: '1728' }] },
  });
  expect((await replay('kept')).json.sentence).toContain('Nothing new came of it');
});

test('after its body is gone it can be looked at, and a replay is refused with the reason', async () => {
  await deliver(sample('order.shipped'), 'w1');
  const { id } = await newest();
  const retention = {
    doneJobsMs: DAY,
    activityMs: 365 * DAY,
    deliveryBodyMs: 30 * DAY,
    dedupeKeyMs: 365 * DAY,
    recordBodyMs: 90 * DAY,
  };
  await sidecar.store.prune(sidecar.clock.now + 31 * DAY, retention, 1000);
  expect(await detail(id)).toMatchObject({
    body: null,
    size: null,
    actions: [],
    bodyNote: expect.stringContaining('deleted'),
  });
  expect(await replay(id)).toMatchObject({
    status: 409,
    json: { error: 'illegal_move', message: 'It cannot be worked through again: its body has been deleted.' },
  });
});

test('nothing of another organisation or another shop is seen or replayed', async () => {
  const { id } = await newest();
  expect((await sidecar.api('GET', '/deliveries', null, 'admin', 'other')).json.total).toBe(0);
  expect((await sidecar.api('GET', `/deliveries/${id}`, null, 'admin', 'other')).status).toBe(404);
  expect((await sidecar.api('POST', `/deliveries/${id}/replay`, {}, 'admin', 'other')).status).toBe(404);
  const second = await pairShop(sidecar, {
    siteUrl: 'https://pine.example',
    siteHash: 'b'.repeat(64),
    storeCode: 'PI',
  });
  expect((await sidecar.call(second, 'GET', '/api/v1/deliveries')).json.total).toBe(0);
  expect((await sidecar.call(second, 'POST', `/api/v1/deliveries/${id}/replay`, { body: {} })).status).toBe(404);
});
