/** Finds what no hook told: orders changed since the cursor, with an overlap. */
import type { ChangesFrom, ChangesPage } from '../platforms/platform.js';
import type { Handler, HandlerContext } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { acceptReadOrders } from './accept.js';
import { isRoundOver, keep, kept, nextRound } from './rounds.js';

/** WooCommerce's times have 1 s resolution, an order can be read some seconds after the time it shows, and clocks differ. */
const OVERLAP_MS = 60_000;

/** How far it has come; kept after each page, so that what ends it in the middle costs one page. */
interface Sweep {
  from: ChangesFrom;
  /** ISO time of the latest change seen. */
  latest: string;
  /** When it came to what had only just changed, epoch ms; null while all it reads is older. */
  caughtUpAt: number | null;
}

export const storeSweep: Handler = async (context) => {
  const startedAt = context.now();
  const cursor = (await context.reads.meta(cursorKey(context))) ?? overlapped(context.storeConnection.createdAt);
  let sweep = (await kept<Sweep>(context, sweepKey(context))) ?? begin(cursor);
  let seen = 0;
  for (;;) {
    const askedAt = context.now();
    const page = await context.shop(context.storeConnection).listChanged(sweep.from, context.call);
    sweep = afterPage(sweep, page, askedAt);
    const orders = { orders: page.rows, authoritative: 'no', origin: 'sweep' } as const;
    await context.checkpoint([...(await acceptReadOrders(context, orders)), keep(sweepKey(context), sweep)]);
    seen += page.rows.length;
    if (page.next === null)
      return { outcome: 'done', sentence: `${looked(seen)}.`, writes: end(context, cursor, sweep) };
    if (isRoundOver(context, startedAt)) return nextRound(context, 'store.sweep', `${looked(seen)}; more to come.`);
  }
};

const begin = (cursor: string): Sweep => ({ from: { since: cursor }, latest: cursor, caughtUpAt: null });

function afterPage({ from, latest, caughtUpAt }: Sweep, { rows, next }: ChangesPage, askedAt: number): Sweep {
  const isAbreast = next === null || next.since > overlapped(askedAt);
  return {
    from: next ?? from,
    latest: rows.reduce((found, { order }) => (order.modifiedAt > found ? order.modifiedAt : found), latest),
    caughtUpAt: caughtUpAt ?? (isAbreast ? askedAt : null),
  };
}

/**
 * From when it had caught up the next one reads again: an order can be seen later than its time says. Nor may the cursor lie in
 * the future, where a wrong clock can have put an order.
 */
function end(context: HandlerContext, cursor: string, { latest, caughtUpAt }: Sweep): Write[] {
  const reached = overlapped(Math.min(Date.parse(latest), caughtUpAt ?? Number.POSITIVE_INFINITY));
  const value = reached > cursor ? reached : cursor;
  return [{ write: 'putMeta', key: cursorKey(context), value }, keep(sweepKey(context), null)];
}

// Apart from the cursor, which an older version of Tallyman reads as a time.
const sweepKey = ({ storeConnection }: HandlerContext): string => `sweep:${storeConnection.id}`;
const cursorKey = ({ storeConnection }: HandlerContext): string => `cursor:store.sweep:${storeConnection.id}`;

const overlapped = (time: number): string => new Date(time - OVERLAP_MS).toISOString();
const looked = (seen: number): string =>
  seen === 1 ? 'Looked at 1 changed order' : `Looked at ${seen} changed orders`;
