/** What strangers, wrong clocks, broken senders and repetitions get, on a server that really listens. */
import { readFileSync } from 'node:fs';
import {
  aBatch,
  aRow,
  aWcOrder,
  connectWarehouse,
  hmac,
  NOON,
  pairShop,
  startSidecar,
  whatIsStored,
  type Answer,
  type Shop,
  type TestSidecar,
} from './sidecar.js';

let sidecar: TestSidecar;
let shop: Shop;

beforeEach(async () => {
  sidecar = await startSidecar();
  shop = await pairShop(sidecar);
});
afterEach(() => sidecar.stop());

const sample = (name: string) =>
  readFileSync(new URL(`../samples/ewarehousing/webhook-${name}.raw.json`, import.meta.url));
const BATCH = aBatch([aRow(1)], { '727': aWcOrder() });

describe('an outbox hand-over', () => {
  test('unsigned is refused, and nothing is stored', async () => {
    const answer = await sidecar.ask('POST', '/v1/outbox', BATCH, {
      'tallyman-store': shop.connectionId,
      'tallyman-protocol': '1',
    });
    expect(answer.status).toBe(401);
    expect((await whatIsStored(sidecar.store, shop.connectionId)).deliveries).toEqual([]);
  });

  test('wrongly signed, unsigned and from a stranger are refused in the same words', async () => {
    const bodies = [
      await sidecar.ask('POST', '/v1/outbox', BATCH, { 'tallyman-store': shop.connectionId }),
      await sidecar.signed('/v1/outbox', { ...shop, secret: 'whsec_AAAA' }, BATCH),
      await sidecar.signed('/v1/outbox', { ...shop, connectionId: 'nobody' }, BATCH),
    ];
    expect(bodies.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(bodies.map(({ text }) => text)).size).toBe(1);
  });

  test('one changed byte is enough', async () => {
    const id = 'msg';
    const timestamp = Math.floor(NOON / 1000);
    const { sign } = await import('../../src/http/signature.js');
    const headers = {
      'tallyman-protocol': '1',
      'tallyman-store': shop.connectionId,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': sign(shop.secret, id, timestamp, BATCH),
    };
    expect((await sidecar.ask('POST', '/v1/outbox', BATCH.replace('29.35', '29.36'), headers)).status).toBe(401);
    expect((await sidecar.ask('POST', '/v1/outbox', BATCH, headers)).status).toBe(200);
  });

  test("stale is refused with the server's time, so that a wrong clock is named", async () => {
    const answer = await sidecar.signed('/v1/outbox', shop, BATCH, { at: NOON - 301_000 });
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ error: 'stale', serverTime: '2026-11-20T12:00:00.000Z' });
    expect((await whatIsStored(sidecar.store, shop.connectionId)).deliveries).toEqual([]);
  });

  test('repeated is answered alike and stores nothing more', async () => {
    const first = await sidecar.signed('/v1/outbox', shop, BATCH);
    const before = await whatIsStored(sidecar.store, shop.connectionId);
    const second = await sidecar.signed('/v1/outbox', shop, BATCH);
    const rewritten = await sidecar.signed(
      '/v1/outbox',
      shop,
      aBatch([aRow(1)], { '727': aWcOrder() }, { sentAt: 'later' }),
    );
    expect([first.status, second.status, rewritten.status]).toEqual([200, 200, 200]);
    expect(second.json.acknowledged).toEqual(first.json.acknowledged);
    expect(rewritten.json.acknowledged).toEqual(first.json.acknowledged);
    expect(await whatIsStored(sidecar.store, shop.connectionId)).toEqual(before);
  });

  test('two at the same moment store it once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => sidecar.signed('/v1/outbox', shop, BATCH)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await whatIsStored(sidecar.store, shop.connectionId)).deliveries).toHaveLength(1);
  });

  test.each([
    ['not JSON', 'this is not JSON'],
    ['half a JSON', BATCH.slice(0, 200)],
    ['another shape', '{"rows":"none"}'],
    ['deeply nested', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ])('signed but undecodable (%s) is kept raw as a dead delivery and answered 202', async (_name, body) => {
    const answer = await sidecar.signed('/v1/outbox', shop, body);
    expect(answer.status).toBe(202);
    const { deliveries } = await whatIsStored(sidecar.store, shop.connectionId);
    expect(deliveries).toMatchObject([{ state: 'dead', topic: 'outbox' }]);
    expect(Buffer.from(deliveries[0]!.body!).toString()).toBe(body);
    await sidecar.signed('/v1/outbox', shop, body);
    expect((await whatIsStored(sidecar.store, shop.connectionId)).deliveries).toHaveLength(1);
  });

  test('one unreadable order does not hold up the others of its batch', async () => {
    const batch = aBatch([aRow(1), aRow(2, { entityId: '728' })], { '727': { id: 'x' }, '728': aWcOrder({ id: 728 }) });
    const answer = await sidecar.signed('/v1/outbox', shop, batch);
    expect(answer.json.acknowledged).toHaveLength(2);
    expect(await sidecar.store.record(shop.connectionId, 'order', '728')).not.toBeNull();
    const { deliveries } = await whatIsStored(sidecar.store, shop.connectionId);
    expect(deliveries.map(({ topic, state }) => `${topic} ${state}`).sort()).toEqual([
      'outbox processed',
      'outbox.order dead',
    ]);
    const { rows } = await sidecar.store.jobs({ kinds: ['order.read'] }, { limit: 9, offset: 0, sort: 'oldest' });
    expect(rows.map(({ subject }) => subject)).toEqual(['order:727']);
  });

  test('over 1 MB is refused', async () => {
    const answer = await sidecar.signed('/v1/outbox', shop, aBatch([], {}, { padding: 'x'.repeat(1024 * 1024) }));
    expect(answer.status).toBe(413);
    expect(answer.json.error).toBe('too_large');
  });

  test('a protocol we do not speak is named', async () => {
    const answer = await sidecar.signed('/v1/outbox', shop, BATCH, { protocol: '7' });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain('protocol 7');
  });
});

