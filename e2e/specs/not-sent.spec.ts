import { boxOf, boxSays, openOrder } from '../pages/order.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { comesToRest, reachesWarehouse, shipsAndCompletes, timesAtWarehouse } from '../journeys/one-order.ts';
import { orderOfLastWeek } from '../journeys/old-order.ts';
import { orderByRest } from '../stack/staff.ts';

test('an unpaid order is not sent, says so, and goes by itself once it is paid', async ({ adminPage, world }) => {
  const { id } = await orderByRest(world.stack, world.admin, { payment: 'awaited' });
  await boxSays(adminPage, id, 'Not sent: the order is not paid yet. It goes by itself once it is paid.');
  await comesToRest(world, id);
  expect(timesAtWarehouse(world.warehouse, id)).toBe(0);
  await world.admin.rest('PUT', `/wc/v3/orders/${id}`, { set_paid: true });
  await reachesWarehouse(world, id);
  await shipsAndCompletes(world, id);
});

test('an order of virtual products only is not sent, and says so', async ({ adminPage, world }) => {
  const { id, status } = await orderByRest(world.stack, world.admin, { basket: { giftCard: 1 } });
  expect(status).toBe('processing');
  await boxSays(adminPage, id, 'Not sent: nothing in this order needs shipping.');
  await comesToRest(world, id);
  expect(timesAtWarehouse(world.warehouse, id)).toBe(0);
});

test('an order older than the connection is not sent, says so, and goes with Send now', async ({
  adminPage: page,
  world,
}) => {
  const id = await orderOfLastWeek(world.stack);
  await boxSays(page, id, 'Not sent: the order was placed before the warehouse was connected.');
  await comesToRest(world, id);
  expect(timesAtWarehouse(world.warehouse, id)).toBe(0);
  await openOrder(page, id);
  await boxOf(page).getByRole('button', { name: 'Send to Warehouse North now' }).click();
  await reachesWarehouse(world, id);
  await expect(boxOf(page)).toContainText('At Warehouse North as ORD');
  await shipsAndCompletes(world, id);
});
