/** What the order handlers look up first: the order, its settlement, and its place at the warehouse. */
import type { Connection, StoreSettings } from '../domain/connection.js';
import { orderUuid, warehouseReference } from '../domain/identity.js';
import type { Mapping } from '../domain/mapping.js';
import type { StoreOrder } from '../domain/order.js';
import type { EntityRecord } from '../domain/record.js';
import type { HandlerContext, Outcome } from '../queue/handler.js';

export interface WarehouseRules {
  /** Statuses in which the warehouse should ship. */
  statuses: readonly string[];
  /** Map products by themselves when one SKU fits exactly one article. */
  autoMapBySku: boolean;
  /** After this long an order the warehouse calls shipped is completed without tracking. */
  completeWithoutTrackingMs: number;
}

/** @returns the rules of a warehouse connection; a setting never saved has its default. */
export function warehouseRules(connection: Connection): WarehouseRules {
  const { statuses, autoMapBySku, completeWithoutTrackingMinutes } = connection.settings;
  const words = Array.isArray(statuses) ? statuses.filter((word): word is string => typeof word === 'string') : [];
  const minutes = Number(completeWithoutTrackingMinutes ?? 60);
  return {
    statuses: words.length > 0 ? words : ['processing'],
    autoMapBySku: autoMapBySku !== false,
    completeWithoutTrackingMs: (Number.isFinite(minutes) ? minutes : 60) * 60_000,
  };
}

/** @returns the store's code that starts every reference at the warehouse. */
export function storeCode(store: Connection): string {
  return (store.settings as Partial<StoreSettings>).storeCode ?? store.id;
}

export async function storeOrder(context: HandlerContext, orderId: number): Promise<EntityRecord<StoreOrder> | null> {
  const record = await context.reads.record(context.storeConnection.id, 'order', String(orderId));
  return record as EntityRecord<StoreOrder> | null;
}

export function identityOf(context: HandlerContext, order: StoreOrder): { reference: string; uuid: string } {
  return {
    reference: warehouseReference(storeCode(context.storeConnection), order.id),
    uuid: orderUuid(context.storeConnection.id, order.id, order.key),
  };
}

/** @returns a skip when a person has settled the order at this connection: their word stands until it is re-opened. */
export async function settledSkip(context: HandlerContext, subject: string): Promise<Outcome | null> {
  const settlement = await context.reads.settlement(context.connection.id, subject);
  if (settlement === null) return null;
  const what = settlement.kind === 'done_by_person' ? 'settled by a person' : 'marked as not to be sent';
  return { outcome: 'skip', sentence: `Nothing sent: ${what} (${settlement.by}: ${settlement.reason}).` };
}

/** @returns a mapping of an order in the shape the store keeps, with what is not given as in `before`. */
export function orderMapping(
  context: HandlerContext,
  orderId: number,
  before: Mapping | null,
  changes: Partial<Mapping>,
): Mapping {
  return {
    orgId: context.connection.orgId,
    connectionId: context.connection.id,
    type: 'order',
    localId: String(orderId),
    remoteId: null,
    state: 'intended',
    sentFingerprint: null,
    remoteLabel: null,
    origin: 'created by order.push',
    accepted: null,
    storeStatus: null,
    ...before,
    updatedAt: context.now(),
    ...changes,
  };
}
