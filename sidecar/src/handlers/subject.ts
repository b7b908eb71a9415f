/** What the order handlers look up first: the order, its settlement, and its place at the warehouse. */
import { orderUuid, warehouseReference } from '../domain/identity.js';
import type { Mapping } from '../domain/mapping.js';
import type { StoreOrder } from '../domain/order.js';
import type { EntityRecord } from '../domain/record.js';
import { storeCode } from '../domain/warehouse-rules.js';
import type { HandlerContext, Outcome } from '../queue/handler.js';

/** One that ended long ago was cut to its fingerprint: then the shop is asked again. @returns null when the store has none. */
export async function storeOrder(context: HandlerContext, orderId: number): Promise<EntityRecord<StoreOrder> | null> {
  const record = await context.reads.record(context.storeConnection.id, 'order', String(orderId));
  if (record === null || record.body !== null) return record as EntityRecord<StoreOrder> | null;
  const read = await context.shop(context.storeConnection).readOrder(orderId, context.call);
  return read === null ? null : { ...record, body: read.order };
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
