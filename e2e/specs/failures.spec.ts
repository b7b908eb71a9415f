import { axeFindsNothing } from '../pages/axe.ts';
import { openScreen, screenOf } from '../pages/screen.ts';
import { takePictures } from '../pages/shots.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { addressesPutRight, refusedOrders } from '../journeys/refused-orders.ts';

test('orders refused for one reason are one line with its cure, lead to their jobs, and are retried together', async ({
  adminPage: page,
  world,
}) => {
  test.setTimeout(150_000);
  const ids = await refusedOrders(world, 3);
  await openScreen(page, { tab: 'failures' });
  const group = screenOf(page).getByRole('article', { name: /zipcode/i });
  await expect(group).toContainText('3 jobs');
  await expect(group).toContainText('then retry these 3.');
  await takePictures(page, 'failures');
  await axeFindsNothing(page, '#tallyman-root');

  await group.getByRole('button', { name: 'Retry these 3 jobs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retry these 3 jobs' });
  await expect(dialog).toContainText(`Send order #${ids[0]} to Warehouse North`);
  await takePictures(page, 'dialog-failures', 'dialog');
  await axeFindsNothing(page, '.components-modal__frame');
  await dialog.getByRole('button', { name: 'Retry these 3 jobs' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('#a11y-speak-polite')).toContainText('Started with 3 jobs.');
  await expect(screenOf(page).getByRole('heading', { level: 2, name: 'Failures' })).toBeFocused();

  // The warehouse refuses them again, as their addresses are as before.
  const state = async () => (await world.api.batches()).rows[0]?.state;
  await expect.poll(state, { message: 'the batch has ended', timeout: 30_000 }).toBe('action_required');
  await openScreen(page, { tab: 'failures' });
  await group.getByRole('link', { name: 'Show 3 jobs' }).click();
  await expect(screenOf(page)).toContainText('Only jobs that failed like this');
  for (const id of ids) {
    await expect(screenOf(page).getByRole('link', { name: `Send order #${id} to Warehouse North` })).toBeVisible();
  }
  await addressesPutRight(world, ids);
});

test('when nothing failed the page says so', async ({ adminPage: page, world }) => {
  test.skip((await world.api.failures()).total > 0, 'another test left a job that needs attention');
  await openScreen(page, { tab: 'failures' });
  await expect(screenOf(page)).toContainText('All clear');
  await axeFindsNothing(page, '#tallyman-root');
});
