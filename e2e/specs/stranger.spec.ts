import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { connectWarehouse, pairShop } from '../pages/set-up.ts';
import { openTab } from '../pages/tab.ts';
import { arrivalOf } from '../stack/arrival.ts';
import { run } from '../stack/processes.ts';
import { buyAtBlockCheckout } from '../stack/shopper.ts';
import { type Sidecar, startSidecar } from '../stack/sidecar.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { hasRealStore } from '../stack/store-source.ts';
import { logIn } from '../stack/staff.ts';
import { startWarehouse, type Warehouse } from '../stack/warehouse.ts';
import { bestServer } from '../stack/web.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

// The README's "Install it", done as it says: a shop that has only WooCommerce, the zip, and the packed sidecar.
test('a stranger installs the zip and the packed sidecar, pairs them on the screen, and the first order goes through', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  test.skip(!(await hasRealStore()), 'No real WooCommerce can be had here.');
  const startedAt = Date.now();
  const stack = await startStack({ store: 'real', tallyman: 'absent', fileChanges: 'allowed', server: bestServer() });
  const warehouse = await startWarehouse();
  const sidecar = await startSidecar({ runDir: stack.runDir, program: await unpackedSidecar(stack.runDir) });
  try {
    const admin = await logIn(stack);
    const page = await openTab(browser, stack, admin);
    await uploadPlugin(page);
    await pairShop(page, sidecar);
    await connectWarehouse(page, warehouse);
    await expectFirstOrder(stack, warehouse, admin);
    console.log(
      `From an empty folder to the first order with tracking: ${Math.round((Date.now() - startedAt) / 1000)} s`,
    );
    await page.context().close();
  } finally {
    await endAll(stack, warehouse, sidecar);
  }
});

async function unpackedSidecar(runDir: string): Promise<string> {
  const folder = join(runDir, 'empty');
  mkdirSync(folder);
  const packed = readdirSync(DIST).find((name) => /^tallyman-sidecar-.*\.tgz$/.test(name));
  if (packed === undefined) throw new Error('There is no packed sidecar in dist: run "npm run build" first.');
  await run('tar', ['-xzf', join(DIST, packed), '-C', folder]);
  return join(folder, packed.replace(/\.tgz$/, ''), 'dist', 'main.js');
}

async function uploadPlugin(page: Page): Promise<void> {
  await page.goto('/wp-admin/plugin-install.php?tab=upload');
  await page.locator('#pluginzip').setInputFiles(join(DIST, 'tallyman.zip'));
  await page.getByRole('button', { name: 'Install Now' }).click();
  await page.getByRole('link', { name: 'Activate Plugin' }).click();
  await expect(page.getByText('Plugin activated.')).toBeVisible();
}

async function expectFirstOrder(
  stack: Stack,
  warehouse: Warehouse,
  admin: Awaited<ReturnType<typeof logIn>>,
): Promise<void> {
  const { id } = await buyAtBlockCheckout(stack);
  const arrival = await arrivalOf(id, { stack, admin, warehouse, timeoutMs: 60_000 });
  expect(arrival.mailsWithTracking).toBe(1);
}

async function endAll(stack: Stack, warehouse: Warehouse, sidecar: Sidecar): Promise<void> {
  await sidecar.end();
  await warehouse.stop();
  await stack.stop();
}
