/** What a warehouse says about orders and parcels, made into writes: webhooks and polls both come through here. */
import type { Connection } from '../domain/connection.js';
import { storeCode } from '../domain/warehouse-rules.js';
import { parcelFingerprint, warehouseOrderFingerprint } from '../domain/fingerprint.js';
import { orderIdOf, orderSubject, orderUuid } from '../domain/identity.js';
import type { NewJob } from '../domain/job.js';
import type { StoreOrder } from '../domain/order.js';
import type { EntityRecord } from '../domain/record.js';
import type { Parcel, WarehouseOrder } from '../domain/warehouse-order.js';
import type { Store, Write } from '../stores/store.js';
import { newJob } from './enqueue.js';

export interface WarehouseNews {
  reads: Pick<Store, 'record' | 'mappingByRemote'>;
  /** The warehouse's connection. */
  connection: Connection;
  /** The store it serves. */
  store: Connection;
  now: number;
  traceId: string;
  /** "webhook order.shipped", "poll". */
  origin: string;
  /** 'yes' for a read by id: then a step back is believed as well. */
  authoritative?: 'yes' | 'no';
}

/** Not ours: another sender's order in the same account. Then there are no writes. */
export type Accepted = { ours: true; orderId: number; writes: Write[] } | Stranger;
interface Stranger {
  ours: false;
  why: string;
  writes: [];
}

/** The last rank: what comes after it is no progress any more. */
export const FINAL_RANK = 60;

/**
 * The warehouse's orders have no version of their own, and its events come in any order. Progress is believed; a step back
 * is not, but asked about: the record stays and order.status is told to read the order again by id.
 */
export async function acceptWarehouseOrder(news: WarehouseNews, order: WarehouseOrder): Promise<Accepted> {
  const owner = await ownerOf(news, { remoteId: order.id, reference: order.reference, uuid: order.uuid });
  if (!owner.ours) return owner;
  const held = await heldOrder(news, order.id);
  const fresh = complete(order, held?.body ?? null);
  const job = statusJob(news, owner.orderId, fresh, held?.body ?? null);
  const writes =
    news.authoritative !== 'yes' && isStepBack(fresh, held?.body ?? null)
      ? [{ write: 'enqueue', job, onDead: 'revive' } satisfies Write]
      : [putOrder(news, fresh, job)];
  return { ours: true, orderId: owner.orderId, writes };
}

/** @returns the record of the parcel, with the job that writes it to the store's order when it is new or changed. */
export async function acceptParcel(news: WarehouseNews, parcel: Parcel): Promise<Accepted> {
  const { connection, now } = news;
  const owner = await ownerOf(news, { remoteId: parcel.orderRemoteId, reference: parcel.orderReference, uuid: null });
  if (!owner.ours) return owner;
  const fingerprint = parcelFingerprint(parcel);
  const held = await news.reads.record(connection.id, 'shipment', parcel.id);
  const record: EntityRecord<Parcel> = {
    orgId: connection.orgId,
    connectionId: connection.id,
    type: 'shipment',
    remoteId: parcel.id,
    version: { modifiedAt: parcel.modifiedAt, sequence: 0 },
    fingerprint,
    body: parcel,
    lookup: String(owner.orderId),
    // The same parcel again must not reopen one that is written to the store already.
    final: held?.fingerprint === fingerprint && held.final,
    updatedAt: now,
  };
  const job = parcelJob(news, owner.orderId, parcel.id);
  const authoritative = saysMore(parcel, (held?.body ?? null) as Parcel | null) ? 'yes' : 'no';
  const write: Write = { write: 'putRecord', record, authoritative, onNew: [job], onTie: [job] };
  return { ours: true, orderId: owner.orderId, writes: [write] };
}

/**
 * Made and labelled within one second, a parcel comes twice with one time of change: the word that knows at least as many
 * numbers and units is the later one.
 */
function saysMore(parcel: Parcel, held: Parcel | null): boolean {
  const known = (one: Parcel) => one.tracking.length + one.lines.length;
  return held !== null && known(parcel) >= known(held);
}

