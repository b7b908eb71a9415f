/** Which thing here is which thing there. Unique both ways per connection and type. */
export type MappingType = 'order' | 'article' | 'shipment';

export interface Mapping {
  orgId: string;
  connectionId: string;
  type: MappingType;
  /** Store side: order id, or `<product id>:<variation id>` for articles. */
  localId: string;
  /** Remote side; null while only intended. */
  remoteId: string | null;
  /** 'intended' is written before a create is sent, so that a crash or a lost answer is followed by a look-up. */
  state: 'intended' | 'known';
  /** What we last sent, to see whether anything changed. */
  sentFingerprint: string | null;
  /** The remote's display number or article code. */
  remoteLabel: string | null;
  /** How it came about, for people: "same SKU", "chosen by Anna", "created by order.push". */
  origin: string;
  /** Accepted quantities by article code, for completion. */
  accepted: Readonly<Record<string, number>> | null;
  /** Orders: the status we last wrote into the store, so that our own "on-hold" is not taken for a person's. */
  storeStatus: string | null;
  updatedAt: number;
}

export const articleKey = (productId: number, variationId: number): string => `${productId}:${variationId}`;
