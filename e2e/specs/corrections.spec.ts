import { changeShippingPostcode, correctAndRetry, openJobFromOrder } from '../pages/job.ts';
import { boxSays } from '../pages/order.ts';
import { screenOf } from '../pages/screen.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { orderAtWarehouse, pushIs, reachesWarehouse, shipsAndCompletes } from '../journeys/one-order.ts';
import { orderByRest } from '../stack/staff.ts';

/** The simulated warehouse refuses this one. */
const REFUSED = '0000 XX';

test('an order whose address the warehouse refused goes by itself once the clerk corrects it in WooCommerce', async ({
  adminPage: page,
  world,
}) => {
  const { id } = await orderByRest(world.stack, world.admin, { address: { postcode: REFUSED } });
  await boxSays(page, id, /Needs attention: .*zipcode/);
  await changeShippingPostcode(page, id, '1016 GV');
  await reachesWarehouse(world, id);
  expect(orderAtWarehouse(world, id)?.shipping_address['zipcode']).toBe('1016 GV');
  await shipsAndCompletes(world, id);
});

test('an address corrected on the screen goes, and a later edit of something else does not undo it', async ({
  adminPage: page,
  world,
}) => {
  const { id } = await orderByRest(world.stack, world.admin, { address: { postcode: REFUSED } });
  await boxSays(page, id, /Needs attention/);
  await openJobFromOrder(page, id);
  await correctAndRetry(page, { field: 'Postcode', value: '1016 GZ', reason: 'Asked the customer by phone' });
  await reachesWarehouse(world, id);
  expect(orderAtWarehouse(world, id)?.shipping_address['zipcode']).toBe('1016 GZ');
  await expect(screenOf(page)).toContainText('Asked the customer by phone');

  await world.admin.rest('PUT', `/wc/v3/orders/${id}`, { shipping: { city: 'Utrecht' } });
  const city = () => orderAtWarehouse(world, id)?.shipping_address['city'];
  await expect.poll(city, { message: 'the city at the warehouse', timeout: 30_000 }).toBe('Utrecht');
  expect(orderAtWarehouse(world, id)?.shipping_address['zipcode']).toBe('1016 GZ');
  await shipsAndCompletes(world, id);
});

test('a correction ends where the clerk changes that very field in WooCommerce', async ({ adminPage: page, world }) => {
  const { id } = await orderByRest(world.stack, world.admin, { address: { postcode: REFUSED } });
  await pushIs(world, id, 'dead');
  await boxSays(page, id, /Needs attention/);
  await openJobFromOrder(page, id);
  await correctAndRetry(page, { field: 'Postcode', value: '1016 GZ', reason: 'Guessed' });
  await reachesWarehouse(world, id);
  await world.admin.rest('PUT', `/wc/v3/orders/${id}`, { shipping: { postcode: '3511 AB' } });
  const zipcode = () => orderAtWarehouse(world, id)?.shipping_address['zipcode'];
  await expect.poll(zipcode, { message: 'the postcode at the warehouse', timeout: 30_000 }).toBe('3511 AB');
  await shipsAndCompletes(world, id);
});
