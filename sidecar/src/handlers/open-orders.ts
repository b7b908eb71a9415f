/** The orders that are not final on both sides, page by page in the order of their ids. */
import type { StoreOrder } from '../domain/order.js';
import type { EntityRecord } from '../domain/record.js';
import type { HandlerContext } from '../queue/handler.js';

export async function* openOrderPages(
  context: HandlerContext,
  limit: number,
): AsyncGenerator<EntityRecord<StoreOrder>[]> {
  const filter = { connectionId: context.storeConnection.id, type: 'order', final: false, limit } as const;
  let afterId: string | undefined;
  for (;;) {
    const records = await context.reads.records(afterId === undefined ? filter : { ...filter, afterId });
    const last = records.at(-1);
    if (last === undefined) return;
    yield records.filter((record) => record.body !== null) as EntityRecord<StoreOrder>[];
    afterId = last.remoteId;
  }
}
