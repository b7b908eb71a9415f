import { expect, type Locator, type Page } from '@playwright/test';

export type Place = {
  readonly tab?: 'overview' | 'jobs' | 'failures' | 'batches' | 'deliveries' | 'connections';
  readonly job?: number;
  readonly batch?: string;
  readonly delivery?: string;
  readonly outcome?: string;
  readonly state?: string;
  readonly connection?: string;
  readonly search?: string;
};

/** WooCommerce → Tallyman, at a place in it. */
export async function openScreen(page: Page, place: Place): Promise<void> {
  const query = new URLSearchParams({ page: 'tallyman' });
  for (const [name, value] of Object.entries(place)) query.set(name, String(value));
  await page.goto(`/wp-admin/admin.php?${query.toString()}`);
  await expect(screenOf(page).getByRole('heading', { level: 2 }).first()).toBeVisible();
}

export const screenOf = (page: Page): Locator => page.locator('#tallyman-root');

/** Presses a button of the open page, fills the dialog's reason, and presses its own button of that name. */
export async function pressWithReason(page: Page, name: string, reason: string): Promise<void> {
  await screenOf(page).getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByLabel('Reason (required)').fill(reason);
  await dialog.getByRole('button', { name, exact: true }).click();
  await expect(dialog).toBeHidden();
}
