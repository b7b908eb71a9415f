/** Before a person forces an order done, the warehouse is asked whether it has it. */
import type { RemoteCheck } from '../../src/http/api.js';
import { orderUuid } from '../../src/domain/identity.js';
import { CLOSED } from '../../src/domain/breaker.js';
import type { WarehouseOrder } from '../../src/domain/warehouse-order.js';
import {
  aBatch,
  aRow,
  aWcOrder,
  connectWarehouse,
  pairShop,
  startSidecar,
  type Shop,
  type TestSidecar,
} from './sidecar.js';

let sidecar: TestSidecar;
let shop: Shop;
let north: string;
let there: () => Promise<Partial<WarehouseOrder>[]>;
let asked: string[];

beforeEach(async () => {
  asked = [];
  there = async () => [];
  const findOrders = async (reference: string) => {
    asked.push(reference);
    return there();
  };
  sidecar = await startSidecar({
    adapters: { warehouse: () => ({ findOrders }) as never, shop: () => ({}) as never },
  });
  shop = await pairShop(sidecar);
  north = (await connectWarehouse(sidecar, shop)).connection.id;
  await sidecar.signed('/v1/outbox', shop, aBatch([aRow(1)], { '727': aWcOrder() }));
});
afterEach(() => sidecar.stop());

const push = async () =>
  (await sidecar.store.jobs({ kinds: ['order.push'] }, { limit: 1, offset: 0, sort: 'oldest' })).rows[0]!;
const check = async (): Promise<RemoteCheck> =>
  (await sidecar.api('GET', `/jobs/${(await push()).id}/remote-check`, null, 'operator')).json as RemoteCheck;

test('it says that the order is there, by our reference and our own id', async () => {
  there = async () => [{ number: 'ORD7', uuid: orderUuid(shop.connectionId, 727, 'wc_order_abc') }];
  expect(await check()).toEqual({ found: 'there', sentence: 'Warehouse North has this order already, as ORD7.' });
  expect(asked).toEqual(['WC-727']);
});

test('it says that it is not, that it is somebody else’s, and that nobody answered', async () => {
  expect(await check()).toEqual({ found: 'absent', sentence: 'Warehouse North does not have this order.' });
  there = async () => [{ number: 'ORD8', uuid: 'another' }];
  expect((await check()).found).toBe('unknown');
  there = async () => {
    throw new Error('down');
  };
  expect(await check()).toEqual({ found: 'unknown', sentence: 'Warehouse North could not be asked just now.' });
});

test('a warehouse that is paused or does not answer is not asked', async () => {
  await sidecar.store.apply({
    now: sidecar.clock.now,
    guards: [],
    writes: [{ write: 'putBreaker', connectionId: north, breaker: { ...CLOSED, state: 'open', probeAt: 0 } }],
  });
  expect((await check()).sentence).toBe('Warehouse North does not answer at the moment.');
  await sidecar.api('POST', `/connections/${north}/pause`, { reason: 'stocktaking' });
  expect((await check()).sentence).toBe('Warehouse North is paused and was not asked.');
  expect(asked).toEqual([]);
});

test('what it said stands in the history of the job that was forced done', async () => {
  const { id } = await push();
  const { json } = await sidecar.api('POST', `/jobs/${id}/actions`, { action: 'forceDone', reason: 'By phone' });
  expect(json.activity).toContainEqual(
    expect.objectContaining({ what: 'Marked as done. Warehouse North does not have this order.', why: 'By phone' }),
  );
});

test('a viewer asks nobody', async () => {
  expect((await sidecar.api('GET', `/jobs/${(await push()).id}/remote-check`, null, 'viewer')).status).toBe(403);
  expect(asked).toEqual([]);
});
