/** The orders that are not final on both sides, page by page in the order of their ids. */
import type { StoreOrder } from '../domain/order.js';
import type { EntityRecord } from '../domain/record.js';
import type { HandlerContext } from '../queue/handler.js';

export interface OpenOrders {
  orders: EntityRecord<StoreOrder>[];
  /** What to go on after. */
  lastId: string;
}

/** @param after the id of an earlier page's end; null: from the first order. */
export async function* openOrderPages(
  context: HandlerContext,
  limit: number,
  after: string | null = null,
): AsyncGenerator<OpenOrders> {
  const filter = { connectionId: context.storeConnection.id, type: 'order', final: false, limit } as const;
  let afterId = after;
  for (;;) {
    const records = await context.reads.records(afterId === null ? filter : { ...filter, afterId });
    const last = records.at(-1);
    if (last === undefined) return;
    afterId = last.remoteId;
    yield { orders: records.filter((record) => record.body !== null) as EntityRecord<StoreOrder>[], lastId: afterId };
  }
}
