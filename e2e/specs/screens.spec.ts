import { expect, test } from '../journeys/journey-test.ts';
import { pushIs, reachesWarehouse, shipsAndCompletes } from '../journeys/one-order.ts';
import { openJob } from '../pages/job.ts';
import { boxOf, boxSays, openOrder } from '../pages/order.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { renewPicture, takePictures } from '../pages/shots.ts';
import { orderByRest } from '../stack/staff.ts';

// Pictures for people to look at; what must stand on them is tested in the other files.

test('pictures: a day on which everything flows', async ({ adminPage: page, world }) => {
  const { stack, admin } = world;
  const { id } = await orderByRest(stack, admin, { basket: { oakChair: 2, woolRug: 1 } });
  await reachesWarehouse(world, id);
  const { trackingCodes } = await shipsAndCompletes(world, id, { parcels: 2 });
  await openScreen(page, { tab: 'overview' });
  await expect(screenOf(page)).toContainText('Everything is flowing.');
  await takePictures(page, 'overview');
  await renewPicture(page, 'overview.png');
  await openScreen(page, { tab: 'jobs' });
  await expect(screenOf(page).getByRole('link', { name: `Send order #${id} to Warehouse North` })).toBeVisible();
  await takePictures(page, 'jobs');
  await openScreen(page, { tab: 'connections', connection: world.warehouseId });
  await expect(screenOf(page).getByLabel('WMS code')).toBeVisible();
  await takePictures(page, 'connection');
  await boxSays(page, id, trackingCodes[0]!);
  await takePictures(page, 'order-completed');
});

test('pictures: a warehouse that is slow, and orders that queue up', async ({ adminPage: page, world }) => {
  const { stack, admin, warehouse } = world;
  warehouse.faults({ slowMs: 4_000 });
  const ids: number[] = [];
  for (let order = 0; order < 5; order++) ids.push((await orderByRest(stack, admin)).id);
  await openScreen(page, { tab: 'overview' });
  await takePictures(page, 'overview-busy');
  await openScreen(page, { tab: 'jobs' });
  await expect(
    screenOf(page)
      .getByRole('link', { name: /^Send order/ })
      .first(),
  ).toBeVisible();
  await takePictures(page, 'jobs-busy');
  warehouse.faults({ slowMs: 0 });
  for (const id of ids) await reachesWarehouse(world, id, 60_000);
  for (const id of ids) await shipsAndCompletes(world, id);
});

test('pictures: an order that needs attention', async ({ adminPage: page, world }) => {
  const { id } = await orderByRest(world.stack, world.admin, { address: { postcode: '0000 XX' } });
  const push = await pushIs(world, id, 'dead');
  await openScreen(page, { tab: 'overview' });
  await expect(screenOf(page)).toContainText('needs attention');
  await takePictures(page, 'overview-attention');
  await openScreen(page, { tab: 'jobs', state: 'dead' });
  await expect(screenOf(page).getByRole('link', { name: `Send order #${id} to Warehouse North` })).toBeVisible();
  await takePictures(page, 'jobs-attention');
  await openJob(page, push.id);
  await takePictures(page, 'job-attention');
  for (const move of ['Correct and retry', 'Force done']) {
    await screenOf(page).getByRole('button', { name: move, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: move });
    await expect(dialog.getByLabel('Reason (required)')).toBeVisible();
    await takePictures(page, `dialog-${move.toLowerCase().replaceAll(' ', '-')}`, 'dialog');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
  await openOrder(page, id);
  await expect(boxOf(page)).toContainText('Needs attention');
  await takePictures(page, 'order-attention');
  await world.admin.rest('PUT', `/wc/v3/orders/${id}`, { shipping: { postcode: '1016 GV' } });
  await reachesWarehouse(world, id);
  await shipsAndCompletes(world, id);
});
