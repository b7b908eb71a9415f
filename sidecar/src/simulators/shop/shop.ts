/** A shop that remembers: orders, notes, fulfilments, mails (a note to the customer is one), and an outbox like the plugin's. No HTTP in here. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createFulfilments, type Fulfilments } from './fulfilments.js';

export interface ShopOrder {
  id: number;
  number: string;
  order_key: string;
  status: string;
  currency: string;
  total: string;
  date_created_gmt: string;
  date_modified_gmt: string;
  customer_note: string;
  billing: Record<string, string>;
  shipping: Record<string, string>;
  line_items: ShopLine[];
  meta_data: { key: string; value: unknown }[];
}

export interface ShopLine {
  id: number;
  name: string;
  product_id: number;
  variation_id: number;
  quantity: number;
  sku: string;
  price: number;
  refunded: number;
  needs_shipping: boolean;
}

export interface OutboxRow {
  id: string;
  sequence: number;
  kind: 'order';
  entityId: number;
  op: 'changed' | 'trashed' | 'deleted';
  occurredAt: string;
  writeId: string | null;
  traceId: string;
  /** Its order has been read for a hand-over: what changes from then on has a row of its own. */
  claimed: boolean;
  acknowledged: boolean;
}

export interface ShopNote {
  id: number;
  orderId: number;
  note: string;
  customer_note: boolean;
  at: string;
}

export interface Placed {
  status?: string;
  lines?: Partial<ShopLine>[];
  address?: Record<string, string>;
}

export interface Shop {
  readonly epoch: string;
  orders: Map<number, ShopOrder>;
  notes: ShopNote[];
  fulfilments: Fulfilments;
  /** What shoppers were mailed about their orders, oldest first. */
  mails: string[];
  rows: OutboxRow[];
  place(order?: Placed): ShopOrder;
  /** Changes an order as a clerk or a REST write would. */
  edit(id: number, change: Partial<ShopOrder>, writeId?: string | null): ShopOrder;
  remove(id: number): void;
  addNote(orderId: number, note: string, toCustomer: boolean): ShopNote;
  waiting(): OutboxRow[];
  acknowledge(ids: readonly string[]): void;
  /** wc/v3 JSON with what the plugin adds. */
  json(order: ShopOrder): Record<string, unknown>;
  /** Whether what was acknowledged can still be asked for, in the outbox or as a list of changes. */
  memory: 'kept' | 'gone';
  /** sha256 hex the pairing is bound to. */
  site: string;
}

/** @param now epoch ms, whole seconds are kept, as WooCommerce does. */
export function createShop(site: string, now: () => number): Shop {
  const orders = new Map<number, ShopOrder>();
  const notes: ShopNote[] = [];
  const mails: string[] = [];
  const rows: OutboxRow[] = [];
  const stamp = (): string => new Date(now()).toISOString().slice(0, 19);
  const record = (entityId: number, op: OutboxRow['op'], writeId: string | null): void => {
    const waiting = rows.some(
      (row) => !row.claimed && row.entityId === entityId && row.op === op && writeId === null && row.writeId === null,
    );
    if (waiting) return;
    rows.push({
      id: randomUUID(),
      sequence: rows.length + 1,
      kind: 'order',
      entityId,
      op,
      occurredAt: `${stamp()}Z`,
      writeId,
      traceId: randomUUID(),
      claimed: false,
      acknowledged: false,
    });
  };
  const addNote = (orderId: number, note: string, toCustomer: boolean): ShopNote => {
    const added = { id: notes.length + 1, orderId, note, customer_note: toCustomer, at: `${stamp()}Z` };
    notes.push(added);
    if (toCustomer) mails.push(note);
    return added;
  };
  const fulfilments = createFulfilments({
    mail: (text) => void mails.push(text),
    noteForStaff: (orderId, text) => void addNote(orderId, text, false),
  });
  return {
    epoch: randomBytes(8).toString('hex'),
    site,
    memory: 'kept',
    orders,
    notes,
    fulfilments,
    mails,
    rows,
    place(placed = {}) {
      const order = newOrder(orders.size + 1001, stamp(), placed);
      orders.set(order.id, order);
      record(order.id, 'changed', null);
      return order;
    },
    edit(id, change, writeId = null) {
      const before = orders.get(id);
      if (before === undefined) throw new Error(`The shop has no order ${id}`);
      const order = { ...before, ...change, date_modified_gmt: stamp() };
      orders.set(id, order);
      record(id, order.status === 'trash' ? 'trashed' : 'changed', writeId);
      return order;
    },
    remove(id) {
      orders.delete(id);
      record(id, 'deleted', null);
    },
    addNote,
    waiting: () => rows.filter((row) => !row.acknowledged),
    acknowledge(ids) {
      const done = new Set(ids);
      for (const row of rows) if (done.has(row.id)) row.acknowledged = true;
    },
    json: (order) => ({ ...order, line_items: order.line_items, tallyman: added(order, rows.length, site) }),
  };
}

function newOrder(id: number, stamp: string, { status = 'processing', lines = [{}], address = {} }: Placed): ShopOrder {
  const person = {
    first_name: 'Ada',
    last_name: 'Example',
    company: '',
    address_1: 'Voorbeeldstraat 1',
    address_2: '',
    city: 'Utrecht',
    state: '',
    postcode: '3511AA',
    country: 'NL',
    phone: '0300000000',
    ...address,
  };
  return {
    id,
    number: String(id),
    order_key: `wc_order_${randomBytes(6).toString('hex')}`,
    status,
    currency: 'EUR',
    total: '24.95',
    date_created_gmt: stamp,
    date_modified_gmt: stamp,
    customer_note: '',
    billing: { ...person, email: `ada+${id}@example.com` },
    shipping: person,
    line_items: lines.map((line, index) => ({
      id: id * 10 + index,
      name: 'Green jacket',
      product_id: 11,
      variation_id: 0,
      quantity: 1,
      sku: 'green-jacket',
      price: 24.95,
      refunded: 0,
      needs_shipping: true,
      ...line,
    })),
    meta_data: [],
  };
}

function added(order: ShopOrder, sequence: number, site: string): Record<string, unknown> {
  const lines = order.line_items.map(({ id, refunded, needs_shipping, sku }) => [
    String(id),
    { refunded, needs_shipping, own_sku: sku },
  ]);
  return { sequence, site, lines: Object.fromEntries(lines) as unknown };
}
