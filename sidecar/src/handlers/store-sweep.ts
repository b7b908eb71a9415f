/** Finds what no hook told: orders changed since the cursor, with an overlap. */
import type { ReadStoreOrder } from '../platforms/platform.js';
import type { Handler } from '../queue/handler.js';
import { acceptReadOrders } from './accept.js';

/** WooCommerce's times have 1 s resolution and its "after" is exclusive; clocks of two servers differ. */
const OVERLAP_MS = 60_000;

export const storeSweep: Handler = async (context) => {
  const key = `cursor:store.sweep:${context.storeConnection.id}`;
  const shop = context.shop(context.storeConnection);
  const from = (await context.reads.meta(key)) ?? earlier(new Date(context.storeConnection.createdAt).toISOString());
  let latest = from;
  let seen = 0;
  let page: number | null = 1;
  while (page !== null) {
    const answer = await shop.listChanged({ since: from, page }, context.call);
    await context.checkpoint(
      await acceptReadOrders(context, { orders: answer.rows, authoritative: 'no', origin: 'sweep' }),
    );
    seen += answer.rows.length;
    latest = latestOf(answer.rows, latest);
    page = answer.next;
  }
  // Only now: pages of different statuses come side by side, so a cursor moved in between could step over some.
  const value = earlier(latest) > from ? earlier(latest) : from;
  const sentence = seen === 1 ? 'Looked at 1 changed order.' : `Looked at ${seen} changed orders.`;
  return { outcome: 'done', sentence, writes: [{ write: 'putMeta', key, value }] };
};

const earlier = (time: string): string => new Date(Date.parse(time) - OVERLAP_MS).toISOString();

function latestOf(rows: readonly ReadStoreOrder[], since: string): string {
  return rows.reduce((latest, { order }) => (order.modifiedAt > latest ? order.modifiedAt : latest), since);
}
