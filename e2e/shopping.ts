import { expect, type Page } from '@playwright/test';
import { ADDRESS } from './stack/shopper.ts';
import type { ProductName } from './stack/snapshot.ts';
import type { Stack } from './stack/stack.ts';

/** A shopper in a browser fills the block checkout page and pays on delivery. Answers the order's id. */
export async function shopAtBlockCheckout(page: Page, stack: Stack, product: ProductName): Promise<number> {
  await page.goto(`/?add-to-cart=${stack.catalogue.products[product]}`);
  await page.goto('/checkout/');
  await page.getByRole('textbox', { name: 'Email address' }).fill('sanne@example.test');
  await page.getByRole('combobox', { name: /Country/ }).selectOption(ADDRESS.country);
  await page.getByRole('textbox', { name: 'First name' }).fill(ADDRESS.first_name);
  await page.getByRole('textbox', { name: 'Last name' }).fill(ADDRESS.last_name);
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill(ADDRESS.address_1);
  await page.getByRole('textbox', { name: /Post/ }).fill(ADDRESS.postcode);
  await page.getByRole('textbox', { name: 'City' }).fill(ADDRESS.city);
  await expect(page.getByText('Parcel').first()).toBeVisible();

  // The page writes the chosen payment into the draft a second later; a press before that is lost.
  const saved = page.waitForResponse(/store\/v1\/checkout\?/);
  await page.getByRole('radio', { name: 'Cash on delivery' }).check();
  await saved;
  await page.getByRole('button', { name: 'Place Order' }).click();
  return receivedOrder(page);
}

/** The same on the page with the classic checkout form. */
export async function shopAtClassicCheckout(page: Page, stack: Stack, product: ProductName): Promise<number> {
  await page.goto(`/?add-to-cart=${stack.catalogue.products[product]}`);
  await page.goto('/classic-checkout/');
  await page.locator('#billing_first_name').fill(ADDRESS.first_name);
  await page.locator('#billing_last_name').fill(ADDRESS.last_name);
  await page.locator('#billing_address_1').fill(ADDRESS.address_1);
  await page.locator('#billing_postcode').fill(ADDRESS.postcode);
  await page.locator('#billing_city').fill(ADDRESS.city);
  await page.locator('#billing_email').fill('sanne@example.test');
  await page.getByText('Cash on delivery', { exact: true }).click();
  await page.getByRole('button', { name: 'Place order' }).click();
  return receivedOrder(page);
}

async function receivedOrder(page: Page): Promise<number> {
  const address = /\/order-received\/(\d+)\//;
  await expect(page).toHaveURL(address);
  return Number(address.exec(page.url())?.[1]);
}
