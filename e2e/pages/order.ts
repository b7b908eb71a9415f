import { expect, type Locator, type Page } from '@playwright/test';

export async function openOrder(page: Page, orderId: number): Promise<void> {
  await page.goto(`/wp-admin/admin.php?page=wc-orders&action=edit&id=${orderId}`);
}

export const boxOf = (page: Page): Locator => page.locator('.tallyman-order-box');

/** The order's box says this, now or soon, without a reload: it asks again by itself while something moves. */
export async function boxSays(page: Page, orderId: number, words: string | RegExp): Promise<void> {
  await openOrder(page, orderId);
  await expect(boxOf(page)).toContainText(words, { timeout: 30_000 });
}
