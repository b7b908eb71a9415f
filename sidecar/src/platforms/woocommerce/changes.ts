/**
 * Changed orders in the order of their changes, a page at a time. Not by page numbers: an order that changes meanwhile leaves its
 * place, all behind it move up, and one steps over the border of a page unseen. So each page begins anew at the time the one
 * before had reached. Where the shop still keeps its orders as posts it sorts by its own clock: of the hour that comes twice in
 * autumn more than a page of orders may be given in another order than this relies on.
 */
import { PlatformFailure } from '../failure.js';
import type { CallContext, ChangesFrom, ChangesPage } from '../platform.js';
import type { WcClient } from './client.js';
import { listAll, type Listed, type ListQuery } from './read-orders.js';

/** WooCommerce's times have no parts of seconds. */
const SECOND_MS = 1000;

export async function listChanged(client: WcClient, from: ChangesFrom, call: CallContext): Promise<ChangesPage> {
  const since = Math.floor(Date.parse(from.since) / SECOND_MS) * SECOND_MS;
  return from.page === undefined ? changedSince(client, since, call) : secondAfter(client, since, from.page, call);
}

async function changedSince(client: WcClient, since: number, call: CallContext): Promise<ChangesPage> {
  const lists = await listAll(client, { ...after(since), orderby: 'modified', order: 'asc' }, call);
  const rows = lists.flatMap((one) => one.rows);
  const cut = lists.filter(hasMore);
  if (cut.length === 0) return { rows, next: null };
  const reached = Math.min(...cut.map(({ changedAt }) => changedAt ?? Number.NEGATIVE_INFINITY));
  if (reached <= since) throw notListed(since);
  // More orders of the second it ends in may be behind the page.
  const again = reached - SECOND_MS;
  if (again > since) return { rows, next: { since: text(again) } };
  return { rows, next: { since: text(since), page: await pagesOfSecondAfter(client, since, call) } };
}

/** More orders than a page share a second. From the last page to the first: one that leaves the second moves only what was read. */
async function secondAfter(client: WcClient, since: number, page: number, call: CallContext): Promise<ChangesPage> {
  const rows = (await listAll(client, { ...second(since), page }, call)).flatMap((one) => one.rows);
  const next = page > 1 ? { since: text(since), page: page - 1 } : { since: text(since + SECOND_MS) };
  return { rows, next };
}

async function pagesOfSecondAfter(client: WcClient, since: number, call: CallContext): Promise<number> {
  const lists = await listAll(client, second(since), call);
  const pages = lists.map((one) => one.pages ?? (one.page === 'short' ? 1 : null));
  if (pages.includes(null)) throw pagesUnknown(since);
  return Math.max(1, ...pages.map(Number));
}

/** By id, because among equal times older versions of WooCommerce leave the order to the database. */
function second(since: number): ListQuery {
  return { ...after(since), modified_before: wcTime(since + 2 * SECOND_MS), orderby: 'id', order: 'asc' };
}

/** Exclusive, both. Times without the gmt flag would be read in the shop's own zone. */
function after(since: number): ListQuery {
  return { modified_after: wcTime(since), dates_are_gmt: true };
}

/** What nobody may see or WooCommerce cannot load is missing from a page: a short page need not be the last one. */
function hasMore({ pages, page }: Listed): boolean {
  return pages === null ? page === 'full' : pages > 1;
}

const text = (time: number): string => new Date(time).toISOString();
const wcTime = (time: number): string => text(time).replace(/\.\d+Z$/, '');

/** Asked again it would say the same, page after page. */
function notListed(since: number): PlatformFailure {
  const summary = `The store says that more orders were changed after ${wcTime(since)} (UTC), but does not list them; a cache or another plugin may change its answer.`;
  return new PlatformFailure({ kind: 'invalid', code: 'changes_not_listed', summary });
}

function pagesUnknown(since: number): PlatformFailure {
  const summary = `More than 100 orders were changed in one second (after ${wcTime(since)} UTC), and the store's answer does not say how many: X-WP-TotalPages is missing, a proxy may remove it.`;
  return new PlatformFailure({ kind: 'invalid', code: 'pages_unknown', summary });
}
