/** What becomes of the shop's changes: one record an order, one push for each warehouse, nothing for our own echoes. */
import type { Mapping } from '../../src/domain/mapping.js';
import type { StoreOrder } from '../../src/domain/order.js';
import { aMapping } from '../build.js';
import {
  aBatch,
  aRow,
  aWcOrder,
  connectWarehouse,
  EPOCH,
  pairShop,
  startSidecar,
  type Shop,
  type TestSidecar,
} from './sidecar.js';

let sidecar: TestSidecar;
let shop: Shop;
let north: string;

beforeEach(async () => {
  sidecar = await startSidecar();
  shop = await pairShop(sidecar);
  north = (await connectWarehouse(sidecar, shop)).connection.id;
});
afterEach(() => sidecar.stop());

const hand = (rows: object[], orders: Record<string, unknown> = {}, changes: Record<string, unknown> = {}) =>
  sidecar.signed('/v1/outbox', shop, aBatch(rows, orders, changes));
const jobs = async (kind: string) =>
  (await sidecar.store.jobs({ kinds: [kind] }, { limit: 50, offset: 0, sort: 'oldest' })).rows;
const order = async () => (await sidecar.store.record(shop.connectionId, 'order', '727'))?.body as StoreOrder;
const endAll = async () => {
  for (const { id } of await jobs('order.push')) {
    await sidecar.store.apply({
      now: sidecar.clock.now,
      guards: [],
      writes: [{ write: 'moveJob', jobId: id, move: 'cancel', patch: {} }],
    });
  }
};
const later = (changes: Record<string, unknown> = {}, sequence = 2) =>
  aWcOrder({ date_modified_gmt: '2026-11-20T12:00:09', tallyman: { sequence, lines: {} }, ...changes });

test('a new order is kept and queued for the warehouse, with the trace of the hook that told', async () => {
  const answer = await hand([aRow(1)], { '727': aWcOrder() });
  expect(answer.json).toEqual({ acknowledged: [aRow(1).id], now: '2026-11-20T12:00:00.000Z' });
  expect(await order()).toMatchObject({ number: '1727', status: 'processing' });
  expect(await jobs('order.push')).toMatchObject([
    { connectionId: north, subject: 'order:727', orderingKey: `order:${shop.connectionId}:727`, traceId: 'trace-1' },
  ]);
  expect(sidecar.nudges.count).toBeGreaterThan(0);
});

test('ten edits of one order become one push', async () => {
  for (let edit = 1; edit <= 10; edit += 1) {
    await hand([aRow(edit)], {
      '727': aWcOrder({
        customer_note: `edit ${edit}`,
        date_modified_gmt: `2026-11-20T12:00:${10 + edit}`,
        tallyman: { sequence: edit, lines: {} },
      }),
    });
  }
  expect(await jobs('order.push')).toHaveLength(1);
  expect((await order()).customerNote).toBe('edit 10');
});

test('a save that changes nothing queues nothing', async () => {
  await hand([aRow(1)], { '727': aWcOrder() });
  await endAll();
  await hand([aRow(2)], { '727': aWcOrder({ date_modified_gmt: '2026-11-20T12:00:09' }) });
  expect((await jobs('order.push')).filter(({ state }) => state === 'queued')).toEqual([]);
});

test('an older representation that arrives late is refused', async () => {
  await hand([aRow(2)], { '727': later({ customer_note: 'new' }) });
  await hand([aRow(1)], { '727': aWcOrder({ customer_note: 'old' }) });
  expect((await order()).customerNote).toBe('new');
});

test('two representations of one version that differ are settled by a fresh read', async () => {
  await hand([aRow(1)], { '727': aWcOrder() });
  await hand([aRow(2)], { '727': aWcOrder({ customer_note: 'other' }) });
  expect(await jobs('order.read')).toMatchObject([{ connectionId: shop.connectionId, subject: 'order:727' }]);
});

test('a row without its order asks the shop for it', async () => {
  await hand([aRow(1)]);
  expect(await jobs('order.read')).toHaveLength(1);
});

