/** WooCommerce as a store: wc/v3 for orders, notes and fulfilments, the plugin's outbox for what changed. */
import type { StoreSettings } from '../../domain/connection.js';
import { PlatformFailure } from '../failure.js';
import type { AdapterWorld, CallContext, ReadStoreOrder, StorePort } from '../platform.js';
import { listChanged } from './changes.js';
import { createWcClient, type WcClient } from './client.js';
import { fulfilmentCalls } from './fulfilments.js';
import { pullOutbox } from './outbox.js';
import { complete, PAGE, readOrder, readOrders } from './read-orders.js';

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
    listChanged: (from, call) => listChanged(client, from, call),
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
