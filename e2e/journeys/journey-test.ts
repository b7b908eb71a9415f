import { test as shopTest } from '../shop-test.ts';
import { type Sidecar, startSidecar } from '../stack/sidecar.ts';
import { startWarehouse, type Warehouse } from '../stack/warehouse.ts';
import { openTab } from '../pages/tab.ts';
import { connectWarehouse, pairShop } from '../pages/set-up.ts';
import { NO_FAULTS } from './faults.ts';
import { managementApi } from './management-api.ts';
import type { World } from './world.ts';

type Services = { readonly warehouse: Warehouse; readonly sidecar: Sidecar; readonly world: World };

/**
 * A test with a shop, its sidecar and a warehouse. One set serves all tests of a worker, so each test makes orders of
 * its own. `world` is paired and connected; a test that wants to do that itself asks for `sidecar` and `warehouse`.
 */
export const test = shopTest.extend<{ calmWarehouse: void }, Services>({
  shop: [{ store: 'real', hpos: 'on', wpCron: 'off', tallyman: 'copied' }, { scope: 'worker' }],

  // A button that is not there is a finding, not something to wait for until the test's end.
  actionTimeout: 20_000,

  warehouse: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from this pattern which other fixtures are wanted.
    async ({}, use) => {
      // Nothing leaves by itself: a test says when, and never has to be quicker than the warehouse.
      const warehouse = await startWarehouse({ shipAfterMs: null });
      await use(warehouse);
      await warehouse.stop();
    },
    { scope: 'worker' },
  ],

  sidecar: [
    async ({ stack }, use) => {
      const sidecar = await startSidecar({ runDir: stack.runDir });
      await use(sidecar);
      await sidecar.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  world: [
    async ({ browser, stack, admin, sidecar, warehouse }, use) => {
      const api = await managementApi(sidecar);
      const tab = await openTab(browser, stack, admin);
      const before = await api.connections();
      if (before.length === 0) await pairShop(tab, sidecar);
      if (before.length < 2) await connectWarehouse(tab, warehouse);
      await tab.context().close();
      const connections = await api.connections();
      const idOf = (platform: string) => connections.find((one) => one.platform === platform)?.id ?? '';
      await use({ stack, admin, sidecar, warehouse, api, storeId: idOf('woocommerce'), warehouseId: idOf('wms') });
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  calmWarehouse: [
    async ({ warehouse }, use) => {
      await use();
      warehouse.faults(NO_FAULTS);
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';