function putOrder(news: WarehouseNews, order: WarehouseOrder, job: NewJob): Write {
  const { connection, now } = news;
  const record: EntityRecord<WarehouseOrder> = {
    orgId: connection.orgId,
    connectionId: connection.id,
    type: 'order',
    remoteId: order.id,
    // Ours, of receipt: the rank has decided already whether it is taken.
    version: { modifiedAt: new Date(now).toISOString(), sequence: 0 },
    fingerprint: warehouseOrderFingerprint(order),
    body: order,
    lookup: null,
    final: order.rank >= FINAL_RANK,
    updatedAt: now,
  };
  return { write: 'putRecord', record, authoritative: 'yes', onNew: [job], onTie: [job] };
}

/** An answer without lines or uuid says nothing about them: what we know stays. */
function complete(order: WarehouseOrder, held: WarehouseOrder | null): WarehouseOrder {
  return { ...order, lines: order.lines ?? held?.lines ?? null, uuid: order.uuid ?? held?.uuid ?? null };
}

function isStepBack(order: WarehouseOrder, held: WarehouseOrder | null): boolean {
  return held !== null && order.rank < held.rank;
}

function statusJob(news: WarehouseNews, orderId: number, order: WarehouseOrder, held: WarehouseOrder | null): NewJob {
  // Two words of one rank may have overtaken each other just as well.
  const doubtful =
    news.authoritative !== 'yes' && held !== null && order.rank <= held.rank && order.status !== held.status;
  const payload = doubtful ? { remoteId: order.id, confirm: true } : { remoteId: order.id };
  const { connection, now, traceId, origin } = news;
  return newJob({ kind: 'order.status', connection, subject: orderSubject(orderId), payload, now, traceId, origin });
}

/** About the order, so that its parcels take turns with its other jobs; but each parcel is a job of its own. */
export function parcelJob(
  { connection, now, traceId, origin }: Omit<WarehouseNews, 'reads' | 'store'>,
  orderId: number,
  shipmentId: string,
): NewJob {
  const payload = { shipmentId };
  const job = newJob({
    kind: 'shipment.apply',
    connection,
    subject: orderSubject(orderId),
    payload,
    now,
    traceId,
    origin,
  });
  return { ...job, coalesceKey: `shipment.apply:${connection.id}:${shipmentId}` };
}

type Owner = { ours: true; orderId: number } | Stranger;

/** Whose order is it? By the reference first: a webhook may be here before the answer to our own create told us the id. */
async function ownerOf(
  news: WarehouseNews,
  seen: { remoteId: string; reference: string; uuid: string | null },
): Promise<Owner> {
  const { reads, connection, store } = news;
  const orderId = orderIdOf(seen.reference, storeCode(store));
  if (orderId === null) {
    const mapping = await reads.mappingByRemote(connection.id, 'order', seen.remoteId);
    if (mapping !== null) return { ours: true, orderId: Number(mapping.localId) };
    return stranger(`The reference "${seen.reference}" is not one of this store.`);
  }
  const uuid = seen.uuid === null ? null : await expectedUuid(news, orderId);
  if (seen.uuid !== null && uuid !== null && seen.uuid !== uuid) {
    return stranger(`${seen.reference} there belongs to another order that had this number.`);
  }
  return { ours: true, orderId };
}

const stranger = (why: string): Stranger => ({ ours: false, why, writes: [] });

async function expectedUuid({ reads, store }: WarehouseNews, orderId: number): Promise<string | null> {
  const record = await reads.record(store.id, 'order', String(orderId));
  const key = (record?.body as StoreOrder | null | undefined)?.key;
  return key === undefined ? null : orderUuid(store.id, orderId, key);
}

async function heldOrder(
  { reads, connection }: WarehouseNews,
  remoteId: string,
): Promise<EntityRecord<WarehouseOrder> | null> {
  const record = await reads.record(connection.id, 'order', remoteId);
  return record?.body == null ? null : (record as EntityRecord<WarehouseOrder>);
}
