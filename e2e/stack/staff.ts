import { join } from 'node:path';
import type { ProductName } from './snapshot.ts';
import type { Stack } from './stack.ts';
import { ADDRESS, type PlacedOrder, type Purchase } from './shopper.ts';
import { json, visit, type Visitor } from './visit.ts';
import { PHP_DIR } from './wordpress.ts';

/** Someone logged in to wp-admin, able to call the REST API with the nonce of that login. */
export type Employee = {
  readonly visitor: Visitor;
  rest<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T>;
};

type Shop = Pick<Stack, 'url' | 'admin'>;

export async function logIn(shop: Shop, user: string = shop.admin.user): Promise<Employee> {
  const visitor = visit(shop.url);
  await visitor.get('/wp-login.php');
  const form = new URLSearchParams({ log: user, pwd: shop.admin.password, testcookie: '1' });
  const answer = await visitor.post('/wp-login.php', form);
  if (answer.status !== 302) throw new Error(`${user} could not log in: ${answer.status}`);
  const nonce = await (await visitor.get('/wp-admin/admin-ajax.php?action=rest-nonce')).text();

  async function rest<T>(method: string, path: string, body: object = {}): Promise<T> {
    const headers = { 'x-wp-nonce': nonce, 'x-http-method-override': method };
    const response =
      method === 'GET'
        ? await visitor.get(`/wp-json${path}${path.includes('?') ? '&' : '?'}_wpnonce=${nonce}`)
        : await visitor.post(`/wp-json${path}`, body, headers);
    return json<T>(response, `${method} ${path}`);
  }

  return { visitor, rest };
}

export type StaffOrder = Pick<Purchase, 'basket' | 'address' | 'email'> & {
  /** `paid` makes the order `processing`, which is where the warehouse's work begins. */
  readonly payment?: 'paid' | 'awaited';
};

/** An order made by REST, as another program would make it. */
export async function orderByRest(stack: Stack, employee: Employee, wish: StaffOrder = {}): Promise<PlacedOrder> {
  const address = { ...ADDRESS, ...wish.address };
  const pressedAt = Date.now();
  const { id, status } = await employee.rest<{ id: number; status: string }>('POST', '/wc/v3/orders', {
    payment_method: 'bacs',
    set_paid: wish.payment !== 'awaited',
    billing: { ...address, email: wish.email ?? 'sanne@example.test' },
    shipping: address,
    line_items: lines(stack, wish),
  });
  return { id, status, pressedAt, answeredAt: Date.now() };
}

/** An order made inside the shop, as the command line or another plugin makes it. */
export async function orderByPhp(stack: Stack, wish: StaffOrder = {}): Promise<PlacedOrder> {
  const pressedAt = Date.now();
  const { id, status } = await stack.php<{ id: number; status: string }>(join(PHP_DIR, 'order.php'), {
    address: { ...ADDRESS, ...wish.address },
    email: wish.email ?? 'sanne@example.test',
    paid: wish.payment !== 'awaited',
    lines: lines(stack, wish),
  });
  return { id, status, pressedAt, answeredAt: Date.now() };
}

const lines = (stack: Stack, wish: StaffOrder): { product_id: number; quantity: number }[] =>
  Object.entries(wish.basket ?? { oakChair: 1 }).map(([product, quantity]) => ({
    product_id: stack.catalogue.products[product as ProductName],
    quantity,
  }));
