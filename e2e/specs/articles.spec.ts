import { boxSays } from '../pages/order.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { orderAtWarehouse, pushIs, reachesWarehouse, shipsAndCompletes } from '../journeys/one-order.ts';
import { orderByRest } from '../stack/staff.ts';

test('a variation without a SKU of its own waits for a match, is matched on the screen, and its orders go', async ({
  adminPage: page,
  world,
}) => {
  const { stack, admin } = world;
  const first = await orderByRest(stack, admin, { basket: { cushionMoss: 2 } });
  const second = await orderByRest(stack, admin, { basket: { cushionMoss: 1, oakChair: 1 } });
  for (const { id } of [first, second]) await pushIs(world, id, 'blocked');
  await boxSays(page, first.id, /Waits until these products are matched .*Linen cushion.*no SKU of its own/);

  await openScreen(page, { tab: 'connections', connection: world.warehouseId });
  const row = screenOf(page).getByRole('row', { name: /Linen cushion.*Moss/ });
  await expect(row).toContainText('without a code');
  await row.getByLabel(/^Article code for/).fill('WH-LINEN-CUSHION-MOSS');
  await row.getByRole('button', { name: 'Match', exact: true }).click();

  for (const { id } of [first, second]) await reachesWarehouse(world, id);
  expect(orderAtWarehouse(world, first.id)?.order_lines).toMatchObject([
    { variant: { article_code: 'WH-LINEN-CUSHION-MOSS' }, quantity: 2 },
  ]);
  await expect(screenOf(page)).toContainText('Every product of your orders is matched to an article.');
  for (const { id } of [first, second]) await shipsAndCompletes(world, id);
});
