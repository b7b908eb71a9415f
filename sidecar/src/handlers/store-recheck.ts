/**
 * Reads every order that is not final on both sides again, by id: WooCommerce does not touch the modified date when a refund
 * is deleted or only an item is saved, and a deleted order is in no list.
 */
import type { StoreOrder } from '../domain/order.js';
import type { EntityRecord } from '../domain/record.js';
import { deletedOrder } from '../queue/accept-orders.js';
import type { Handler, HandlerContext } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { acceptReadOrders } from './accept.js';
import { openOrderPages } from './open-orders.js';

const IDS_A_CALL = 100;

export const storeRecheck: Handler = async (context) => {
  let read = 0;
  for await (const held of openOrderPages(context, IDS_A_CALL)) {
    await context.checkpoint(await recheck(context, held));
    read += held.length;
  }
  return { outcome: 'done', sentence: read === 1 ? 'Read 1 open order again.' : `Read ${read} open orders again.` };
};

async function recheck(context: HandlerContext, held: EntityRecord<StoreOrder>[]): Promise<Write[]> {
  const ids = held.map(({ body }) => body.id);
  const orders = await context.shop(context.storeConnection).readOrders(ids, context.call);
  const there = new Set(orders.map(({ order }) => order.id));
  const gone = held
    .filter(({ body }) => !there.has(body.id) && body.status !== 'deleted')
    .map((record) => deletedOrder(record));
  return acceptReadOrders(context, { orders: [...orders, ...gone], authoritative: 'yes', origin: 'hourly re-check' });
}
