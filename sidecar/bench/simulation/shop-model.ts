/** A shop in memory, in the neutral form: orders, notes (one to the customer is a mail), and an outbox like the plugin's. */
import type { OrderLine, StoreOrder } from '../../src/domain/order.js';
import { PlatformFailure } from '../../src/platforms/failure.js';
import type { ReadStoreOrder, StorePort } from '../../src/platforms/platform.js';
import type { Remote } from './network.ts';
import type { Time } from './time.ts';

export interface OutboxRow {
  id: string;
  sequence: number;
  kind: 'order';
  entityId: number;
  op: 'changed' | 'trashed' | 'deleted';
  occurredAt: string;
  writeId: string | null;
  acknowledged: boolean;
}

export interface ShopNote {
  id: number;
  orderId: number;
  text: string;
  toCustomer: boolean;
}

/** How the change is told: by the plugin's row, or by nothing (another plugin wrote past every hook). */
type Hook = 'told' | 'silent';

export const SITE = 'site-of-the-shop';
export const EPOCH = 'first-epoch';
const ROWS_A_BATCH = 50;

export class ShopModel {
  readonly orders = new Map<number, StoreOrder>();
  readonly notes: ShopNote[] = [];
  readonly rows: OutboxRow[] = [];
  /** Every status an order has had, in order. */
  readonly history = new Map<number, string[]>();
  /** Ids of rows a sidecar has answered for. */
  readonly acknowledged = new Set<string>();
  private readonly time: Time;
  private readonly newId: () => string;

  constructor(time: Time, newId: () => string) {
    this.time = time;
    this.newId = newId;
  }

  place(order: Pick<StoreOrder, 'status' | 'lines'> & { zip: string }): StoreOrder {
    const id = 1001 + this.history.size;
    const placed: StoreOrder = {
      id,
      number: String(id),
      key: `wc_order_${id}`,
      status: order.status,
      createdAt: this.stamp(),
      modifiedAt: this.stamp(),
      currency: 'EUR',
      totalMinor: 2495,
      customerNote: '',
      address: addressOf(id, order.zip),
      lines: order.lines,
    };
    this.orders.set(id, placed);
    this.history.set(id, [placed.status]);
    this.record(id, 'changed', null);
    return placed;
  }

  edit(id: number, change: Partial<StoreOrder>, writeId: string | null = null, hook: Hook = 'told'): StoreOrder {
    const before = this.known(id);
    const order = { ...before, ...change, modifiedAt: this.stamp() };
    this.orders.set(id, order);
    if (order.status !== before.status) this.history.get(id)?.push(order.status);
    if (hook === 'told') this.record(id, order.status === 'trash' ? 'trashed' : 'changed', writeId);
    return order;
  }

  remove(id: number, hook: Hook = 'told'): void {
    this.orders.delete(id);
    this.history.get(id)?.push('deleted');
    if (hook === 'told') this.record(id, 'deleted', null);
  }

  waiting(): OutboxRow[] {
    return this.rows.filter(({ acknowledged }) => !acknowledged);
  }

  acknowledge(ids: readonly string[]): void {
    const done = new Set(ids);
    for (const row of this.rows) if (done.has(row.id)) row.acknowledged = true;
    for (const id of ids) this.acknowledged.add(id);
  }

  /** What a hand-over carries: rows, and the representation of each order as it is now. */
  batch(fromSequence: number | null): Uint8Array {
    const waiting = this.waiting();
    const wanted = fromSequence === null ? waiting : this.rows.filter(({ sequence }) => sequence >= fromSequence);
    const rows = wanted.slice(0, ROWS_A_BATCH);
    const there = rows.flatMap(({ entityId }) => this.orders.get(entityId) ?? []);
    const orders = Object.fromEntries(there.map((order) => [String(order.id), this.json(order)]));
    const listed = rows.map(({ acknowledged: _, ...row }) => row);
    const body = { epoch: EPOCH, site: SITE, tail: this.rows.length, waiting: waiting.length, rows: listed, orders };
    return new TextEncoder().encode(JSON.stringify(body));
  }

