import { test as base, type Page } from '@playwright/test';
import { startStack, type Stack, type StackOptions } from './stack/stack.ts';
import { hasRealStore } from './stack/store-source.ts';
import { type Employee, logIn } from './stack/staff.ts';

type ShopOptions = { readonly shop: StackOptions };
type ShopFixtures = { readonly stack: Stack; readonly admin: Employee };

/** Playwright asks for the address before a test can be skipped. */
const NO_SHOP = { url: 'http://no-shop.invalid' } as Stack;

/** A test with a real shop. `test.use({ shop: { hpos: 'off' } })` at the top of a file gives that file another one. */
export const test = base.extend<{ adminPage: Page; realStore: void }, ShopOptions & ShopFixtures>({
  shop: [{}, { scope: 'worker', option: true }],

  /** No journey is claimed from the stand-in: without a real WooCommerce these tests are skipped, and counted as that. */
  realStore: [
    async ({ shop }, use, testInfo) => {
      testInfo.skip(shop.store === 'real' && !(await hasRealStore()), 'No real WooCommerce can be had here.');
      await use();
    },
    { auto: true },
  ],

  stack: [
    async ({ shop }, use) => {
      if (shop.store === 'real' && !(await hasRealStore())) return use(NO_SHOP);
      const stack = await startStack({ say: (line) => console.log(line), ...shop });
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],

  baseURL: async ({ stack }, use) => use(stack.url),

  admin: [async ({ stack }, use) => use(await logIn(stack)), { scope: 'worker' }],

  /** A tab of wp-admin. The login is the worker's: one costs 2 s. */
  adminPage: async ({ browser, stack, admin }, use) => {
    const context = await browser.newContext({ baseURL: stack.url, storageState: storageOf(stack, admin) });
    await use(await context.newPage());
    await context.close();
  },
});

export { expect } from '@playwright/test';

function storageOf(stack: Stack, employee: Employee) {
  const { hostname } = new URL(stack.url);
  const cookies = employee.visitor.cookies().map(([name, value]) => ({
    ...{ name, value, domain: hostname, path: '/' },
    ...{ expires: -1, httpOnly: false, secure: false, sameSite: 'Lax' as const },
  }));
  return { cookies, origins: [] };
}
