/** The ports of the outside: a store (WooCommerce) and a warehouse. An adapter is a function that returns one of these. */
import type { Fulfilment, FulfilmentDraft } from '../domain/fulfilment.js';
import type { StoreOrder } from '../domain/order.js';
import type { RecordVersion } from '../domain/record.js';
import type { Article, FoundOrder, Parcel, WarehouseOrder, WarehouseOrderDraft } from '../domain/warehouse-order.js';
import type { Http } from './http.js';

/** What main.ts hands every adapter: no adapter reads a clock, an id or a store by itself. */
export interface AdapterWorld {
  http: Http;
  now(): number;
  newId(): string;
  credentials: CredentialsPort;
  log(event: string, fields: Record<string, string | number | boolean | null>): void;
}

/** Reads and replaces one connection's secrets; replace is refused (false) when someone else replaced them meanwhile. */
export interface CredentialsPort {
  read(): Promise<{ values: Readonly<Record<string, string>>; version: number }>;
  replace(values: Readonly<Record<string, string>>, expectedVersion: number): Promise<boolean>;
}

/** Passed with each call: aborted 5 s before the lease ends; `mayStillSend` is the fence, asked just before sending. */
export interface CallContext {
  signal: AbortSignal;
  mayStillSend(): Promise<boolean>;
  traceId: string;
}

export interface TestReport {
  ok: boolean;
  /** The remote's real answer in a sentence. */
  sentence: string;
}

/** One field of a connection's form, as data: the screen draws it without knowing the platform. */
export interface FormField {
  name: string;
  label: string;
  help: string;
  type: 'text' | 'url' | 'password' | 'select' | 'switch' | 'statuses' | 'number';
  required: boolean;
  secret: boolean;
  options?: { value: string; label: string }[];
  default?: string | number | boolean | string[];
}

export interface WarehousePort {
  test(call: CallContext): Promise<TestReport>;
  /** All orders that carry the reference: more than one, or another uuid, is for a person. */
  findOrders(reference: string, call: CallContext): Promise<FoundOrder[]>;
  readOrder(id: string, call: CallContext): Promise<WarehouseOrder>;
  /** @throws PlatformFailure kind 'conflict' when the reference is taken, 'unknown_outcome' when the answer was lost. */
  createOrder(draft: WarehouseOrderDraft, call: CallContext): Promise<WarehouseOrder>;
  updateOrder(id: string, draft: WarehouseOrderDraft, call: CallContext): Promise<WarehouseOrder>;
  /** @throws PlatformFailure kind 'rejected' when it is too late. */
  cancelOrder(id: string, call: CallContext): Promise<void>;
  /** Changed orders, a page at a time; `next` null at the end. */
  listOrders(
    query: { from: string; page: number },
    call: CallContext,
  ): Promise<{ rows: WarehouseOrder[]; next: number | null }>;
  parcelsOf(order: { id: string; reference: string }, call: CallContext): Promise<Parcel[]>;
  listParcels(
    query: { from: string; page: number },
    call: CallContext,
  ): Promise<{ rows: Parcel[]; next: number | null }>;
  listArticles(page: number, call: CallContext): Promise<{ rows: Article[]; next: number | null }>;
  /** Registers what is missing, removes our outdated ones. @returns a sentence. */
  ensureWebhooks(url: string, secret: string, call: CallContext): Promise<string>;
}

/** A warehouse's webhook, as the inbox needs it. */
export interface WebhookReader {
  /** Constant time, on the raw bytes. */
  verify(headers: Readonly<Record<string, string | undefined>>, raw: Uint8Array, secret: string): boolean;
  /** The sender's delivery id, or null when it has none. */
  deliveryId(headers: Readonly<Record<string, string | undefined>>): string | null;
  /** @throws when the body cannot be decoded. */
  read(raw: Uint8Array): WarehouseEvent;
}

export type WarehouseEvent =
  | { type: 'order'; topic: string; order: WarehouseOrder; modifiedAt: string | null }
  | { type: 'shipment'; topic: string; parcel: Parcel }
  /** A topic we know but do not use yet, or one we do not know. */
  | { type: 'other'; topic: string };

export interface WarehousePlatform {
  role: 'warehouse';
  key: 'wms';
  name: string;
  fields: readonly FormField[];
  connect(settings: Readonly<Record<string, unknown>>, world: AdapterWorld): WarehousePort;
  webhooks: WebhookReader;
}

/** One order as the store gave it, with the version needed to order two reads of it. */
export interface ReadStoreOrder {
  order: StoreOrder;
  version: RecordVersion;
}

/** How far a reading of changed orders has come: plain data, to be kept and gone on from, by another process as well. */
export interface ChangesFrom {
  /** ISO time. */
  since: string;
  /** The adapter's: where it is among many orders of one moment. */
  page?: number;
}

export interface ChangesPage {
  rows: ReadStoreOrder[];
  /** Later than what was asked with; null at the end. */
  next: ChangesFrom | null;
}

export interface StorePort {
  test(call: CallContext): Promise<TestReport>;
  /** @returns null when it is gone for good. */
  readOrder(id: number, call: CallContext): Promise<ReadStoreOrder | null>;
  /**
   * A page of what was changed since (exclusive; overlap is the caller's), oldest change first, trash included. An order may be
   * on two pages; none that was changed before the first page is on no page, whatever changes meanwhile.
   */
  listChanged(from: ChangesFrom, call: CallContext): Promise<ChangesPage>;
  /** Up to 100 ids; the absent ones are deleted. */
  readOrders(ids: readonly number[], call: CallContext): Promise<ReadStoreOrder[]>;
  /** Counts only when the answer shows the written status. The write id comes back in the outbox. */
  setStatus(id: number, status: string, writeId: string, call: CallContext): Promise<ReadStoreOrder>;
  /** Order meta, for people and other plugins; mails nothing. */
  setMeta(id: number, meta: Readonly<Record<string, string>>, writeId: string, call: CallContext): Promise<void>;
  notes(id: number, call: CallContext): Promise<{ id: number; text: string; toCustomer: boolean }[]>;
  /** A note to the customer is mailed by the store, once. */
  addNote(
    id: number,
    note: { text: string; audience: 'customer' | 'staff' },
    writeId: string,
    call: CallContext,
  ): Promise<void>;
  /** The store's own fulfilments of an order, drafts included; null where the store has that feature switched off. */
  fulfilments(id: number, call: CallContext): Promise<Fulfilment[] | null>;
  /** Creates (null) or changes one; it ends up fulfilled and is mailed by the store, once. */
  writeFulfilment(
    orderId: number,
    id: number | null,
    draft: FulfilmentDraft,
    writeId: string,
    call: CallContext,
  ): Promise<void>;
  /** Signed; acknowledges and fetches in one call. */
  pullOutbox(
    request: { acknowledge: string[]; max: number; fromSequence: number | null },
    call: CallContext,
  ): Promise<Uint8Array>;
}
