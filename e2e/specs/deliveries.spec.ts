import { axeFindsNothing } from '../pages/axe.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { takePictures } from '../pages/shots.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { comesToRest, endsWell, reachesWarehouse, shipsAndCompletes } from '../journeys/one-order.ts';
import { orderByRest } from '../stack/staff.ts';

test('what came in is listed, says what it became, and does nothing twice when it is worked through again', async ({
  adminPage: page,
  world,
}) => {
  test.setTimeout(120_000);
  const { stack, admin, api, warehouse, warehouseId } = world;
  const { id } = await orderByRest(stack, admin);
  await reachesWarehouse(world, id);
  await shipsAndCompletes(world, id);
  await warehouse.webhooksSent();
  await comesToRest(world, id);

  await openScreen(page, { tab: 'deliveries', connection: warehouseId });
  await expect(screenOf(page).getByRole('link', { name: 'order.shipped' }).first()).toBeVisible();
  await takePictures(page, 'deliveries');
  await axeFindsNothing(page, '#tallyman-root');
  const [newest] = (await api.deliveries(`connection=${warehouseId}&topic=shipment.created`)).rows;
  await openScreen(page, { tab: 'deliveries', delivery: newest!.id });
  await expect(screenOf(page)).toContainText('signature was checked');
  await expect(screenOf(page)).toContainText('Parcel');
  await screenOf(page).getByText('Show it without what identifies a shopper').click();
  await expect(screenOf(page).locator('pre')).not.toContainText('sanne@example.test');
  await takePictures(page, 'delivery');
  await axeFindsNothing(page, '#tallyman-root');

  await screenOf(page).getByRole('button', { name: 'Work through again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Work through again' });
  await expect(dialog).toContainText('What was made of it before is not made twice');
  await axeFindsNothing(page, '.components-modal__frame');
  await dialog.getByRole('button', { name: 'Work through again' }).click();
  await expect(dialog).toBeHidden();
  await expect(screenOf(page)).toContainText('Worked through again.');
  await expect(screenOf(page).getByRole('heading', { level: 2, name: 'shipment.created' })).toBeFocused();
  await endsWell(world, id);
});

test('the hand-over of an order leads to the job it made', async ({ adminPage: page, world }) => {
  const { id } = await orderByRest(world.stack, world.admin);
  await reachesWarehouse(world, id);
  await openScreen(page, { tab: 'deliveries', connection: world.storeId });
  await screenOf(page).getByRole('link', { name: 'outbox' }).first().click();
  await expect(screenOf(page)).toContainText('What it became');
  await shipsAndCompletes(world, id);
});
