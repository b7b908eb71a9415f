/** WooCommerce as a store: wc/v3 for orders, notes and fulfilments, the plugin's outbox for what changed. */
import type { StoreSettings } from '../../domain/connection.js';
import { PlatformFailure } from '../failure.js';
import type { AdapterWorld, CallContext, ReadStoreOrder, StorePort } from '../platform.js';
import { createWcClient, type WcClient } from './client.js';
import { fulfilmentCalls } from './fulfilments.js';
import { pullOutbox } from './outbox.js';
import { isComplete, translateOrder } from './translate.js';

const PAGE = 100;

/** @param storeId the connection's id, sent with each signed pull. */
export function connectWooCommerce(
  settings: Pick<StoreSettings, 'restUrl' | 'siteHash'>,
  storeId: string,
  world: AdapterWorld,
): StorePort {
  const client = createWcClient(settings, world);
  return {
    async test(call) {
      const { json } = await client.get('orders', { per_page: 1 }, call);
      return { ok: Array.isArray(json), sentence: 'The store answered and lets Tallyman read orders.' };
    },
    readOrder: (id, call) => readOrder(client, id, call),
    listChanged: (query, call) => listChanged(client, query, call),
    readOrders: (ids, call) => readOrders(client, ids, call),
    setStatus: (id, status, writeId, call) => setStatus(client, id, status, writeId, call),
    setMeta: (id, meta, writeId, call) => setMeta(client, id, meta, writeId, call),
    notes: (id, call) => notes(client, id, call),
    async addNote(id, { text, audience }, writeId, call) {
      await client.send(
        'POST',
        `orders/${id}/notes`,
        { note: text, customer_note: audience === 'customer' },
        writeId,
        call,
      );
    },
    ...fulfilmentCalls(client, () => world.now()),
    pullOutbox: (asked, call) => pullOutbox(settings, settings.siteHash, storeId, asked, world, call),
  };
}

async function readOrder(client: WcClient, id: number, call: CallContext): Promise<ReadStoreOrder | null> {
  try {
    const { json } = await client.get(`orders/${id}`, {}, call);
    return await complete(client, json, call);
  } catch (error) {
    if (error instanceof PlatformFailure && error.kind === 'not_found') return null;
    throw error;
  }
}

/** WooCommerce answers `any,trash` as it answers `any`, without the trash: two questions. */
const ALL_STATUSES = ['any', 'trash'] as const;

/** Times without the gmt flag would be read in the shop's own zone. */
async function listChanged(client: WcClient, { since, page }: { since: string; page: number }, call: CallContext) {
  const query = {
    modified_after: since.replace(/\.\d+Z$|Z$/, ''),
    dates_are_gmt: true,
    orderby: 'modified',
    order: 'asc',
    per_page: PAGE,
    page,
  };
  const pages: Listed[] = [];
  for (const status of ALL_STATUSES) pages.push(await list(client, { ...query, status }, call));
  const rows = pages.flatMap((one) => one.rows);
  return { rows, next: pages.some(({ listed }) => listed === PAGE) ? page + 1 : null };
}

async function readOrders(client: WcClient, ids: readonly number[], call: CallContext): Promise<ReadStoreOrder[]> {
  if (ids.length === 0) return [];
  const found: ReadStoreOrder[] = [];
  for (const status of ALL_STATUSES) {
    found.push(...(await list(client, { include: ids.join(','), status, per_page: PAGE }, call)).rows);
  }
  return found;
}

interface Listed {
  rows: ReadStoreOrder[];
  /** How many the store listed, readable or not. */
  listed: number;
}

/** An order that cannot be read is left out, so that it does not hide all others; read by id it says why. */
async function list(
  client: WcClient,
  query: Record<string, string | number | boolean>,
  call: CallContext,
): Promise<Listed> {
  const { json } = await client.get('orders', query, call);
  if (!Array.isArray(json))
    throw new PlatformFailure({ kind: 'unavailable', summary: 'The store did not answer with a list of orders.' });
  const rows: ReadStoreOrder[] = [];
  for (const order of json as unknown[]) {
    const read = await complete(client, order, call).catch(nullIfUnreadable);
    if (read !== null) rows.push(read);
  }
  return { rows, listed: json.length };
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
async function complete(client: WcClient, json: unknown, call: CallContext): Promise<ReadStoreOrder> {
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

/** A write counts only when the answer shows it: a PUT through the wrong proxy is answered 200 and changes nothing. */
async function setStatus(
  client: WcClient,
  id: number,
  status: string,
  writeId: string,
  call: CallContext,
): Promise<ReadStoreOrder> {
  const { json } = await client.send('PUT', `orders/${id}`, { status }, writeId, call);
  const read = await complete(client, json, call);
  if (read.order.status !== status)
    throw notWritten(`The store answered 200, but the order is still "${read.order.status}" and not "${status}".`);
  return read;
}

async function setMeta(
  client: WcClient,
  id: number,
  meta: Readonly<Record<string, string>>,
  writeId: string,
  call: CallContext,
): Promise<void> {
  const entries = Object.entries(meta);
  const { json } = await client.send(
    'PUT',
    `orders/${id}`,
    { meta_data: entries.map(([key, value]) => ({ key, value })) },
    writeId,
    call,
  );
  const shown = (json as { meta_data?: { key: string; value: unknown }[] }).meta_data ?? [];
  const missing = entries.find(([key, value]) => !shown.some((one) => one.key === key && one.value === value));
  if (missing !== undefined) throw notWritten(`The store answered 200, but the order does not carry "${missing[0]}".`);
}

async function notes(
  client: WcClient,
  id: number,
  call: CallContext,
): Promise<{ id: number; text: string; toCustomer: boolean }[]> {
  const { json } = await client.get(`orders/${id}/notes`, { per_page: PAGE }, call);
  // Taken for none, a note that is there would be written again, and mailed again.
  if (!Array.isArray(json))
    throw new PlatformFailure({ kind: 'unavailable', summary: 'The store did not answer with a list of notes.' });
  return (json as { id: number; note: string; customer_note: boolean }[]).map((one) => ({
    id: one.id,
    text: one.note,
    toCustomer: one.customer_note,
  }));
}

function notWritten(summary: string): PlatformFailure {
  return new PlatformFailure({ kind: 'unavailable', code: 'not_written', summary });
}
