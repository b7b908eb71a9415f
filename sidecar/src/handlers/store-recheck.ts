/**
 * Reads every order that is not final on both sides again, by id: WooCommerce does not touch the modified date when a refund
 * is deleted or only an item is saved, and a deleted order is in no list.
 */
import type { StoreOrder } from '../domain/order.js';
import type { EntityRecord } from '../domain/record.js';
import { PlatformFailure } from '../platforms/failure.js';
import type { ReadStoreOrder } from '../platforms/platform.js';
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
  const missing = held.filter(({ body }) => !there.has(body.id) && body.status !== 'deleted');
  for (const record of missing) orders.push(...(await missingOrder(context, record)));
  return acceptReadOrders(context, { orders, authoritative: 'yes', origin: 'hourly re-check' });
}

/**
 * A list also leaves out what another plugin hides from it, and orders whose status no plugin registers any more. Taken for
 * deleted, they would be cancelled at the warehouse; so each is asked for by its id.
 */
async function missingOrder(context: HandlerContext, record: EntityRecord<StoreOrder>): Promise<ReadStoreOrder[]> {
  try {
    const read = await context.shop(context.storeConnection).readOrder(record.body.id, context.call);
    return [read ?? deletedOrder(record)];
  } catch (error) {
    // One that cannot be read must not keep the others from being looked at.
    if (error instanceof PlatformFailure && error.kind === 'invalid') return [];
    throw error;
  }
}
