import { copyShop } from '../journeys/copy-of-shop.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { reachesWarehouse, shipsAndCompletes, timesAtWarehouse } from '../journeys/one-order.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { takePictures } from '../pages/shots.ts';
import { openTab } from '../pages/tab.ts';
import { buyAtBlockCheckout } from '../stack/shopper.ts';
import { logIn, orderByRest } from '../stack/staff.ts';

test('a copy of the shop under another address hands nothing over and accepts no writes', async ({
  browser,
  world,
}) => {
  const { stack, warehouse, api } = world;
  const before = await orderByRest(stack, world.admin);
  await reachesWarehouse(world, before.id);
  const copy = await copyShop(stack);
  try {
    const inCopy = await buyAtBlockCheckout(copy, { basket: { woolRug: 1 } });
    expect(inCopy.status).toBe('processing');
    const [waiting] = await copy.sql(
      `SELECT COUNT(*) AS orders FROM wp_tallyman_outbox WHERE entity_id = ${inCopy.id} AND acknowledged_at IS NULL`,
    );
    expect(Number(waiting?.['orders'])).toBeGreaterThan(0);
    // An order of the shop itself, placed later, has passed all points at which the copy's could have been taken.
    const later = await orderByRest(stack, world.admin, { basket: { pineTable: 1 } });
    await reachesWarehouse(world, later.id);
    await shipsAndCompletes(world, later.id);
    const [still] = await copy.sql(
      `SELECT COUNT(*) AS orders FROM wp_tallyman_outbox WHERE entity_id = ${inCopy.id} AND acknowledged_at IS NULL`,
    );
    expect(still).toEqual(waiting);
    const rugs = warehouse.orders().filter((order) => JSON.stringify(order).includes('WH-WOOL-RUG'));
    expect(rugs.map(({ external_id: id }) => Number(id))).not.toContain(inCopy.id);
    expect(timesAtWarehouse(warehouse, later.id)).toBe(1);

    const clerkOfCopy = await logIn(copy);
    const write = await clerkOfCopy.visitor.post(
      `/wp-json/wc/v3/orders/${before.id}`,
      { status: 'completed' },
      { 'x-http-method-override': 'PUT', 'x-tallyman-write': '0a3f1f7e-9f6b-4c55-9a39-5b6f0f3f2a11' },
    );
    expect(write.status).toBe(409);
    expect(await write.json()).toMatchObject({ code: 'tallyman_copy' });
    await expect(clerkOfCopy.rest('GET', '/tallyman/v1/proxy/api/v1/overview')).rejects.toThrow(/409.*tallyman_copy/);

    const page = await openTab(browser, copy, clerkOfCopy);
    await openScreen(page, {});
    await expect(screenOf(page)).toContainText('is a copy of the shop that was connected. It sends nothing');
    await expect(page.getByText('Until you say what it is, it hands no orders over')).toBeVisible();
    // If this is the shop and it has moved, it has to keep the code its references at the warehouse start with.
    await expect(page.getByLabel('Store code')).toHaveValue('OAK');
    await takePictures(page, 'copy');
    await page.context().close();
    expect((await api.connections()).map(({ state }) => state)).toEqual(['active', 'active']);
  } finally {
    await copy.stop();
  }
  await shipsAndCompletes(world, before.id);
});
