import { axeFindsNothing } from '../pages/axe.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { connectWarehouse, pairShop } from '../pages/set-up.ts';
import { takePictures } from '../pages/shots.ts';
import { expect, test } from '../journeys/journey-test.ts';

// Runs first, while the shop knows no sidecar and has no order; the other files find it paired and connected.
test.describe.configure({ mode: 'serial' });

test('an unpaired shop asks for its sidecar, and says which field is missing', async ({ adminPage: page }) => {
  await openScreen(page, {});
  await expect(screenOf(page)).toContainText('Connect Oak & Linen to its sidecar');
  await takePictures(page, 'pairing');
  await axeFindsNothing(page, '#tallyman-root');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.locator('[aria-invalid="true"]').first()).toBeFocused();
});

test('a wrong code pairs nothing, and the form says so', async ({ adminPage: page, sidecar }) => {
  await openScreen(page, {});
  await page.getByLabel('Address of the sidecar').fill(sidecar.url);
  await page.getByLabel('One-time code').fill('WRONG-CODE');
  await page.getByLabel('Store code').fill('OAK');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('does not know this code');
});

test('the shop is paired with the one-time code', async ({ adminPage: page, sidecar }) => {
  await pairShop(page, sidecar);
  await expect(screenOf(page)).toContainText('Connect the warehouse');
});

test('before the first order every page says what comes next', async ({ adminPage: page }) => {
  await openScreen(page, { tab: 'overview' });
  await expect(screenOf(page)).toContainText('Send a first order');
  await takePictures(page, 'overview-empty');
  await axeFindsNothing(page, '#tallyman-root');
  await openScreen(page, { tab: 'jobs' });
  await expect(screenOf(page)).toContainText('No jobs yet');
  await takePictures(page, 'jobs-empty');
  await axeFindsNothing(page, '#tallyman-root');
  await openScreen(page, { tab: 'connections' });
  await expect(screenOf(page)).toContainText('No warehouse yet');
  await takePictures(page, 'connections-empty');
  await axeFindsNothing(page, '#tallyman-root');
});

test('the warehouse is connected by its form, and answers the test', async ({ adminPage: page, warehouse }) => {
  await connectWarehouse(page, warehouse);
  await page.getByRole('button', { name: 'Test: Warehouse North' }).click();
  await expect(screenOf(page)).toContainText('Connected');
  await expect(screenOf(page)).toContainText('Registered: changes arrive at once', { timeout: 60_000 });
  await takePictures(page, 'connections');
  await axeFindsNothing(page, '#tallyman-root');
});
