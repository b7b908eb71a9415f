/** When an order is completed in the store: when every unit the warehouse accepted has left in a parcel we told about. */
import { warehouseRules } from '../domain/warehouse-rules.js';
import type { Mapping } from '../domain/mapping.js';
import type { StoreOrder } from '../domain/order.js';
import { allShipped } from '../domain/shipping.js';
import type { Parcel } from '../domain/warehouse-order.js';
import { storeRecord } from '../queue/accept-orders.js';
import type { HandlerContext } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { orderMapping } from './subject.js';

/** Statuses a shop person or payment put it in for good: tracking is added, the status is theirs. */
const LEAVE_ALONE = new Set(['completed', 'cancelled', 'refunded', 'failed', 'trash', 'deleted']);

export const parcelKey = (orderId: number, parcelId: string): string => `${orderId}/${parcelId}`;

/** @returns every parcel of the order we know of, told about or not; none of an earlier order that had its number. */
export async function parcelsOf(
  context: HandlerContext,
  { localId, remoteId }: Pick<Mapping, 'localId' | 'remoteId'>,
): Promise<Parcel[]> {
  const records = await context.reads.records({
    connectionId: context.connection.id,
    type: 'shipment',
    lookup: localId,
    limit: 500,
  });
  const parcels = records.map((record) => record.body as Parcel);
  return parcels.filter(({ orderRemoteId }) => orderRemoteId === '' || orderRemoteId === remoteId);
}

/**
 * Completes the order when its parcels cover what was accepted and each has been written to the order.
 * @param justTold the parcel this job has written, whose mapping is not stored yet.
 */
export async function completeWhenShipped(
  context: HandlerContext,
  order: StoreOrder,
  mapping: Mapping,
  justTold: string | null,
): Promise<{ completed: boolean; writes: Write[] }> {
  const parcels = await parcelsOf(context, mapping);
  const accepted = mapping.accepted ?? {};
  if (Object.keys(accepted).length === 0 || !allShipped(accepted, parcels)) return { completed: false, writes: [] };
  for (const parcel of parcels) {
    if (parcel.id !== justTold && !(await isTold(context, order.id, parcel.id)))
      return { completed: false, writes: [] };
  }
  return { completed: true, writes: await setStoreStatus(context, order, mapping, 'completed') };
}

/**
 * Moves the store's order unless a person or the payment has ended it.
 * @returns the writes that remember what the store answered and that this status is ours.
 */
export async function setStoreStatus(
  context: HandlerContext,
  order: StoreOrder,
  mapping: Mapping,
  status: string,
): Promise<Write[]> {
  if (order.status === status || LEAVE_ALONE.has(order.status)) return [];
  // Written before, and moved on in the shop since: written again, the shopper would be mailed again.
  if (mapping.storeStatus === status && !followsWarehouse(context, order, mapping)) return [];
  const ours: Write = {
    write: 'putMapping',
    mapping: orderMapping(context, order.id, mapping, { storeStatus: status }),
  };
  // Before it is sent: when the answer is lost, the status that comes back must not be taken for a person's.
  await context.checkpoint([ours]);
  const answer = await context.shop(context.storeConnection).setStatus(order.id, status, context.newId(), context.call);
  return [ours, storeRecord(context.storeConnection, answer, context.now())];
}

/** @returns whether the store still lets the warehouse's state through. */
export function followsWarehouse(context: HandlerContext, order: StoreOrder, mapping: Mapping): boolean {
  const { statuses } = warehouseRules(context.connection);
  return statuses.includes(order.status) || order.status === mapping.storeStatus;
}

export async function isTold(context: HandlerContext, orderId: number, parcelId: string): Promise<boolean> {
  const told = await context.reads.mapping(context.connection.id, 'shipment', parcelKey(orderId, parcelId));
  return told?.state === 'known';
}
