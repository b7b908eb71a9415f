import { expect, type Page } from '@playwright/test';
import { ADDRESS } from '../stack/shopper.ts';

/** A clerk types an order into wp-admin, as when a customer calls. Answers its id. */
export async function addOrderInWpAdmin(page: Page, product: string): Promise<number> {
  await page.goto('/wp-admin/admin.php?page=wc-orders&action=new');
  await page.locator('#order_status').selectOption('wc-processing', { force: true });
  await fillAddress(page, 'billing');
  await page.locator('#_billing_email').fill('sanne@example.test');
  await fillAddress(page, 'shipping');
  await addProduct(page, product);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page).toHaveURL(/action=edit/);
  return Number(new URL(page.url()).searchParams.get('id'));
}

async function fillAddress(page: Page, kind: 'billing' | 'shipping'): Promise<void> {
  const column = page.locator('.order_data_column', { has: page.locator(`#_${kind}_first_name`) });
  await column.locator('a.edit_address').click();
  const { first_name, last_name, address_1, postcode, city, country } = ADDRESS;
  for (const [field, value] of Object.entries({ first_name, last_name, address_1, postcode, city })) {
    await page.locator(`#_${kind}_${field}`).fill(value);
  }
  await page.locator(`#_${kind}_country`).selectOption(country, { force: true });
}

async function addProduct(page: Page, product: string): Promise<void> {
  await page.getByRole('button', { name: 'Add item(s)' }).click();
  await page.getByRole('button', { name: 'Add product(s)' }).click();
  const modal = page.locator('.wc-backbone-modal-content');
  await modal.locator('.select2-selection').click();
  await page.locator('.select2-search__field').last().fill(product);
  await page.locator('.select2-results__option', { hasText: product }).first().click();
  await modal.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.locator('#order_line_items')).toContainText(product);
}
