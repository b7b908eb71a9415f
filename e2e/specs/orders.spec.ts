import { addOrderInWpAdmin } from '../pages/new-order.ts';
import { boxSays } from '../pages/order.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { orderAtWarehouse, reachesWarehouse, shipsAndCompletes } from '../journeys/one-order.ts';
import { shopAtBlockCheckout, shopAtClassicCheckout } from '../shopping.ts';
import { orderByRest } from '../stack/staff.ts';

test('an order of the block checkout reaches the warehouse once and comes back with tracking', async ({
  page,
  world,
}) => {
  const id = await shopAtBlockCheckout(page, world.stack, 'oakChair');
  await reachesWarehouse(world, id);
  expect(orderAtWarehouse(world, id)?.order_lines).toMatchObject([
    { variant: { article_code: 'WH-OAK-CHAIR' }, quantity: 1 },
  ]);
  await shipsAndCompletes(world, id);
});

test('an order of the classic checkout reaches the warehouse once and comes back with tracking', async ({
  page,
  world,
}) => {
  const id = await shopAtClassicCheckout(page, world.stack, 'woolRug');
  await reachesWarehouse(world, id);
  await shipsAndCompletes(world, id);
});

test('an order a clerk enters in wp-admin reaches the warehouse once and comes back with tracking', async ({
  adminPage,
  world,
}) => {
  const id = await addOrderInWpAdmin(adminPage, 'Oak chair');
  await reachesWarehouse(world, id);
  const { trackingCodes } = await shipsAndCompletes(world, id);
  await boxSays(adminPage, id, trackingCodes[0]!);
});

test('an order of another program over REST reaches the warehouse once and comes back with tracking', async ({
  world,
}) => {
  const { id } = await orderByRest(world.stack, world.admin, { basket: { pineTable: 1, cushionSand: 2 } });
  await reachesWarehouse(world, id);
  await shipsAndCompletes(world, id);
});

test('two parcels put two numbers on the order, and the shopper gets one mail about each', async ({
  adminPage,
  world,
}) => {
  const { id } = await orderByRest(world.stack, world.admin, { basket: { oakChair: 2 } });
  await reachesWarehouse(world, id);
  const { trackingCodes } = await shipsAndCompletes(world, id, { parcels: 2 });
  expect(new Set(trackingCodes).size).toBe(2);
  for (const code of trackingCodes) await boxSays(adminPage, id, code);
});

test('the first of two parcels does not complete the order, the second does', async ({ world }) => {
  const { id } = await orderByRest(world.stack, world.admin, { basket: { oakChair: 1, woolRug: 1 } });
  await reachesWarehouse(world, id);
  world.warehouse.ship(`OAK-${id}`, { parcels: 2, only: 'first' });
  await expect.poll(() => mailsAboutParcels(world, id), { timeout: 30_000 }).toBe(1);
  expect(await world.admin.rest('GET', `/wc/v3/orders/${id}`)).toMatchObject({ status: 'processing' });
  await shipsAndCompletes(world, id);
});

test('what is refunded before it has shipped is not shipped', async ({ world }) => {
  const { admin, stack } = world;
  const { id } = await orderByRest(stack, admin, { basket: { oakChair: 3 } });
  await reachesWarehouse(world, id);
  const { line_items: lines } = await admin.rest<{ line_items: { id: number }[] }>('GET', `/wc/v3/orders/${id}`);
  await admin.rest('POST', `/wc/v3/orders/${id}/refunds`, {
    amount: '89.00',
    api_refund: false,
    line_items: [{ id: lines[0]!.id, quantity: 1, refund_total: 89 }],
  });
  const quantity = () => orderAtWarehouse(world, id)?.order_lines[0]?.quantity;
  await expect.poll(quantity, { message: 'units at the warehouse', timeout: 30_000 }).toBe(2);
  await shipsAndCompletes(world, id);
});

test('what was refunded before the warehouse was asked does not go there', async ({ world }) => {
  const { admin, stack, api, warehouseId } = world;
  await api.pause(warehouseId, 'Stock-taking');
  const { id } = await orderByRest(stack, admin, { basket: { oakChair: 3 } });
  const { line_items: lines } = await admin.rest<{ line_items: { id: number }[] }>('GET', `/wc/v3/orders/${id}`);
  await admin.rest('POST', `/wc/v3/orders/${id}/refunds`, {
    amount: '178.00',
    api_refund: false,
    line_items: [{ id: lines[0]!.id, quantity: 2, refund_total: 178 }],
  });
  await api.resume(warehouseId);
  const quantity = () => orderAtWarehouse(world, id)?.order_lines[0]?.quantity;
  await expect.poll(quantity, { message: 'units at the warehouse', timeout: 30_000 }).toBe(1);
  await shipsAndCompletes(world, id);
});

function mailsAboutParcels({ stack, warehouse }: Parameters<typeof reachesWarehouse>[0], id: number): number {
  const { effects } = warehouse.ledger();
  const codes = effects
    .filter(({ reference, effect }) => reference === `OAK-${id}` && effect === 'shipment.created')
    .map(({ detail }) => detail);
  return stack.mails().filter(({ body }) => codes.some((code) => body.includes(code))).length;
}
