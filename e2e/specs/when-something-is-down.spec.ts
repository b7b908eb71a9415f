import { boxOf, openOrder } from '../pages/order.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { takePictures } from '../pages/shots.ts';
import { expect, test } from '../journeys/journey-test.ts';
import {
  comesToRest,
  endsWell,
  pushIs,
  reachesWarehouse,
  shipsAndCompletes,
  timesAtWarehouse,
} from '../journeys/one-order.ts';
import { shopAtBlockCheckout } from '../shopping.ts';
import { buyAtBlockCheckout } from '../stack/shopper.ts';
import { orderByRest } from '../stack/staff.ts';

/** What a shopper would still call at once, on a slow machine. */
const CHECKOUT_MS = 8_000;

/** What Tallyman asks the warehouse by the clock: together with one edited order enough refusals to open the breaker. */
const QUESTIONS = ['warehouse.poll-orders', 'warehouse.poll-shipments', 'warehouse.webhooks', 'warehouse.articles'];

test('while the sidecar is down shoppers order as always, and their orders go by themselves once it is back', async ({
  page,
  adminPage,
  world,
}) => {
  const { sidecar, stack } = world;
  await sidecar.stop();
  const first = await shopAtBlockCheckout(page, stack, 'oakChair');
  const second = await buyAtBlockCheckout(stack);
  expect(second.status).toBe('processing');
  expect(second.answeredAt - second.pressedAt).toBeLessThan(CHECKOUT_MS);

  await openOrder(adminPage, first);
  await expect(boxOf(adminPage)).toContainText('The sidecar does not answer.');
  await expect(boxOf(adminPage)).toContainText('Waiting to be handed over.');
  await takePictures(adminPage, 'order-sidecar-down');
  await openScreen(adminPage, { tab: 'overview' });
  await expect(screenOf(adminPage)).toContainText('The sidecar does not answer');
  await takePictures(adminPage, 'overview-sidecar-down');

  // From here on nobody visits the shop, and WP-Cron is off in it: the sidecar has to come and fetch.
  await adminPage.goto('about:blank');
  await page.goto('about:blank');
  await sidecar.start();
  for (const id of [first, second.id]) await reachesWarehouse(world, id, 60_000);
  for (const id of [first, second.id]) await shipsAndCompletes(world, id);
});

test('an order placed while the sidecar is killed is delivered after its restart', async ({ world }) => {
  await world.sidecar.kill();
  const { id } = await buyAtBlockCheckout(world.stack);
  await world.sidecar.start();
  await reachesWarehouse(world, id, 60_000);
  await shipsAndCompletes(world, id);
});

test('while the warehouse is down orders wait and lose no attempt, the screen says so, and then all go', async ({
  adminPage: page,
  world,
}) => {
  test.setTimeout(150_000);
  const { warehouse, stack, admin, api, warehouseId } = world;
  const early = await orderByRest(stack, admin);
  await reachesWarehouse(world, early.id);
  await comesToRest(world, early.id);
  const breaker = async () => (await api.connections()).find(({ id }) => id === warehouseId)?.breaker;

  warehouse.faults({ down: true });
  await admin.rest('PUT', `/wc/v3/orders/${early.id}`, { shipping: { city: 'Utrecht' } });
  for (const question of QUESTIONS) await api.startSchedule(warehouseId, question);
  await expect.poll(breaker, { message: 'the breaker', timeout: 60_000 }).toBe('open');
  const ids: number[] = [];
  for (let order = 0; order < 4; order++) ids.push((await orderByRest(stack, admin)).id);
  for (const id of ids) expect(await pushIs(world, id, 'queued')).toMatchObject({ attempts: 0 });

  await openScreen(page, { tab: 'overview' });
  await expect(screenOf(page)).toContainText('Warehouse North: Does not answer');
  await takePictures(page, 'overview-failing');
  await openScreen(page, { tab: 'connections' });
  await expect(screenOf(page).locator('.tallyman-badge', { hasText: 'Does not answer' })).toBeVisible();
  await takePictures(page, 'connections-failing');

  warehouse.faults({ down: false });
  for (const id of ids) await reachesWarehouse(world, id, 60_000);
  await expect.poll(breaker, { message: 'the breaker', timeout: 30_000 }).toBe('closed');
  for (const id of ids) warehouse.ship(`OAK-${id}`);
  for (const id of ids) await endsWell(world, id);
});

test('an answer lost after the warehouse took the order does not make it a second time', async ({ world }) => {
  world.warehouse.faults({ loseAnswerAfterCreate: { next: 1 } });
  const { id } = await orderByRest(world.stack, world.admin);
  const found = async () => (await world.api.order(id)).sentence;
  await expect.poll(found, { message: `the state of order ${id}`, timeout: 60_000 }).toContain('At Warehouse North');
  expect(timesAtWarehouse(world.warehouse, id)).toBe(1);
  await shipsAndCompletes(world, id);
});
