import { openJob } from '../pages/job.ts';
import { boxSays } from '../pages/order.ts';
import { pressWithReason, screenOf } from '../pages/screen.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { pushIs, reachesWarehouse, shipsAndCompletes, timesAtWarehouse } from '../journeys/one-order.ts';
import { orderByRest } from '../stack/staff.ts';

test('what a person forced done stays done through net, sweeps and later edits, until it is re-opened', async ({
  adminPage: page,
  world,
}) => {
  const { stack, admin, warehouse, api, storeId } = world;
  const { id } = await orderByRest(stack, admin, { address: { postcode: '0000 XX' } });
  const push = await pushIs(world, id, 'dead');
  await openJob(page, push.id);
  await pressWithReason(page, 'Force done', 'Phoned it through');
  await expect(screenOf(page)).toContainText('Phoned it through');
  await boxSays(page, id, 'marked as done (Phoned it through)');

  for (const net of ['store.net', 'store.sweep', 'store.recheck']) await api.runSchedule(storeId, net);
  await admin.rest('PUT', `/wc/v3/orders/${id}`, { shipping: { postcode: '1016 GV' } });
  // An order placed after the edit is at the warehouse: whatever the edit caused has been decided by then.
  const later = await orderByRest(stack, admin);
  await reachesWarehouse(world, later.id);
  for (const net of ['store.net', 'store.sweep', 'store.recheck']) await api.runSchedule(storeId, net);
  expect(timesAtWarehouse(warehouse, id)).toBe(0);
  await boxSays(page, id, 'marked as done (Phoned it through)');

  await openJob(page, push.id);
  await pressWithReason(page, 'Re-open', 'They want it after all');
  await reachesWarehouse(world, id);
  for (const one of [id, later.id]) await shipsAndCompletes(world, one);
});

test('a job that was cancelled on the screen is not sent, and says who and why', async ({ adminPage: page, world }) => {
  const { id } = await orderByRest(world.stack, world.admin, { address: { postcode: '0000 XX' } });
  const push = await pushIs(world, id, 'dead');
  await openJob(page, push.id);
  await pressWithReason(page, 'Cancel job', 'The customer picked it up');
  await boxSays(page, id, 'marked as not to be sent (The customer picked it up)');
  expect(timesAtWarehouse(world.warehouse, id)).toBe(0);
});
