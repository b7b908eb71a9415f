/** The neutral form of what a warehouse knows: an order there, and its parcels. */
import type { Address } from './order.js';

export type WarehouseStage =
  'accepted' | 'planned' | 'picking' | 'waiting' | 'held' | 'partly_shipped' | 'shipped' | 'cancelled' | 'unknown';

export interface WarehouseOrder {
  /** The warehouse's id. */
  id: string;
  /** The warehouse's own number, shown to people ("ORD00000003029"). */
  number: string;
  /** `<store code>-<order id>`, or whatever another sender put there. */
  reference: string;
  /** Tells our order from another with the same reference; null when the answer did not carry it. */
  uuid: string | null;
  /** The remote's own word, kept and shown even when unknown to us. */
  status: string;
  stage: WarehouseStage;
  /** Grows along the way; 60 is final. A fall is confirmed by reading again. */
  rank: number;
  /** null when the answer carried no lines. */
  lines: { articleCode: string; quantity: number }[] | null;
}

/** As a look-up finds it: what it says of itself is known, not only that it is there. */
export interface FoundOrder extends WarehouseOrder {
  /** draftFingerprint of the draft it was last written with, as it was left there; null when it carries none. */
  says: string | null;
}

export interface Parcel {
  /** The warehouse's shipment id. */
  id: string;
  /** "SHP00000001234" */
  number: string;
  orderRemoteId: string;
  orderReference: string;
  carrier: string;
  /** One per label; a label without a number or with '#' as address is left without link. */
  tracking: { code: string; url: string | null }[];
  lines: { articleCode: string; quantity: number }[];
  /** ISO-8601 UTC. */
  shippedAt: string;
  modifiedAt: string;
}

export interface Article {
  id: string;
  code: string;
  sku: string | null;
  ean: string | null;
  name: string;
}

/** What we ask the warehouse to ship. */
export interface WarehouseOrderDraft {
  reference: string;
  uuid: string;
  /** The number shoppers see; travels apart from the reference. */
  displayNumber: string;
  storeOrderId: number;
  /** The store asks not to ship for now. */
  hold: boolean;
  currency: string;
  totalMinor: number;
  customerNote: string;
  address: Address;
  lines: { articleCode: string; name: string; quantity: number; unitPriceMinor: number }[];
}