  read(order: StoreOrder): ReadStoreOrder {
    return readOrder(this.json(order), 0);
  }

  known(id: number): StoreOrder {
    const order = this.orders.get(id);
    if (order === undefined) throw gone(id);
    return order;
  }

  private json(order: StoreOrder): OrderJson {
    return { order, tallyman: { sequence: this.rows.length } };
  }

  /** One row for all changes of an order that wait, unless one of them is ours. */
  private record(entityId: number, op: OutboxRow['op'], writeId: string | null): void {
    const isSame = (row: OutboxRow): boolean =>
      row.entityId === entityId && row.op === op && row.writeId === null && writeId === null;
    if (this.waiting().some(isSame)) return;
    const sequence = this.rows.length + 1;
    const id = `row-${this.newId()}`;
    const occurredAt = this.stamp();
    this.rows.push({ id, sequence, kind: 'order', entityId, op, occurredAt, writeId, acknowledged: false });
  }

  /** Whole seconds, as WooCommerce writes them. */
  private stamp(): string {
    return new Date(this.time.now).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}

interface OrderJson {
  order: StoreOrder;
  tallyman: { sequence: number };
}

/** The translation the sidecar is handed: the model speaks the neutral form already. */
export function readOrder(json: unknown, sequence: number): ReadStoreOrder {
  const { order, tallyman } = json as OrderJson;
  return { order, version: { modifiedAt: order.modifiedAt, sequence: tallyman.sequence || sequence } };
}

/** What the shop does when a call arrives. */
export function shopRemote(shop: ShopModel): Remote<StorePort> {
  return {
    test: ['read', () => ({ ok: true, sentence: 'Fine.' })],
    readOrder: ['read', (id) => (shop.orders.has(id) ? shop.read(shop.known(id)) : null)],
    listChanged: ['read', ({ since }) => ({ rows: changedSince(shop, since), next: null })],
    readOrders: ['read', (ids) => ids.flatMap((id) => shop.orders.get(id) ?? []).map((order) => shop.read(order))],
    setStatus: ['write', (id, status, writeId) => shop.read(shop.edit(id, { status }, writeId))],
    setMeta: ['write', (id, _meta, writeId) => void shop.edit(id, {}, writeId)],
    notes: ['read', (id) => shop.notes.filter(({ orderId }) => orderId === id)],
    addNote: ['write', (id, note) => addNote(shop, id, note.text, note.audience === 'customer')],
    fulfilments: ['read', () => null],
    writeFulfilment: ['write', () => undefined],
    pullOutbox: ['write', ({ acknowledge, fromSequence }) => (shop.acknowledge(acknowledge), shop.batch(fromSequence))],
  };
}

function changedSince(shop: ShopModel, since: string): ReadStoreOrder[] {
  const changed = [...shop.orders.values()].filter(({ modifiedAt }) => modifiedAt > since);
  return changed.sort((a, b) => (a.modifiedAt < b.modifiedAt ? -1 : 1)).map((order) => shop.read(order));
}

function addNote(shop: ShopModel, orderId: number, text: string, toCustomer: boolean): void {
  shop.known(orderId);
  shop.notes.push({ id: shop.notes.length + 1, orderId, text, toCustomer });
}

const gone = (id: number): PlatformFailure =>
  new PlatformFailure({ kind: 'not_found', status: 404, summary: `The store has no order ${id}.` });

function addressOf(id: number, zip: string): StoreOrder['address'] {
  const name = { firstName: 'Ada', lastName: 'Example', company: '', phone: '', email: `ada+${id}@example.com` };
  return { ...name, line1: 'Voorbeeldstraat 1', line2: '', zip, city: 'Utrecht', state: '', country: 'NL' };
}

export function orderLine(id: number, productId: number, quantity: number): OrderLine {
  const sku = `sku-${productId}`;
  const rest = { variationId: 0, refunded: 0, unitPriceMinor: 1000, needsShipping: true };
  return { id, productId, sku, name: `Product ${productId}`, quantity, ...rest };
}
