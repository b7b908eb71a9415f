import { expect, test } from '../journeys/journey-test.ts';
import { comesToRest, pushIs, reachesWarehouse, timesAtWarehouse } from '../journeys/one-order.ts';
import { namesOfRoutes, tryRoute } from '../journeys/rest-routes.ts';
import { openJob } from '../pages/job.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { openTab } from '../pages/tab.ts';
import { logIn, orderByRest } from '../stack/staff.ts';

/** What changes something; opening, reading and refreshing is for everybody who may look. */
const PRESSES =
  /^(Retry now|Correct and retry|Force done|Cancel job|Re-open|Run now|Test|Pause|Resume|Save|Match|Connect( a warehouse)?$|Disconnect)/;

test('who may only look sees everything and finds nothing to press', async ({ browser, world }) => {
  const { stack, admin } = world;
  await stack.php(
    `$id = wp_insert_user( array( 'user_login' => 'viewer', 'user_pass' => $args['password'], 'user_email' => 'viewer@example.test', 'role' => 'subscriber' ) );
    ( new WP_User( $id ) )->add_cap( 'view_tallyman' );
    return $id;`,
    { password: stack.admin.password },
  );
  const { id } = await orderByRest(stack, admin, { address: { postcode: '0000 XX' } });
  const push = await pushIs(world, id, 'dead');
  const viewer = await logIn(stack, 'viewer');
  const page = await openTab(browser, stack, viewer);
  const pressed = screenOf(page).getByRole('button', { name: PRESSES });

  await openScreen(page, { tab: 'overview' });
  await expect(screenOf(page)).toContainText('Schedules');
  await expect(pressed).toHaveCount(0);
  await openScreen(page, { tab: 'jobs', state: 'dead' });
  await expect(screenOf(page).getByRole('link', { name: `Send order #${id} to Warehouse North` })).toBeVisible();
  await expect(pressed).toHaveCount(0);
  await openJob(page, push.id);
  await expect(screenOf(page)).toContainText('Attempts');
  await expect(pressed).toHaveCount(0);
  await openScreen(page, { tab: 'connections', connection: world.warehouseId });
  await expect(screenOf(page)).toContainText('Products and articles');
  await expect(pressed).toHaveCount(0);
  await page.context().close();

  const proxy = `/tallyman/v1/proxy/api/v1`;
  for (const [path, body] of [
    [`/jobs/${push.id}/actions`, { action: 'retryNow' }],
    [`/connections/${world.warehouseId}/pause`, { reason: 'No' }],
    ['/schedules/run', { connectionId: world.storeId, name: 'store.net' }],
    [`/orders/${id}/send`, { connectionId: world.warehouseId }],
  ] as const) {
    await expect(viewer.rest('POST', `${proxy}${path}`, body), path).rejects.toThrow(/answered 403/);
  }
  expect(timesAtWarehouse(world.warehouse, id)).toBe(0);
  await admin.rest('PUT', `/wc/v3/orders/${id}`, { shipping: { postcode: '1016 GV' } });
  await reachesWarehouse(world, id);
  await comesToRest(world, id);
});

/** Only the sidecar calls these, and it signs: whoever is logged in, an unsigned call is nobody's. */
const SIGNED = ['POST /outbox/pull', 'POST /unpair', 'POST /alert'];

test('a subscriber is refused on every route', async ({ world }) => {
  const reader = await logIn(world.stack, 'reader');
  const routes = await namesOfRoutes(world.stack);
  expect(routes.length).toBeGreaterThan(6);
  const answers = await Promise.all(routes.map(async (route) => [route, await tryRoute(reader, route)] as const));
  const expected = routes.map((route) => [route, SIGNED.includes(route) ? 401 : 403] as const);
  expect(answers).toEqual(expected);
});

test('a visitor who is not logged in is refused on every route', async ({ world }) => {
  const routes = await namesOfRoutes(world.stack);
  for (const route of routes) {
    const [method, path] = route.split(' ') as [string, string];
    const answer = await fetch(`${world.stack.url}/wp-json/tallyman/v1${path}`, { method });
    expect([401, 403], route).toContain(answer.status);
  }
});