describe('a webhook of the warehouse', () => {
  let path: string;
  let secret: string;
  let warehouseId: string;

  beforeEach(async () => {
    await sidecar.signed('/v1/outbox', shop, BATCH);
    const warehouse = await connectWarehouse(sidecar, shop);
    warehouseId = warehouse.connection.id;
    path = `/webhook/wms/${warehouseId}`;
    secret = warehouse.secret;
  });

  const deliver = (body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
    sidecar.ask('POST', path, body, { 'x-webhook-id': 'w1', 'x-hmac-sha256': hmac(secret, body), ...headers });

  test('unsigned and wrongly signed are refused in the same words', async () => {
    const body = sample('order.shipped');
    const unsigned = await sidecar.ask('POST', path, body, { 'x-webhook-id': 'w1' });
    const wrong = await deliver(body, { 'x-hmac-sha256': hmac('another', body) });
    const empty = await deliver(body, { 'x-hmac-sha256': hmac('', body) });
    expect([unsigned.status, wrong.status, empty.status]).toEqual([401, 401, 401]);
    expect(unsigned.text).toBe(wrong.text);
    expect((await whatIsStored(sidecar.store, warehouseId)).deliveries).toEqual([]);
  });

  test('to a connection nobody knows is answered 404', async () => {
    const body = sample('order.shipped');
    for (const unknown of [
      '/webhook/wms/nobody',
      `/webhook/wms/${shop.connectionId}`,
      `/webhook/square/${warehouseId}`,
    ]) {
      expect((await sidecar.ask('POST', unknown, body, { 'x-hmac-sha256': hmac(secret, body) })).status).toBe(404);
    }
  });

  test('is stored with its job before it is answered', async () => {
    const answer = await deliver(sample('order.shipped'));
    expect(answer.status).toBe(200);
    const { rows } = await sidecar.store.jobs({ kinds: ['order.status'] }, { limit: 10, offset: 0, sort: 'oldest' });
    expect(rows).toMatchObject([{ subject: 'order:727', connectionId: warehouseId, state: 'queued' }]);
    expect(await sidecar.store.deliveries({ connectionId: warehouseId }, 10)).toMatchObject([
      { topic: 'order.shipped', state: 'processed' },
    ]);
  });

  test('that comes again is answered 200, counted, and changes nothing', async () => {
    await deliver(sample('order.shipped'));
    const before = await whatIsStored(sidecar.store, warehouseId);
    const again = await deliver(sample('order.shipped'));
    expect(again.status).toBe(200);
    const after = await whatIsStored(sidecar.store, warehouseId);
    expect(after.jobs).toEqual(before.jobs);
    expect(after.deliveries).toMatchObject([{ duplicates: 1 }]);
  });

  test('twice at the same moment is stored once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => deliver(sample('shipment.created'))));
    const { deliveries } = await whatIsStored(sidecar.store, warehouseId);
    expect(deliveries).toMatchObject([{ duplicates: 3 }]);
  });

  test('with one delivery id but two bodies at the same moment is stored once', async () => {
    const { apply } = sidecar.store;
    const both = Promise.withResolvers<void>();
    let storing = 0;
    // Neither is stored before both are about to be: only the store's own guard can tell them apart.
    sidecar.store.apply = async (unit) => {
      if (unit.guards.some(({ guard }) => guard === 'newDelivery')) storing += 1;
      if (storing === 2) both.resolve();
      await both.promise;
      return apply(unit);
    };
    const statuses = await Promise.all([deliver(sample('shipment.created')), deliver(sample('order.planned'))]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 200]);
    expect((await whatIsStored(sidecar.store, warehouseId)).deliveries).toMatchObject([{ duplicates: 1 }]);
  });

  test('with a topic nobody uses is answered 200, kept and logged, once however often it comes', async () => {
    const body = JSON.stringify({ group: 'moon', action: 'landed', body: {} });
    for (let time = 0; time < 3; time += 1) expect((await deliver(body)).status).toBe(200);
    expect(await sidecar.store.deliveries({ connectionId: warehouseId }, 10)).toMatchObject([
      { topic: 'moon.landed', state: 'ignored' },
    ]);
    expect(sidecar.log.filter(({ event }) => event === 'webhook.ignored')).toMatchObject([{ topic: 'moon.landed' }]);
  });

  test('signed but undecodable is kept raw as a dead delivery', async () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    expect((await deliver(body)).status).toBe(200);
    const { deliveries } = await whatIsStored(sidecar.store, warehouseId);
    expect(deliveries).toMatchObject([{ state: 'dead', note: 'The body cannot be decoded.' }]);
    expect(Buffer.from(deliveries[0]!.body!)).toEqual(body);
  });

  test('over 1 MB is refused', async () => {
    expect((await deliver('x'.repeat(1024 * 1024 + 1))).status).toBe(413);
  });

  test("about another sender's order in the same account is kept and ignored", async () => {
    const body = sample('order.shipped').toString().replaceAll('WC-727', 'B2B-9');
    expect((await deliver(body)).status).toBe(200);
    expect(await sidecar.store.deliveries({ connectionId: warehouseId }, 10)).toMatchObject([{ state: 'ignored' }]);
    const { total } = await sidecar.store.jobs({ kinds: ['order.status'] }, { limit: 1, offset: 0, sort: 'oldest' });
    expect(total).toBe(0);
  });

  test('that cannot be stored is answered 5xx, so that the warehouse sends it again', async () => {
    const { apply } = sidecar.store;
    sidecar.store.apply = async () => Promise.reject(new Error('disk full'));
    const answer = await deliver(sample('order.shipped'));
    sidecar.store.apply = apply;
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('disk full');
    expect((await deliver(sample('order.shipped'))).status).toBe(200);
    expect(await sidecar.store.deliveries({ connectionId: warehouseId }, 10)).toHaveLength(1);
  });

  test('after a hundred unsigned ones in a minute strangers are told to wait, signed ones still get through', async () => {
    const body = sample('order.shipped');
    const statuses: number[] = [];
    for (let round = 0; round < 102; round += 1) statuses.push((await sidecar.ask('POST', path, body)).status);
    expect(statuses.slice(0, 100)).toEqual(Array<number>(100).fill(401));
    expect(statuses.slice(100)).toEqual([429, 429]);
    expect((await deliver(body)).status).toBe(200);
    sidecar.clock.now += 61_000;
    expect((await sidecar.ask('POST', path, body)).status).toBe(401);
  });
});

test('no log line carries a body, a secret or an address of a shopper', async () => {
  await sidecar.signed('/v1/outbox', shop, BATCH);
  const { connection, secret } = await connectWarehouse(sidecar, shop);
  await sidecar.ask('POST', `/webhook/wms/${connection.id}`, sample('order.shipped'), {
    'x-hmac-sha256': hmac(secret, sample('order.shipped')),
  });
  await sidecar.api('GET', '/jobs?search=eva%40example.com');
  const text = JSON.stringify(sidecar.log);
  for (const planted of ['eva@example.com', 'Kerkstraat', shop.secret, secret, 'a-password', 'cs_1'])
    expect(text).not.toContain(planted);
});