test.each([
  ['deleted', 'deleted'],
  ['trashed', 'trash'],
])('an order that is %s is kept with that state, and the warehouse is told', async (op, status) => {
  await hand([aRow(1)], { '727': aWcOrder() });
  await endAll();
  await hand([aRow(2, { op, occurredAt: '2026-11-20T12:00:02Z' })]);
  expect((await order()).status).toBe(status);
  expect((await jobs('order.push')).filter(({ state }) => state === 'queued')).toHaveLength(1);
});

test('a deleted order nobody ever heard of is acknowledged and forgotten', async () => {
  const answer = await hand([aRow(1, { op: 'deleted' })]);
  expect(answer.json.acknowledged).toHaveLength(1);
  expect(await sidecar.store.record(shop.connectionId, 'order', '727')).toBeNull();
});

describe('our own write that comes back', () => {
  const knownAtNorth = (storeStatus: string): Mapping =>
    aMapping({
      orgId: 'default',
      connectionId: north,
      type: 'order',
      localId: '727',
      remoteId: 'w-1',
      state: 'known',
      storeStatus,
    });

  beforeEach(async () => {
    await hand([aRow(1)], { '727': aWcOrder() });
    await endAll();
    await sidecar.store.apply({
      now: sidecar.clock.now,
      guards: [],
      writes: [{ write: 'putMapping', mapping: knownAtNorth('on-hold') }],
    });
  });
  const queued = async () => (await jobs('order.push')).filter(({ state }) => state === 'queued');

  test('is remembered and queues nothing', async () => {
    await hand([aRow(2, { writeId: 'write-1' })], {
      '727': later({ status: 'on-hold', tallyman: aWcOrder()['tallyman'] }),
    });
    expect((await order()).status).toBe('on-hold');
    expect(await queued()).toEqual([]);
  });

  test('does not hide an edit that is already in it', async () => {
    await hand([aRow(2, { writeId: 'write-1' })], {
      '727': later({ status: 'on-hold', customer_note: 'please ring', tallyman: aWcOrder()['tallyman'] }),
    });
    expect(await queued()).toHaveLength(1);
  });

  test('does not hide that somebody cancelled in the same second', async () => {
    await hand([aRow(2, { writeId: 'write-1' })], {
      '727': later({ status: 'cancelled', tallyman: aWcOrder()['tallyman'] }),
    });
    expect(await queued()).toHaveLength(1);
  });

  test('the same change by a person is no echo', async () => {
    await hand([aRow(2)], { '727': later({ status: 'on-hold', tallyman: aWcOrder()['tallyman'] }) });
    expect(await queued()).toHaveLength(1);
  });
});

test('rows of kinds and with fields of a later plugin are kept and acknowledged', async () => {
  const answer = await hand([aRow(1, { kind: 'product', entityId: 21, colour: 'blue' }), aRow(2)], {
    '727': aWcOrder(),
  });
  expect(answer.json.acknowledged).toHaveLength(2);
  expect((await sidecar.store.outboxStream(shop.connectionId, EPOCH)).contiguous).toBe(2);
});

test('a gap in the sequence is known', async () => {
  await hand([aRow(1), aRow(4)], { '727': aWcOrder() });
  expect(await sidecar.store.outboxStream(shop.connectionId, EPOCH)).toMatchObject({
    contiguous: 1,
    highest: 4,
    missing: [2, 3],
  });
});

test.each([
  ['from another address', [aRow(2)], { site: 'a'.repeat(64) }],
  ['whose sequence is known under another id', [aRow(1, { id: '99999999-0000-4000-8000-000000000001' })], {}],
])('a batch %s is a fork: nothing of it is taken', async (_name, rows, changes) => {
  await hand([aRow(1)], { '727': aWcOrder() });
  const answer = await hand(rows, { '727': later({ customer_note: 'from the copy' }) }, changes);
  expect(answer.status).toBe(409);
  expect(answer.json.error).toBe('forked');
  expect((await order()).customerNote).toBe('');
});

test('another life of the outbox starts its sequence anew', async () => {
  await hand([aRow(1)], { '727': aWcOrder() });
  const answer = await hand(
    [aRow(1, { id: '99999999-0000-4000-8000-000000000001' })],
    { '727': later() },
    { epoch: 'e2' },
  );
  expect(answer.status).toBe(200);
});
