import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../journeys/journey-test.ts';
import { pushIs, reachesWarehouse, shipsAndCompletes } from '../journeys/one-order.ts';
import { axeFindsNothing } from '../pages/axe.ts';
import { openJob } from '../pages/job.ts';
import { boxSays } from '../pages/order.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { orderByRest } from '../stack/staff.ts';

// The pairing screen and the empty pages are looked at on the first day, while there is nothing else.

test('axe finds nothing on the pages, the dialogs and the order box while an order needs attention', async ({
  adminPage: page,
  world,
}) => {
  test.setTimeout(150_000);
  const { id } = await orderByRest(world.stack, world.admin, { address: { postcode: '0000 XX' } });
  const push = await pushIs(world, id, 'dead');
  await boxSays(page, id, 'Needs attention');
  await axeFindsNothing(page, '#tallyman');
  await openScreen(page, { tab: 'overview' });
  await axeFindsNothing(page, '#tallyman-root');
  await openScreen(page, { tab: 'jobs' });
  await expect(screenOf(page).getByRole('link', { name: `Send order #${id} to Warehouse North` })).toBeVisible();
  await axeFindsNothing(page, '#tallyman-root');
  await openScreen(page, { tab: 'connections', connection: world.warehouseId });
  await expect(screenOf(page).getByLabel('WMS code')).toBeVisible();
  await axeFindsNothing(page, '#tallyman-root');
  await openScreen(page, { tab: 'connections' });
  await dialogIsClean(page, 'Pause: Warehouse North', 'Pause Warehouse North');
  await dialogIsClean(page, 'Disconnect this shop', 'Disconnect this shop');

  await openJob(page, push.id);
  await axeFindsNothing(page, '#tallyman-root');
  for (const move of ['Retry now', 'Correct and retry', 'Force done', 'Cancel job'])
    await dialogIsClean(page, move, move);
  await world.admin.rest('PUT', `/wc/v3/orders/${id}`, { shipping: { postcode: '1016 GV' } });
  await reachesWarehouse(world, id);
  const { trackingCodes } = await shipsAndCompletes(world, id);
  await boxSays(page, id, trackingCodes[0]!);
  await axeFindsNothing(page, '#tallyman');
});

async function dialogIsClean(page: Page, button: string, title: string): Promise<void> {
  await screenOf(page).getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: title });
  await expect(dialog).toBeVisible();
  await axeFindsNothing(page, '.components-modal__frame');
  // Sent empty, a dialog that needs a reason says so and stays; that state is looked at as well.
  if (await dialog.getByLabel('Reason (required)').isVisible()) {
    await dialog.getByRole('button').last().click();
    await expect(dialog.locator('[aria-invalid="true"]').first()).toBeFocused();
    await axeFindsNothing(page, '.components-modal__frame');
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(screenOf(page).getByRole('button', { name: button, exact: true })).toBeFocused();
}

test('with the keyboard alone a clerk finds the job that needs attention and retries it', async ({
  adminPage: page,
  world,
}) => {
  const { stack, admin, api, warehouse } = world;
  const { id } = await orderByRest(stack, admin, { address: { postcode: '0000 XX' } });
  const push = await pushIs(world, id, 'dead');
  await openScreen(page, { tab: 'overview' });
  await tabTo(
    page,
    screenOf(page)
      .getByRole('link', { name: /^Needs attention/ })
      .first(),
  );
  await page.keyboard.press('Enter');
  await expect(screenOf(page).getByRole('heading', { level: 2, name: 'Jobs' })).toBeFocused();
  await tabTo(page, screenOf(page).getByRole('link', { name: `Send order #${id} to Warehouse North` }));
  await page.keyboard.press('Enter');
  await expect(screenOf(page).getByRole('heading', { level: 2, name: `Send order #${id}` })).toBeFocused();
  await tabTo(page, screenOf(page).getByRole('button', { name: 'Retry now' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Retry now' });
  await expect(dialog).toBeVisible();
  await tabTo(page, dialog.getByRole('button', { name: 'Retry now' }));
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.locator('#a11y-speak-polite')).toContainText('1 job queued.');
  await expect.poll(async () => (await api.job(push.id)).attemptsList.length, { timeout: 20_000 }).toBe(2);
  await expect(screenOf(page).getByRole('heading', { level: 2, name: `Send order #${id}` })).toBeFocused();

  await admin.rest('PUT', `/wc/v3/orders/${id}`, { shipping: { postcode: '1016 GV' } });
  await reachesWarehouse(world, id);
  expect(warehouse.orders().length).toBeGreaterThan(0);
  await shipsAndCompletes(world, id);
});

const STEPS_AT_MOST = 120;

/** Presses Tab until this has the focus; it has to be in sight then. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const passed: string[] = [];
  for (let step = 0; step < STEPS_AT_MOST; step++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((node) => node === document.activeElement)) return expect(target).toBeInViewport();
    passed.push(await page.evaluate(() => (document.activeElement?.textContent ?? '').trim().slice(0, 30)));
  }
  throw new Error(`The keyboard does not reach ${String(target)}; it passed ${passed.join(' | ')}`);
}
