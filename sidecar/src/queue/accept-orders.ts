/** What the store says about its orders, made into writes: pushes, pulls, sweeps and re-checks all come through here. */
import type { Connection } from '../domain/connection.js';
import { orderKnown, sendNow } from '../domain/fact.js';
import { storeOrderFingerprint } from '../domain/fingerprint.js';
import { orderSubject } from '../domain/identity.js';
import type { NewJob } from '../domain/job.js';
import type { StoreOrder } from '../domain/order.js';
import { compareVersions, type EntityRecord, type RecordVersion } from '../domain/record.js';
import type { ReadStoreOrder } from '../platforms/platform.js';
import type { Store, Write } from '../stores/store.js';
import { newJob } from './enqueue.js';

export interface StoreChanges {
  reads: Pick<Store, 'record' | 'mapping'>;
  /** The store's own connection. */
  connection: Connection;
  /** Every warehouse that serves the store. Paused ones as well: their jobs wait for them. */
  warehouses: readonly Connection[];
  orders: readonly ReadStoreOrder[];
  /** Ids all of whose reported changes were caused by our own writes. */
  echoes?: ReadonlySet<number>;
  /** 'yes' for a read by id: it settles a tie. */
  authoritative: 'yes' | 'no';
  now: number;
  traceId: string;
  /** What brought it, in words: "order changed", "sweep". */
  origin: string;
}

/** @returns one putRecord an order, which queues a push for every warehouse when the order is new or changed. */
export async function acceptStoreOrders(changes: StoreChanges): Promise<Write[]> {
  const writes: Write[] = [];
  for (const order of changes.orders) {
    writes.push(...(await forgetPredecessor(changes, order)), await putOrder(changes, order));
  }
  return writes;
}

/** @returns the record of what the store itself just answered to a write of ours: nothing has to follow from it. */
export function storeRecord(connection: Connection, read: ReadStoreOrder, now: number): Write {
  return { write: 'putRecord', record: recordOf(connection, read, now), authoritative: 'yes', onNew: [], onTie: [] };
}

/** @returns the order as we last knew it, gone. Later than what we hold, even within one second of the store's clock. */
export function deletedOrder(held: EntityRecord<StoreOrder>, version: RecordVersion = held.version): ReadStoreOrder {
  return goneOrder(held, 'deleted', version);
}

export function goneOrder(
  { body, version: heldVersion }: EntityRecord<StoreOrder>,
  status: 'deleted' | 'trash',
  version: RecordVersion,
): ReadStoreOrder {
  const later =
    compareVersions(version, heldVersion) > 0 ? version : { ...heldVersion, sequence: heldVersion.sequence + 1 };
  return { order: { ...body, status }, version: later };
}

/**
 * After a restored backup an id comes back with another order key: another order. What we know of the one before at the
 * warehouses, and what a person said about it, is not about this one.
 */
async function forgetPredecessor(changes: StoreChanges, { order, version }: ReadStoreOrder): Promise<Write[]> {
  const held = await heldOrder(changes, order.id);
  const isAnother = held !== null && held.body.key !== '' && order.key !== '' && held.body.key !== order.key;
  if (!isAnother || compareVersions(version, held.version) <= 0) return [];
  return changes.warehouses.flatMap(({ id }): Write[] => [
    { write: 'dropMapping', connectionId: id, type: 'order', localId: String(order.id) },
    { write: 'dropFact', fact: orderKnown(id, order.id) },
    { write: 'dropFact', fact: sendNow(id, order.id) },
    { write: 'dropSettlement', connectionId: id, subject: orderSubject(order.id) },
  ]);
}

async function putOrder(changes: StoreChanges, read: ReadStoreOrder): Promise<Write> {
  const { connection, authoritative, now } = changes;
  const final = await isFinal(changes, read.order);
  const record = { ...recordOf(connection, read, now), final };
  const onNew = (await isOwnEcho(changes, read.order)) ? [] : pushes(changes, read.order.id);
  const onTie = [orderJob(changes, 'order.read', connection, read.order.id)];
  return { write: 'putRecord', record, authoritative, onNew, onTie };
}

function recordOf(
  { orgId, id }: Connection,
  { order, version }: ReadStoreOrder,
  now: number,
): EntityRecord<StoreOrder> {
  return {
    orgId,
    connectionId: id,
    type: 'order',
    remoteId: String(order.id),
    version,
    fingerprint: storeOrderFingerprint(order),
    body: order,
    // What people search for where the shop numbers its orders by itself.
    lookup: order.number,
    final: false,
    updatedAt: now,
  };
}

function pushes(changes: StoreChanges, orderId: number): NewJob[] {
  return changes.warehouses.map((warehouse) => orderJob(changes, 'order.push', warehouse, orderId));
}

function orderJob(
  changes: StoreChanges,
  kind: 'order.push' | 'order.read',
  connection: Connection,
  orderId: number,
): NewJob {
  const { now, traceId, origin } = changes;
  return newJob({ kind, connection, subject: orderSubject(orderId), now, traceId, origin });
}

/**
 * Our own status coming back needs no push. Anything more in it does: the representation is the latest one, and may
 * already carry an edit whose own row comes later and will then look like no change.
 */
async function isOwnEcho(changes: StoreChanges, order: StoreOrder): Promise<boolean> {
  if (changes.echoes?.has(order.id) !== true) return false;
  const held = await heldOrder(changes, order.id);
  if (held === null) return false;
  const withNewStatus = { ...held.body, status: order.status };
  if (storeOrderFingerprint(withNewStatus) !== storeOrderFingerprint(order)) return false;
  return order.status === held.body.status || (await weWroteStatus(changes, order));
}

async function weWroteStatus({ reads, warehouses }: StoreChanges, order: StoreOrder): Promise<boolean> {
  for (const { id } of warehouses) {
    const mapping = await reads.mapping(id, 'order', String(order.id));
    if (mapping?.storeStatus === order.status) return true;
  }
  return false;
}

const ENDED = new Set(['completed', 'cancelled', 'refunded', 'failed', 'trash', 'deleted']);

/** Ended in the store, and no warehouse has it unfinished. */
async function isFinal({ reads, warehouses }: StoreChanges, order: StoreOrder): Promise<boolean> {
  if (!ENDED.has(order.status)) return false;
  for (const { id } of warehouses) {
    const mapping = await reads.mapping(id, 'order', String(order.id));
    if (mapping === null) continue;
    if (mapping.remoteId === null) return false;
    const there = await reads.record(id, 'order', mapping.remoteId);
    if (there?.final !== true) return false;
  }
  return true;
}

/** @returns the order we hold, or null when there is none or retention has cut its body. */
export async function heldOrder(
  { reads, connection }: Pick<StoreChanges, 'reads' | 'connection'>,
  orderId: number,
): Promise<EntityRecord<StoreOrder> | null> {
  const record = await reads.record(connection.id, 'order', String(orderId));
  return record?.body == null ? null : (record as EntityRecord<StoreOrder>);
}
