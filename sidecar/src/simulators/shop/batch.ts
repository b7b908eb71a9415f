/** The shop's outbox as it is handed over. */
import type { OutboxRow, Shop } from './shop.js';

const ROWS_A_BATCH = 50;

/** @param fromSequence everything since then, acknowledged or not; null for what waits. */
export function outboxBatch(shop: Shop, now: number, fromSequence: number | null = null): Record<string, unknown> {
  const waiting = shop.waiting();
  const all = shop.memory === 'kept' ? shop.rows : waiting;
  const wanted = fromSequence === null ? waiting : all.filter((row) => row.sequence >= fromSequence);
  return batchOf(shop, now, wanted.slice(0, ROWS_A_BATCH), waiting.length);
}

/** These rows and no others: several senders at one time each have their own. */
export function batchOf(shop: Shop, now: number, rows: readonly OutboxRow[], waiting: number): Record<string, unknown> {
  const orders: Record<string, unknown> = {};
  for (const { entityId } of rows) {
    const order = shop.orders.get(entityId);
    if (order !== undefined) orders[String(entityId)] = shop.json(order);
  }
  for (const row of rows) row.claimed = true;
  const listed = rows.map(({ acknowledged: _, claimed: _claimed, ...row }) => row);
  return {
    protocol: 1,
    epoch: shop.epoch,
    site: shop.site,
    sentAt: new Date(now).toISOString(),
    tail: shop.rows.length,
    waiting,
    rows: listed,
    orders,
  };
}
