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
import { isRoundOver, keep, kept, nextRound } from './rounds.js';

const IDS_A_CALL = 100;

/**
 * A place older than this is not gone on from: where one order makes the shop fail whenever it is read, at least those before it
 * are read each hour.
 */
const KEPT_MS = 1_800_000;

interface Place {
  afterId: string;
  /** Epoch ms. */
  at: number;
}

export const storeRecheck: Handler = async (context) => {
  const key = `recheck:${context.storeConnection.id}`;
  const startedAt = context.now();
  const place = await kept<Place>(context, key);
  const after = place === null || startedAt - place.at > KEPT_MS ? null : place.afterId;
  let count = 0;
  for await (const { orders, lastId } of openOrderPages(context, IDS_A_CALL, after)) {
    const at = { afterId: lastId, at: context.now() } satisfies Place;
    await context.checkpoint([...(await recheck(context, orders)), keep(key, at)]);
    count += orders.length;
    if (isRoundOver(context, startedAt))
      return nextRound(context, 'store.recheck', `${readAgain(count)}; more to come.`);
  }
  return { outcome: 'done', sentence: `${readAgain(count)}.`, writes: [keep(key, null)] };
};

const readAgain = (count: number): string =>
  count === 1 ? 'Read 1 open order again' : `Read ${count} open orders again`;

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
