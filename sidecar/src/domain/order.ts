/** The neutral form of a store's order. Money in minor units; ids are the store's. */
export interface StoreOrder {
  id: number;
  /** What the shopper sees. */
  number: string;
  /** Random per order; with the id it tells an order from another that got its id after a restore. */
  key: string;
  /** WooCommerce's word without `wc-`; 'trash' and 'deleted' included. */
  status: string;
  /** ISO-8601 UTC. */
  createdAt: string;
  modifiedAt: string;
  currency: string;
  totalMinor: number;
  customerNote: string;
  /** Where the parcel goes; the billing address when the order has no shipping address. */
  address: Address;
  lines: OrderLine[];
}

export interface Address {
  firstName: string;
  lastName: string;
  company: string;
  line1: string;
  line2: string;
  zip: string;
  city: string;
  state: string;
  /** ISO-3166 alpha-2. */
  country: string;
  phone: string;
  email: string;
}

export interface OrderLine {
  id: number;
  productId: number;
  /** 0 for a product without variations. */
  variationId: number;
  /** The line's own SKU; '' when it has none (a variation showing its parent's SKU has none). */
  sku: string;
  name: string;
  /** Ordered. */
  quantity: number;
  /** Already refunded, a positive number. */
  refunded: number;
  unitPriceMinor: number;
  needsShipping: boolean;
}

/** Fields a person may correct on the screen; the path is the name of the override. */
export const CORRECTABLE_FIELDS = [
  'address.firstName',
  'address.lastName',
  'address.company',
  'address.line1',
  'address.line2',
  'address.zip',
  'address.city',
  'address.state',
  'address.country',
  'address.phone',
  'address.email',
  'customerNote',
] as const;
export type CorrectableField = (typeof CORRECTABLE_FIELDS)[number];

/** A line as the warehouse should ship it: ordered minus refunded, never below zero, only what needs shipping. */
export interface ShipLine {
  productId: number;
  variationId: number;
  sku: string;
  name: string;
  quantity: number;
  unitPriceMinor: number;
}

/** @returns the lines the warehouse should ship; refunded units and lines without goods are left out. */
export function shipLines(order: StoreOrder): ShipLine[] {
  return order.lines
    .filter((line) => line.needsShipping && line.quantity - line.refunded > 0)
    .map(({ productId, variationId, sku, name, quantity, refunded, unitPriceMinor }) => ({
      productId,
      variationId,
      sku,
      name,
      quantity: quantity - refunded,
      unitPriceMinor,
    }));
}
