import { expect, type Page } from '@playwright/test';
import { openScreen, screenOf } from './screen.ts';

export async function openJob(page: Page, jobId: number): Promise<void> {
  await openScreen(page, { tab: 'jobs', job: jobId });
}

/** The way a clerk takes: from the order's box to its jobs, and into the one that needs attention. */
export async function openJobFromOrder(page: Page, orderId: number): Promise<void> {
  await page.locator('.tallyman-order-box').getByRole('link', { name: 'Open in Tallyman' }).click();
  await screenOf(page)
    .getByRole('link', { name: `Send order #${orderId} to Warehouse North`, exact: true })
    .first()
    .click();
  await expect(screenOf(page).getByRole('heading', { level: 2, name: `Send order #${orderId} to` })).toBeVisible();
}

type Correction = { readonly field: string; readonly value: string; readonly reason: string };

export async function correctAndRetry(page: Page, { field, value, reason }: Correction): Promise<void> {
  await screenOf(page).getByRole('button', { name: 'Correct and retry' }).click();
  const dialog = page.getByRole('dialog', { name: 'Correct and retry' });
  await dialog.getByLabel(field, { exact: true }).fill(value);
  await expect(dialog.locator('ins')).toHaveText(value);
  await dialog.getByLabel('Reason (required)').fill(reason);
  await dialog.getByRole('button', { name: 'Correct and retry' }).click();
  await expect(dialog).toBeHidden();
}

/** In the order's screen of WooCommerce, as a clerk who phoned the customer. */
export async function changeShippingPostcode(page: Page, orderId: number, postcode: string): Promise<void> {
  await page.goto(`/wp-admin/admin.php?page=wc-orders&action=edit&id=${orderId}`);
  const column = page.locator('.order_data_column', { has: page.locator('#_shipping_postcode') });
  await column.locator('a.edit_address').click();
  await page.locator('#_shipping_postcode').fill(postcode);
  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await expect(page.getByText('Order updated.').first()).toBeVisible();
}
