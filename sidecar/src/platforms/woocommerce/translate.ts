/** wc/v3 order JSON → StoreOrder. The `tallyman` object is what the plugin adds to each order (ARCHITECTURE, wire format). */
import { z } from 'zod';
import { currencyDecimals } from '../../domain/money.js';
import type { Address, OrderLine, StoreOrder } from '../../domain/order.js';
import type { ReadStoreOrder } from '../platform.js';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const address = z.object({
  first_name: text,
  last_name: text,
  company: text,
  address_1: text,
  address_2: text,
  city: text,
  state: text,
  postcode: text,
  country: text,
  phone: text,
  email: text,
});
const line = z.object({
  id: z.number().int(),
  name: text,
  product_id: z.number().int(),
  variation_id: z
    .number()
    .int()
    .nullish()
    .transform((value) => value ?? 0),
  quantity: z.number(),
  sku: text,
  price: z.union([z.number(), z.string()]).nullish(),
});
const added = z.object({
  sequence: z.number().int().nonnegative(),
  lines: z.record(z.string(), z.object({ refunded: z.number(), needs_shipping: z.boolean(), own_sku: text })),
});
const wcOrder = z.object({
  id: z.number().int().positive(),
  number: z.union([z.string(), z.number()]).transform(String),
  order_key: text,
  status: z.string().min(1),
  currency: text,
  total: z.union([z.string(), z.number()]).transform(String),
  date_created_gmt: z.string().nullable(),
  date_modified_gmt: z.string().nullable(),
  customer_note: text,
  billing: address.partial(),
  shipping: address.partial(),
  line_items: z.array(line),
  // PHP writes an empty map as [].
  tallyman: z.preprocess(emptyLists, added).optional(),
});
type WcOrder = z.output<typeof wcOrder>;
type WcLine = z.output<typeof line>;

/**
 * @param json one order as wc/v3 gives it.
 * @param sequence outbox sequence to use when the order carries none (a store without our plugin's addition).
 * @throws ZodError when it is not an order.
 */
export function translateOrder(json: unknown, sequence: number): ReadStoreOrder {
  const order = wcOrder.parse(json);
  const modifiedAt = utc(order.date_modified_gmt ?? order.date_created_gmt);
  return {
    order: storeOrder(order, modifiedAt),
    version: { modifiedAt, sequence: order.tallyman?.sequence ?? sequence },
  };
}

/** @returns whether the answer came through our plugin, so that refunds and shipping needs are in it. */
export function isComplete(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'tallyman' in json;
}

function storeOrder(order: WcOrder, modifiedAt: string): StoreOrder {
  return {
    id: order.id,
    number: order.number,
    key: order.order_key,
    status: order.status,
    createdAt: utc(order.date_created_gmt),
    modifiedAt,
    currency: order.currency,
    totalMinor: minorUnits(order.total, order.currency),
    customerNote: order.customer_note,
    address: shipTo(order),
    lines: order.line_items.map((item) => orderLine(item, order)),
  };
}

function orderLine(item: WcLine, order: WcOrder): OrderLine {
  const extra = order.tallyman?.lines[String(item.id)];
  return {
    id: item.id,
    productId: item.product_id,
    variationId: item.variation_id,
    // Without the plugin's word a variation's SKU may be its parent's: better none than the wrong article.
    sku: extra?.own_sku ?? (item.variation_id === 0 ? item.sku : ''),
    name: item.name,
    quantity: item.quantity,
    refunded: extra?.refunded ?? 0,
    unitPriceMinor: minorUnits(String(item.price ?? 0), order.currency),
    needsShipping: extra?.needs_shipping ?? true,
  };
}

/** The shipping address; orders without one (no shipping form) go to the billing address. Phone and e-mail fall back alone. */
function shipTo({ shipping, billing }: WcOrder): Address {
  const from = (shipping.address_1 ?? '') !== '' || (shipping.city ?? '') !== '' ? shipping : billing;
  return {
    firstName: from.first_name ?? '',
    lastName: from.last_name ?? '',
    company: from.company ?? '',
    line1: from.address_1 ?? '',
    line2: from.address_2 ?? '',
    zip: from.postcode ?? '',
    city: from.city ?? '',
    state: from.state ?? '',
    country: from.country ?? '',
    phone: firstOf(from.phone, billing.phone),
    email: firstOf(billing.email),
  };
}

const firstOf = (...values: (string | undefined)[]): string => values.find((value) => (value ?? '') !== '') ?? '';

/** @returns "19.99" in EUR as 1999; digits beyond the currency's are rounded. */
export function minorUnits(amount: string, currency: string): number {
  const value = Number(amount);
  // Through a decimal text: 1.005 * 100 is 100.49999 in binary.
  return Number.isFinite(value) ? Math.round(Number((value * 10 ** currencyDecimals(currency)).toFixed(4))) : 0;
}

/** WooCommerce writes UTC without saying so. Whole seconds, as it has them, so that versions compare as text. */
function utc(gmt: string | null): string {
  const stamp = gmt ?? '1970-01-01T00:00:00';
  const time = /Z$|[+-]\d\d:?\d\d$/.test(stamp) ? stamp : `${stamp}Z`;
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

function emptyLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('lines' in value)) return value;
  return Array.isArray(value.lines) ? { ...value, lines: {} } : value;
}
