import { expect, type Page } from '@playwright/test';
import { pairingCode, STORE_CODE } from '../stack/pair.ts';
import type { Sidecar } from '../stack/sidecar.ts';
import { WAREHOUSE_NAME, type Warehouse } from '../stack/warehouse.ts';
import { openScreen, screenOf } from './screen.ts';

/** Fills the form an unpaired shop shows. */
export async function pairShop(page: Page, sidecar: Sidecar): Promise<void> {
  await openScreen(page, {});
  await page.getByLabel('Address of the sidecar').fill(sidecar.url);
  await page.getByLabel('One-time code').fill(await pairingCode(sidecar));
  await page.getByLabel('Store code').fill(STORE_CODE);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screenOf(page).getByRole('link', { name: 'Overview' })).toBeVisible();
}

/** Many calls a minute, because all tests of a worker share this connection. */
const RATE_PER_MINUTE = 6000;

export async function connectWarehouse(page: Page, warehouse: Warehouse): Promise<void> {
  const { baseUrl, wmsCode, customerCode } = warehouse.settings;
  await openScreen(page, { tab: 'connections', connection: 'new' });
  await page.getByLabel('Name', { exact: true }).fill(WAREHOUSE_NAME);
  await page.getByLabel('Address of the API').fill(baseUrl);
  await page.getByLabel('WMS code').fill(wmsCode);
  await page.getByLabel('Customer code').fill(customerCode);
  await page.getByLabel('User name').fill(warehouse.credentials.username);
  await page.getByLabel('Password').fill(warehouse.credentials.password);
  await page.getByLabel('Calls a minute').fill(String(RATE_PER_MINUTE));
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screenOf(page).getByRole('heading', { name: WAREHOUSE_NAME })).toBeVisible();
}
