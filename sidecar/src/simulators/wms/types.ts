/** What the simulated warehouse knows, and what it writes down about itself. */

export interface SimArticle {
  /** Article code: what orders name. */
  code: string;
  name: string;
  sku?: string | null;
  ean?: string | null;
  /** Units on the shelves; default 1000. */
  stock?: number;
}

export interface KnownArticle extends Required<SimArticle> {
  articleId: string;
  variantId: string;
}

export interface SimLine {
  article_code: string;
  quantity: number;
  description: string | null;
  price: number | null;
}

export interface SimOrder {
  id: string;
  /** ORD... */
  reference: string;
  external_id: string | null;
  external_reference: string;
  status: string;
  created_at: string;
  modifiedAt: string;
  lines: SimLine[];
  address: Record<string, unknown>;
  metaData: Record<string, string>;
  /** Other fields as they were sent. */
  fields: Record<string, unknown>;
  shipmentIds: string[];
}

export interface SimShipment {
  id: string;
  /** SHP... */
  reference: string;
  orderId: string;
  orderReference: string;
  created_at: string;
  modified_at: string;
  labels: { label_code: string; tracking_code: string; tracking_url: string }[];
  lines: { article_code: string; quantity: number }[];
  address: Record<string, unknown>;
}

export interface SimWebhook {
  id: string;
  url: string;
  group: string;
  action: string;
  hash_secret: string;
}

/** One call as it came in. */
export interface LedgerCall {
  /** Epoch ms of the real clock, not of the skewed one. */
  at: number;
  method: string;
  /** With its query. */
  path: string;
  /** Those that matter; of the token only whether there was one. */
  headers: Readonly<Record<string, string>>;
  bodySha256: string | null;
  /** null while it is under way, and when nothing was answered. */
  status: number | null;
  answer: 'pending' | 'given' | 'lost' | 'reset';
}

export type EffectName =
  | 'order.created'
  | 'order.updated'
  | 'order.cancelled'
  | 'order.status'
  | 'shipment.created'
  | 'shipment.updated'
  | 'webhook.sent'
  | 'webhook.failed'
  | 'webhook.dropped';

/** Something that happened in the warehouse, whatever was answered about it. */
export interface Effect {
  at: number;
  effect: EffectName;
  /** The warehouse's id of the order or shipment; of a webhook its delivery id. */
  id: string;
  /** external_reference of the order it is about. */
  reference: string;
  /** Status, tracking code, topic, or the customer note a change came with. */
  detail: string;
}

export interface Ledger {
  calls: LedgerCall[];
  effects: Effect[];
}

/** What goes wrong. Shares are chances between 0 and 1, drawn from the seed. */
export interface Faults {
  /** Creates that are done but never answered: the next n of them, or a share. */
  loseAnswerAfterCreate: { next: number } | { share: number };
  tooManyRequests: { share: number; retryAfterSeconds: number | null };
  /** 'before': nothing has happened yet; 'after': done, then 5xx; 'either' as it comes. */
  serverErrors: { share: number; moment: 'before' | 'after' | 'either' };
  /** Share of calls answered by a maintenance page (503, HTML). */
  maintenancePage: number;
  slowMs: number;
  /** Every connection is broken off as soon as a request arrives. */
  down: boolean;
  duplicateWebhooks: number;
  /** Share of webhooks that are sent late, so that later ones overtake them. */
  reorderWebhooks: number;
  dropWebhooks: number;
  clockSkewMs: number;
  /** Finds no order by its reference and takes any twice: what our look-up protects from must then be seen to happen. */
  forgetReferences: boolean;
  /** Starts the chances anew. */
  seed: number;
}

export interface WmsSimulatorOptions {
  /** 0 (default) takes a free one. */
  port?: number;
  /** Default 127.0.0.1; everything under /_sim is open to whoever reaches it. */
  host?: string;
  username?: string;
  password?: string;
  wmsCode?: string;
  customerCode?: string;
  tokenLifeSeconds?: number;
  articles?: readonly SimArticle[];
  /** From created to shipped; null: only when told to. */
  shipAfterMs?: number | null;
  parcels?: 1 | 2;
  /** 'later': the shipment comes without a number, and is updated with it. */
  labels?: 'at_once' | 'later';
  faults?: Partial<Faults>;
  /** Pauses before a webhook is tried again. */
  webhookRetryDelaysMs?: readonly number[];
  /** Webhooks under way at one time; others wait for their turn. */
  webhooksAtOnce?: number;
  now?: () => number;
}
