/** Orders as wc/v3 lists and gives them, each made complete. */
import { PlatformFailure } from '../failure.js';
import type { CallContext, ReadStoreOrder } from '../platform.js';
import type { WcClient } from './client.js';
import { isComplete, translateOrder } from './translate.js';

/** The most WooCommerce gives at once. */
export const PAGE = 100;

/** WooCommerce answers `any,trash` as it answers `any`, without the trash: two questions. */
const ALL_STATUSES = ['any', 'trash'] as const;

export interface Listed {
  rows: ReadStoreOrder[];
  /** The latest change of those on the page, readable or not, in epoch ms; null when none says it. */
  changedAt: number | null;
  /** Pages the list has at the moment; null when the answer does not say. A page may show less than there is on it. */
  pages: number | null;
  page: 'full' | 'short';
}

export type ListQuery = Readonly<Record<string, string | number | boolean>>;

export async function readOrder(client: WcClient, id: number, call: CallContext): Promise<ReadStoreOrder | null> {
  try {
    const { json } = await client.get(`orders/${id}`, {}, call);
    return await complete(client, json, call);
  } catch (error) {
    if (error instanceof PlatformFailure && error.kind === 'not_found') return null;
    throw error;
  }
}

export async function readOrders(
  client: WcClient,
  ids: readonly number[],
  call: CallContext,
): Promise<ReadStoreOrder[]> {
  if (ids.length === 0) return [];
  return (await listAll(client, { include: ids.join(',') }, call)).flatMap(({ rows }) => rows);
}

/** @returns one page of each list that together hold every order, the trash included. */
export async function listAll(client: WcClient, query: ListQuery, call: CallContext): Promise<Listed[]> {
  const lists: Listed[] = [];
  for (const status of ALL_STATUSES) lists.push(await list(client, { ...query, status, per_page: PAGE }, call));
  return lists;
}

/** An order that cannot be read is left out, so that it does not hide all others; read by id it says why. */
async function list(client: WcClient, query: ListQuery, call: CallContext): Promise<Listed> {
  const { json, headers } = await client.get('orders', query, call);
  if (!Array.isArray(json))
    throw new PlatformFailure({ kind: 'unavailable', summary: 'The store did not answer with a list of orders.' });
  const listed = json as unknown[];
  const rows: ReadStoreOrder[] = [];
  for (const order of listed) {
    const read = await complete(client, order, call).catch(nullIfUnreadable);
    if (read !== null) rows.push(read);
  }
  const page = listed.length < PAGE ? 'short' : 'full';
  return { rows, changedAt: latestChange(listed), pages: pagesOf(headers), page };
}

function pagesOf(headers: Readonly<Record<string, string>>): number | null {
  const pages = Number.parseInt(headers['x-wp-totalpages'] ?? '', 10);
  return Number.isNaN(pages) ? null : pages;
}

/** The latest, not the last: a cache in the shop may still show an older picture of some. */
function latestChange(listed: readonly unknown[]): number | null {
  const times = listed.map((order) => Date.parse(`${(order as { date_modified_gmt?: string }).date_modified_gmt}Z`));
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length === 0 ? null : Math.max(...known);
}

function nullIfUnreadable(error: unknown): null {
  if (error instanceof PlatformFailure && error.code === UNREADABLE) return null;
  throw error;
}

const UNREADABLE = 'unreadable_order';

function translated(json: unknown): ReadStoreOrder {
  try {
    return translateOrder(json, 0);
  } catch {
    const id = (json as { id?: unknown } | null)?.id;
    const summary = `Order ${typeof id === 'number' ? id : '(without an id)'} comes from the store in a form that cannot be read; another plugin may change it.`;
    throw new PlatformFailure({ kind: 'invalid', code: UNREADABLE, summary });
  }
}

/** Without the plugin's addition the refunds have to be asked for: `refunds[]` in the order carries no lines. */
export async function complete(client: WcClient, json: unknown, call: CallContext): Promise<ReadStoreOrder> {
  const read = translated(json);
  if (isComplete(json) || read.order.lines.length === 0) return read;
  const { json: refunds } = await client.get(`orders/${read.order.id}/refunds`, { per_page: PAGE }, call);
  return {
    ...read,
    order: {
      ...read.order,
      lines: read.order.lines.map((line) => ({ ...line, refunded: refundedOf(refunds, line.id) })),
    },
  };
}

function refundedOf(refunds: unknown, lineId: number): number {
  if (!Array.isArray(refunds)) return 0;
  const lines = (
    refunds as { line_items?: { quantity?: number; meta_data?: { key?: string; value?: unknown }[] }[] }[]
  ).flatMap((one) => one.line_items ?? []);
  const ours = lines.filter((one) =>
    one.meta_data?.some(({ key, value }) => key === '_refunded_item_id' && Number(value) === lineId),
  );
  return ours.reduce((sum, one) => sum + Math.abs(one.quantity ?? 0), 0);
}
