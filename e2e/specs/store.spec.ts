import { shopAtBlockCheckout, shopAtClassicCheckout } from '../shopping.ts';
import { expect, test } from '../shop-test.ts';
import { buyAtBlockCheckout } from '../stack/shopper.ts';

test.use({ shop: { store: 'real', tallyman: 'absent' } });

type Order = { readonly status: string; readonly created_via: string; readonly total: string };

test('a shopper buys at the block checkout', async ({ page, admin, stack }) => {
  const id = await shopAtBlockCheckout(page, stack, 'oakChair');
  const order = await admin.rest<Order>('GET', `/wc/v3/orders/${id}`);
  expect(order).toMatchObject({ status: 'processing', created_via: 'store-api', total: '93.95' });
});

test('a shopper buys at the classic checkout', async ({ page, admin, stack }) => {
  const id = await shopAtClassicCheckout(page, stack, 'woolRug');
  const order = await admin.rest<Order>('GET', `/wc/v3/orders/${id}`);
  expect(order).toMatchObject({ status: 'processing', created_via: 'checkout', total: '134.45' });
});

test('the clerk finds an order in wp-admin', async ({ adminPage, stack }) => {
  const { id } = await buyAtBlockCheckout(stack, { address: { last_name: 'Jansen' } });
  await adminPage.goto('/wp-admin/admin.php?page=wc-orders');
  await expect(adminPage.getByRole('link', { name: `#${id} Sanne Jansen` })).toBeVisible();
});
