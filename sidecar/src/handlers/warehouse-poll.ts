/** Asks the warehouse what changed since the cursor: the net under its webhooks, or the only way where there are none. */
import { acceptParcel, acceptWarehouseOrder, type Accepted } from '../queue/accept-warehouse.js';
import type { Handler, HandlerContext, Outcome } from '../queue/handler.js';
import { warehouseNews, writesOf } from './accept.js';

/** `from` is a date there on some versions, and clocks differ: an hour read twice costs less than a parcel missed. */
const OVERLAP_MS = 3_600_000;

interface Page {
  news: Accepted[];
  next: number | null;
}

export const warehousePollOrders: Handler = (context) =>
  poll(context, 'orders', async (from, page) => {
    const news = warehouseNews(context, 'poll');
    const answer = await context.warehouse(context.connection).listOrders({ from, page }, context.call);
    return { next: answer.next, news: await all(answer.rows, (order) => acceptWarehouseOrder(news, order)) };
  });

export const warehousePollShipments: Handler = (context) =>
  poll(context, 'parcels', async (from, page) => {
    const news = warehouseNews(context, 'poll');
    const answer = await context.warehouse(context.connection).listParcels({ from, page }, context.call);
    return { next: answer.next, news: await all(answer.rows, (parcel) => acceptParcel(news, parcel)) };
  });

/** The cursor moves only when every page was read: a page that failed is read again. */
async function poll(
  context: HandlerContext,
  what: string,
  read: (from: string, page: number) => Promise<Page>,
): Promise<Outcome> {
  const key = `cursor:poll-${what}:${context.connection.id}`;
  const startedAt = context.now();
  const held = await context.reads.meta(key);
  const from = held ?? new Date(context.connection.createdAt - OVERLAP_MS).toISOString();
  let rows = 0;
  let page: number | null = 1;
  while (page !== null) {
    const answer = await read(from, page);
    await context.checkpoint(answer.news.flatMap(writesOf));
    rows += answer.news.length;
    page = answer.next;
  }
  const value = new Date(startedAt - OVERLAP_MS).toISOString();
  return { outcome: 'done', sentence: `Read ${rows} ${what}.`, writes: [{ write: 'putMeta', key, value }] };
}

async function all<Row>(rows: readonly Row[], accept: (row: Row) => Promise<Accepted>): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (const row of rows) accepted.push(await accept(row));
  return accepted;
}
