import { expect, test } from '../shop-test.ts';
import { buyAtBlockCheckout, buyAtClassicCheckout } from '../stack/shopper.ts';
import type { FiredHook, Stack } from '../stack/stack.ts';
import { orderByPhp, orderByRest } from '../stack/staff.ts';
import { makeKey, signed } from './key.ts';
import { ORDER_HOOKS, type OrderEvent } from './order-hooks.ts';
import { NOTE_SHAPE, ORDER_SHAPE, REFUND_SHAPE, typesAt } from './order-shape.ts';

type Order = { readonly id: number; readonly line_items: readonly { readonly id: number }[] };

/** What Tallyman relies on in a shop. The real WooCommerce and the stand-in are both held to it. */
export function shopContract(): void {
  describeHooks();
  describeShapes();
  describeLists();
  describeKeys();
}

function describeHooks(): void {
  test('orders are announced by the same hooks, however they are made', async ({ stack, admin }) => {
    await heard(stack, 'a paid order made by REST', () => orderByRest(stack, admin));
    await heard(stack, 'an unpaid order made by REST', () => orderByRest(stack, admin, { payment: 'awaited' }));
    await heard(stack, 'a paid order made in PHP', () => orderByPhp(stack));
    await heard(stack, 'an order of the block checkout', () => buyAtBlockCheckout(stack));
    await heard(stack, 'an order of the classic checkout', () => buyAtClassicCheckout(stack));
  });

  test('changes of an order are announced by the same hooks', async ({ stack, admin }) => {
    const { id } = await orderByRest(stack, admin);
    const order = `/wc/v3/orders/${id}`;
    const put = (change: object) => admin.rest('PUT', order, change);
    await heard(stack, 'another address', () => put({ shipping: { address_1: 'Elsewhere 2' } }));
    await heard(stack, 'the same status again', () => put({ status: 'processing' }));
    await heard(stack, 'another status', () => put({ status: 'on-hold' }));

    const some = { amount: '10', api_refund: false };
    const refund = await heard(stack, 'a refund of some money', () =>
      admin.rest<{ id: number }>('POST', `${order}/refunds`, some),
    );
    await heard(stack, 'a refund taken back', () => admin.rest('DELETE', `${order}/refunds/${refund.id}?force=true`));
    const { line_items: lines } = await admin.rest<Order>('GET', order);
    const all = { amount: '89', api_refund: false, line_items: [{ id: lines[0]!.id, quantity: 1, refund_total: 89 }] };
    await heard(stack, 'a refund of everything', () => admin.rest('POST', `${order}/refunds`, all));
  });

  test('trash and deletion are announced by the same hooks', async ({ stack, admin }) => {
    const { id } = await orderByRest(stack, admin);
    await heard(stack, 'into the trash', () => admin.rest('DELETE', `/wc/v3/orders/${id}`));
    await heard(stack, 'out of the trash', () => stack.php('return wc_get_order( $args["id"] )->untrash();', { id }));
    await heard(stack, 'deleted for good', () => admin.rest('DELETE', `/wc/v3/orders/${id}?force=true`));
  });
}

/** These fire as well, but how often depends on the notes and the metadata that a mail or a stock move leaves. */
const UNCOUNTED: readonly string[] = ['order_note_added', 'new_order_item', 'after_order_object_save'];

async function heard<T>(stack: Stack, event: OrderEvent, work: () => Promise<T>): Promise<T> {
  const before = stack.hooks().length;
  const result = await work();
  const fired = stack.hooks().slice(before).map(named);
  expect(
    fired.map(({ said }) => said).filter((said) => !UNCOUNTED.includes(said)),
    event,
  ).toEqual(ORDER_HOOKS[event]);

  const names = fired.map(({ name }) => name);
  const lastSave = Math.max(names.lastIndexOf('new_order'), names.lastIndexOf('update_order'));
  if (lastSave >= 0) expect(names.lastIndexOf('after_order_object_save'), event).toBeGreaterThan(lastSave);
  return result;
}

function named({ hook, arguments: [, from, to] }: FiredHook): { name: string; said: string } {
  const name = hook.replace('woocommerce_', '');
  return { name, said: name === 'order_status_changed' ? `${name} ${from} ${to}` : name };
}

