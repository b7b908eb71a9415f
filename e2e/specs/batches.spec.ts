import { axeFindsNothing } from '../pages/axe.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { takePictures } from '../pages/shots.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { timesAtWarehouse } from '../journeys/one-order.ts';
import { addressesPutRight, refusedOrders } from '../journeys/refused-orders.ts';

test('all that match are retried with one press, watched, stopped and let go on', async ({
  adminPage: page,
  world,
}) => {
  test.setTimeout(180_000);
  const { api, warehouseId } = world;
  const ids = await refusedOrders(world, 3);
  // While the warehouse is paused the batch cannot end.
  await api.pause(warehouseId, 'To have time to look');
  const { total } = await api.jobs('state=dead');
  await openScreen(page, { tab: 'jobs', state: 'dead' });
  await screenOf(page)
    .getByRole('button', { name: new RegExp(`^Retry all ${total} that match`) })
    .click();
  const dialog = page.getByRole('dialog', { name: `Retry these ${total} jobs` });
  await expect(dialog).toContainText('Jobs that come in from now on are not touched.');
  await dialog.getByRole('button', { name: `Retry these ${total} jobs` }).click();
  await expect(dialog).toBeHidden();
  const strip = screenOf(page).getByRole('region', { name: 'Batches' });
  await expect(strip).toContainText(`Retry ${total} jobs that need attention`);
  await expect(strip).toContainText('Going on');
  await expect(strip).toBeFocused();
  await takePictures(page, 'jobs-batch');
  await axeFindsNothing(page, '#tallyman-root');

  await strip.getByRole('button', { name: /^Stop/ }).click();
  const stop = page.getByRole('dialog', { name: 'Stop this batch' });
  await expect(stop).toContainText('What is queued already runs on.');
  await axeFindsNothing(page, '.components-modal__frame');
  await stop.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(stop).toBeHidden();
  await expect(strip).toContainText('Stopped');
  await strip.getByRole('button', { name: /^Resume/ }).click();
  await expect(strip).toContainText('Going on');

  await api.resume(warehouseId);
  await openScreen(page, { tab: 'batches' });
  const row = screenOf(page)
    .getByRole('row', { name: new RegExp(`Retry ${total} jobs that need attention`) })
    .first();
  await expect(row).toContainText('Needs attention', { timeout: 40_000 });
  await takePictures(page, 'batches');
  await axeFindsNothing(page, '#tallyman-root');
  for (const id of ids) expect(timesAtWarehouse(world.warehouse, id)).toBe(0);
  await addressesPutRight(world, ids);
});

test('ticked jobs are cancelled together, with one reason', async ({ adminPage: page, world }) => {
  test.setTimeout(120_000);
  const ids = await refusedOrders(world, 2);
  await openScreen(page, { tab: 'jobs', state: 'dead' });
  for (const id of ids) {
    const row = screenOf(page).getByRole('row', { name: `Send order #${id} to Warehouse North` });
    await row.getByRole('checkbox').check();
  }
  await screenOf(page).getByRole('button', { name: 'Cancel job: 2 jobs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel these 2 jobs' });
  await dialog.getByLabel('Reason (required)').fill('Customers picked them up');
  await dialog.getByRole('button', { name: 'Cancel these 2 jobs' }).click();
  await expect(dialog).toBeHidden();
  const cancelled = async () => (await world.api.batches()).rows[0]?.counts.cancelled;
  await expect.poll(cancelled, { message: 'both are cancelled', timeout: 20_000 }).toBe(2);
  for (const id of ids) expect(timesAtWarehouse(world.warehouse, id)).toBe(0);
});
