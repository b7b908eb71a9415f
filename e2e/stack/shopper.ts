import type { ProductName } from './snapshot.ts';
import type { Stack } from './stack.ts';
import { json, visit, type Visitor } from './visit.ts';

export type Basket = Partial<Record<ProductName, number>>;

export type Payment = 'cod' | 'bacs' | 'cheque';

export type Address = {
  readonly first_name: string;
  readonly last_name: string;
  readonly address_1: string;
  readonly address_2: string;
  readonly postcode: string;
  readonly city: string;
  readonly country: string;
  readonly phone: string;
};

export type Purchase = {
  /** One oak chair, if nothing is said. */
  readonly basket?: Basket;
  /** `cod` makes the order `processing` at once, `bacs` and `cheque` leave it on hold. */
  readonly payment?: Payment;
  readonly address?: Partial<Address>;
  readonly email?: string;
};

export type PlacedOrder = {
  readonly id: number;
  readonly status: string;
  /** Epoch milliseconds: when "Place order" was pressed, and when the shopper had the answer. */
  readonly pressedAt: number;
  readonly answeredAt: number;
};

export const ADDRESS: Address = {
  first_name: 'Sanne',
  last_name: 'de Vries',
  address_1: 'Prinsengracht 263',
  address_2: '',
  postcode: '1016 GV',
  city: 'Amsterdam',
  country: 'NL',
  phone: '+31 20 555 0100',
};

type Shop = Pick<Stack, 'url' | 'catalogue' | 'store'>;

/** As the block checkout does it: cart and checkout over the Store API. */
export async function buyAtBlockCheckout(shop: Shop, purchase: Purchase = {}): Promise<PlacedOrder> {
  if (shop.store.kind === 'stand-in') return buyAtStandIn(shop, 'block', purchase);
  const visitor = visit(shop.url);
  const headers = await openCart(visitor);
  for (const [product, quantity] of linesOf(purchase)) {
    const line = { id: shop.catalogue.products[product], quantity };
    await json(await visitor.post(`${STORE_API}/cart/add-item`, line, headers), `Adding ${product} to the cart`);
  }
  const address = { ...ADDRESS, ...purchase.address };
  const pressedAt = Date.now();
  const response = await visitor.post(
    `${STORE_API}/checkout`,
    {
      billing_address: { ...address, state: '', company: '', email: purchase.email ?? 'sanne@example.test' },
      shipping_address: { ...address, state: '', company: '' },
      payment_method: purchase.payment ?? 'cod',
    },
    headers,
  );
  const order = await json<{ order_id: number; status: string }>(response, 'The checkout');
  return { id: order.order_id, status: order.status, pressedAt, answeredAt: Date.now() };
}

const STORE_API = '/wp-json/wc/store/v1';

/** The headers that make the calls to come belong to one cart. WooCommerce 9 wants the nonce beside the token. */
async function openCart(visitor: Visitor): Promise<Record<string, string>> {
  const response = await visitor.get(`${STORE_API}/cart`);
  const token = response.headers.get('cart-token');
  if (token === null)
    throw new Error(`The cart gave no token: ${response.status} ${(await response.text()).slice(0, 300)}`);
  return { 'cart-token': token, nonce: response.headers.get('nonce') ?? '' };
}

const linesOf = (purchase: Purchase): readonly [ProductName, number][] =>
  Object.entries(purchase.basket ?? { oakChair: 1 }) as [ProductName, number][];

/** As the classic checkout page does it: a session cookie, the page's nonce, one form post. */
export async function buyAtClassicCheckout(shop: Shop, purchase: Purchase = {}): Promise<PlacedOrder> {
  if (shop.store.kind === 'stand-in') return buyAtStandIn(shop, 'classic', purchase);
  const visitor = visit(shop.url);
  for (const [product, quantity] of linesOf(purchase)) {
    const line = new URLSearchParams({
      product_id: String(shop.catalogue.products[product]),
      quantity: String(quantity),
    });
    await json(await visitor.post('/?wc-ajax=add_to_cart', line), `Adding ${product} to the cart`);
  }
  const form = await checkoutForm(visitor, purchase);
  const pressedAt = Date.now();
  const answer = await json<ClassicAnswer>(await visitor.post('/?wc-ajax=checkout', form), 'The classic checkout');
  if (answer.result !== 'success') throw new Error(`The classic checkout refused: ${answer.messages ?? ''}`);
  // Every gateway we use leaves its state in the redirect's order, not in the answer.
  return { id: answer.order_id, status: STATUS_AFTER[purchase.payment ?? 'cod'], pressedAt, answeredAt: Date.now() };
}

type ClassicAnswer = { readonly result: string; readonly order_id: number; readonly messages?: string };

const STATUS_AFTER = { cod: 'processing', bacs: 'on-hold', cheque: 'on-hold' } as const satisfies Record<
  Payment,
  string
>;

async function checkoutForm(visitor: Visitor, purchase: Purchase): Promise<URLSearchParams> {
  const page = await (await visitor.get('/classic-checkout/')).text();
  const nonce = /name="woocommerce-process-checkout-nonce" value="([^"]+)"/.exec(page)?.[1];
  if (nonce === undefined) throw new Error('The classic checkout page shows no checkout form.');
  const form = new URLSearchParams({
    billing_email: purchase.email ?? 'sanne@example.test',
    payment_method: purchase.payment ?? 'cod',
    'woocommerce-process-checkout-nonce': nonce,
    _wp_http_referer: '/classic-checkout/',
  });
  for (const [field, value] of Object.entries({ ...ADDRESS, ...purchase.address })) form.set(`billing_${field}`, value);
  const shipping = /name="shipping_method\[0\]"[^>]*value="([^"]+)"/.exec(page)?.[1];
  if (shipping !== undefined) form.set('shipping_method[0]', shipping);
  return form;
}

/** The stand-in has no checkout; it makes the order with the hooks that the real one would fire. */
async function buyAtStandIn(shop: Shop, door: 'block' | 'classic', purchase: Purchase): Promise<PlacedOrder> {
  const address = { ...ADDRESS, ...purchase.address };
  const pressedAt = Date.now();
  const response = await visit(shop.url).post(`/wp-json/stand-in/v1/checkout/${door}`, {
    billing: { ...address, email: purchase.email ?? 'sanne@example.test' },
    shipping: address,
    payment_method: purchase.payment ?? 'cod',
    lines: linesOf(purchase).map(([product, quantity]) => ({ id: shop.catalogue.products[product], quantity })),
  });
  const order = await json<{ order_id: number; status: string }>(response, "The stand-in's checkout");
  return { id: order.order_id, status: order.status, pressedAt, answeredAt: Date.now() };
}