function describeShapes(): void {
  test('orders, refunds and notes have the same shape', async ({ stack, admin }) => {
    const { id } = await orderByRest(stack, admin);
    const order = await admin.rest<Order>('GET', `/wc/v3/orders/${id}`);
    expect(typesAt(order, ORDER_SHAPE)).toEqual(ORDER_SHAPE);

    const line = { id: order.line_items[0]!.id, quantity: 1, refund_total: 5 };
    await admin.rest('POST', `/wc/v3/orders/${id}/refunds`, { amount: '5', api_refund: false, line_items: [line] });
    const refunds = await admin.rest<unknown[]>('GET', `/wc/v3/orders/${id}/refunds`);
    expect(typesAt(refunds[0], REFUND_SHAPE)).toEqual(REFUND_SHAPE);
    expect(refunds[0]).toMatchObject({ amount: '5.00', line_items: [{ quantity: -1 }] });

    await admin.rest('POST', `/wc/v3/orders/${id}/notes`, { note: 'On its way.', customer_note: true });
    const notes = await admin.rest<unknown[]>('GET', `/wc/v3/orders/${id}/notes?type=customer`);
    expect(typesAt(notes[0], NOTE_SHAPE)).toEqual(NOTE_SHAPE);
  });

  test('a variation without a SKU shows its parent’s', async ({ stack, admin }) => {
    const { id } = await buyAtBlockCheckout(stack, { basket: { cushionMoss: 1 } });
    expect(await admin.rest('GET', `/wc/v3/orders/${id}`)).toMatchObject({
      line_items: [
        {
          product_id: stack.catalogue.products.cushion,
          variation_id: stack.catalogue.products.cushionMoss,
          sku: 'LINEN-CUSHION',
        },
      ],
    });
  });

  test('a note to the customer is one mail', async ({ stack, admin }) => {
    const { id } = await orderByRest(stack, admin);
    const before = stack.mails().length;
    await admin.rest('POST', `/wc/v3/orders/${id}/notes`, { note: 'Parcel 3STOAK1', customer_note: true });
    const mails = stack.mails().slice(before);
    expect(mails.filter(({ body }) => body.includes('3STOAK1'))).toHaveLength(1);
  });
}

function describeLists(): void {
  test('orders are found by id, by status and by the time of their change', async ({ stack, admin }) => {
    const paid = await orderByRest(stack, admin);
    const waiting = await orderByRest(stack, admin, { payment: 'awaited' });
    const find = async (query: string) =>
      (await admin.rest<Order[]>('GET', `/wc/v3/orders?${query}`)).map(({ id }) => id);
    const both = `include=${paid.id},${waiting.id}`;
    expect(await find(`${both}&orderby=id&order=asc`)).toEqual([paid.id, waiting.id]);
    expect(await find(`${both}&status=pending`)).toEqual([waiting.id]);
    expect(
      await find('modified_after=2001-01-01T00:00:00&dates_are_gmt=true&per_page=1&orderby=modified'),
    ).toHaveLength(1);
    expect(await find('modified_after=2199-01-01T00:00:00&dates_are_gmt=true')).toEqual([]);

    await admin.rest('DELETE', `/wc/v3/orders/${waiting.id}`);
    expect(await find(`${both}&status=any`)).toEqual([paid.id]);
    expect(await find(`${both}&status=trash`)).toEqual([waiting.id]);
    // "any" swallows what stands beside it: trashed orders have to be asked for apart.
    expect(await find(`${both}&status=any,trash`)).toEqual([paid.id]);
  });
}

function describeKeys(): void {
  test('a key opens wc/v3 by a signature, once', async ({ stack }) => {
    const address = signed(stack, await makeKey(stack, 'read_write'), 'GET', '/orders', { per_page: '1' });
    expect((await fetch(address)).status).toBe(200);
    expect((await fetch(address)).status).toBe(401);
  });

  test('a wrong secret, no key and a key that may only read are refused', async ({ stack }) => {
    const key = await makeKey(stack, 'read');
    expect((await fetch(signed(stack, { ...key, secret: 'cs_wrong' }, 'GET', '/orders'))).status).toBe(401);
    expect((await fetch(`${stack.url}/wp-json/wc/v3/orders`)).status).toBe(401);
    expect((await fetch(signed(stack, key, 'POST', '/orders'), { method: 'POST' })).status).toBe(401);
  });
}
