/** Finds what no hook told: orders changed since the cursor, in the store's own order of change, with an overlap. */
import type { Handler } from '../queue/handler.js';
import { acceptReadOrders } from './accept.js';
import type { ReadStoreOrder } from '../platforms/platform.js';

/** WooCommerce's times have 1 s resolution and its "after" is exclusive; clocks of two servers differ. */
const OVERLAP_MS = 60_000;
/** A sweep that finds more goes on at the next run: one job must not outlive its lease. */
const PAGES_A_RUN = 10;

export const storeSweep: Handler = async (context) => {
  const key = `cursor:store.sweep:${context.storeConnection.id}`;
  const shop = context.shop(context.storeConnection);
  let since = (await context.reads.meta(key)) ?? new Date(context.storeConnection.createdAt - OVERLAP_MS).toISOString();
  const from = since;
  let seen = 0;
  let page: number | null = 1;
  for (let pages = 0; page !== null && pages < PAGES_A_RUN; pages += 1) {
    const answer = await shop.listChanged({ since: from, page }, context.call);
    seen += answer.rows.length;
    since = latestOf(answer.rows, since);
    const value = new Date(Date.parse(since) - OVERLAP_MS).toISOString();
    // Each page is durable before the next: a crash repeats a page, it never skips one.
    const writes = await acceptReadOrders(context, { orders: answer.rows, authoritative: 'no', origin: 'sweep' });
    await context.checkpoint([...writes, { write: 'putMeta', key, value: value > from ? value : from }]);
    page = answer.next;
  }
  return { outcome: 'done', sentence: seen === 1 ? 'Looked at 1 changed order.' : `Looked at ${seen} changed orders.` };
};

function latestOf(rows: readonly ReadStoreOrder[], since: string): string {
  return rows.reduce((latest, { order }) => (order.modifiedAt > latest ? order.modifiedAt : latest), since);
}
