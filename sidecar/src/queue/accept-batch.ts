/** One outbox batch, pushed or pulled: either all of it is kept in one unit, or nothing is. */
import { createHash } from 'node:crypto';
import type { Connection, StoreSettings } from '../domain/connection.js';
import { orderSubject } from '../domain/identity.js';
import type { ReadStoreOrder } from '../platforms/platform.js';
import type { NewDelivery, Store, Unit, Write } from '../stores/store.js';
import { acceptStoreOrders, goneOrder, heldOrder } from './accept-orders.js';
import { newJob } from './enqueue.js';
import { readBatch, sequenceOf, type OutboxBatch, type OutboxRow } from './outbox-batch.js';

/** Translates the store's JSON of one order. @throws when it cannot be read. */
export type ReadOrder = (json: unknown, sequence: number) => ReadStoreOrder;

export interface BatchArrival {
  reads: Pick<Store, 'record' | 'mapping' | 'outboxUuid'>;
  connection: Connection;
  warehouses: readonly Connection[];
  readOrder: ReadOrder;
  /** Exact bytes as received; their origin is proven already. */
  raw: Uint8Array;
  now: number;
  newId(): string;
}

export type BatchVerdict =
  /** `unit` is null when all of it was here already. Its rows may be acknowledged once the unit is applied. */
  | {
      verdict: 'accept';
      unit: Unit | null;
      acknowledged: string[];
      waiting: number | null;
      /** Highest sequence the store has given out, and the highest in this batch; null where it does not say. */
      tail: number | null;
      last: number | null;
    }
  /** Another life of this store, or a copy of it: nothing is taken from it until a person says what it is. */
  | { verdict: 'forked'; why: string }
  /** Kept raw for a person. */
  | { verdict: 'undecodable'; unit: Unit; why: string };

export async function acceptBatch(arrival: BatchArrival): Promise<BatchVerdict> {
  const { batch, ...failed } = readBatch(arrival.raw);
  if (batch === null) return undecodable(arrival, 'why' in failed ? failed.why : '');
  const sorted = await sortRows(arrival, batch);
  if (sorted.fork !== null) return { verdict: 'forked', why: sorted.fork };
  const acknowledged = batch.rows.map((row) => row.id);
  const unit = sorted.fresh.length === 0 ? null : await batchUnit(arrival, batch, sorted.fresh);
  const last = batch.rows.reduce<number | null>((highest, { sequence }) => Math.max(highest ?? 0, sequence), null);
  return { verdict: 'accept', unit, acknowledged, waiting: batch.waiting ?? null, tail: batch.tail ?? null, last };
}

async function batchUnit(arrival: BatchArrival, batch: OutboxBatch, rows: OutboxRow[]): Promise<Unit> {
  const delivery = deliveryOf(arrival, 'outbox', bodyKey(arrival.raw), arrival.raw);
  const writes: Write[] = [{ write: 'insertDelivery', delivery: { ...delivery, state: 'processed' } }];
  for (const { sequence, id } of rows) {
    writes.push({ write: 'outboxSeen', connectionId: arrival.connection.id, epoch: batch.epoch, sequence, uuid: id });
  }
  for (const [entityId, entityRows] of byEntity(rows)) {
    writes.push(...(await acceptEntity(arrival, batch, entityId, entityRows)));
  }
  const guard = { guard: 'newDelivery', connectionId: delivery.connectionId, dedupeKey: delivery.dedupeKey } as const;
  return { now: arrival.now, guards: [guard], writes };
}

/** All rows of one order in the batch: one representation answers them. */
async function acceptEntity(
  arrival: BatchArrival,
  batch: OutboxBatch,
  entityId: string,
  rows: OutboxRow[],
): Promise<Write[]> {
  const last = rows.at(-1);
  const orderId = Number(entityId);
  if (last === undefined || !Number.isSafeInteger(orderId)) return [];
  const json = batch.orders[entityId];
  if (json === undefined) return acceptAbsent(arrival, orderId, last);
  let read: ReadStoreOrder;
  try {
    read = arrival.readOrder(json, sequenceOf(json) || last.sequence);
  } catch (error) {
    return [deadOrder(arrival, last, json, error), readAgain(arrival, orderId, last)];
  }
  const echoes = new Set(rows.every((row) => row.writeId != null) ? [orderId] : []);
  return acceptStoreOrders({ ...changesOf(arrival, last), orders: [read], echoes });
}

/** Without a representation: gone for good, in the trash, or deleted between its row and the hand-over. */
async function acceptAbsent(arrival: BatchArrival, orderId: number, row: OutboxRow): Promise<Write[]> {
  const changes = changesOf(arrival, row);
  if (row.op === 'deleted' || row.op === 'trashed') {
    const held = await heldOrder(arrival, orderId);
    // An order never heard of and gone already has nothing to tell anybody.
    if (held === null) return [];
    const version = { modifiedAt: inSeconds(row.occurredAt, arrival.now), sequence: row.sequence };
    const gone = goneOrder(held, row.op === 'deleted' ? 'deleted' : 'trash', version);
    return acceptStoreOrders({ ...changes, orders: [gone] });
  }
  return [readAgain(arrival, orderId, row)];
}

/** By id: it finds the order, or its deletion, or ends as a job that says to a person why it cannot be read. */
function readAgain(arrival: BatchArrival, orderId: number, row: OutboxRow): Write {
  const { connection, now, traceId, origin } = changesOf(arrival, row);
  const job = newJob({ kind: 'order.read', connection, subject: orderSubject(orderId), now, traceId, origin });
  return { write: 'enqueue', job, onDead: 'revive' };
}

function changesOf(arrival: BatchArrival, row: OutboxRow) {
  const { reads, connection, warehouses, now, newId } = arrival;
  const origin = row.op === 'changed' ? 'order changed' : `order ${row.op}`;
  return { reads, connection, warehouses, authoritative: 'no', now, traceId: row.traceId ?? newId(), origin } as const;
}

/** One unreadable order must not hold up the others of its batch: it is kept apart, raw. */
function deadOrder(arrival: BatchArrival, row: OutboxRow, json: unknown, error: unknown): Write {
  const body = new TextEncoder().encode(JSON.stringify(json));
  const note = `Order ${row.entityId} cannot be read: ${error instanceof Error ? error.message : String(error)}`.slice(
    0,
    500,
  );
  const delivery = deliveryOf(arrival, 'outbox.order', `row:${row.id}`, body);
  return { write: 'insertDelivery', delivery: { ...delivery, state: 'dead', note } };
}

function undecodable(arrival: BatchArrival, why: string): BatchVerdict {
  const delivery = deliveryOf(arrival, 'outbox', bodyKey(arrival.raw), arrival.raw);
  const guard = { guard: 'newDelivery', connectionId: delivery.connectionId, dedupeKey: delivery.dedupeKey } as const;
  const writes: Write[] = [{ write: 'insertDelivery', delivery: { ...delivery, state: 'dead', note: why } }];
  return { verdict: 'undecodable', why, unit: { now: arrival.now, guards: [guard], writes } };
}

/** Which rows are new, and whether one of them contradicts what we have seen. */
async function sortRows(
  arrival: BatchArrival,
  batch: OutboxBatch,
): Promise<{ fresh: OutboxRow[]; fork: string | null }> {
  const { siteHash } = arrival.connection.settings as Partial<StoreSettings>;
  if (batch.site !== siteHash)
    return { fresh: [], fork: 'The batch comes from another address than the one that was paired.' };
  const fresh: OutboxRow[] = [];
  for (const row of batch.rows) {
    const seen = await arrival.reads.outboxUuid(arrival.connection.id, batch.epoch, row.sequence);
    if (seen === null) fresh.push(row);
    else if (seen !== row.id)
      return { fresh: [], fork: `Change ${row.sequence} of this store is known under another id.` };
  }
  return { fresh, fork: null };
}

function byEntity(rows: readonly OutboxRow[]): Map<string, OutboxRow[]> {
  const groups = new Map<string, OutboxRow[]>();
  for (const row of rows.filter(({ kind }) => kind === 'order').sort((a, b) => a.sequence - b.sequence)) {
    groups.set(row.entityId, [...(groups.get(row.entityId) ?? []), row]);
  }
  return groups;
}

function deliveryOf(
  { connection, newId }: BatchArrival,
  topic: string,
  dedupeKey: string,
  body: Uint8Array,
): NewDelivery {
  const { orgId, id } = connection;
  return { id: newId(), orgId, connectionId: id, dedupeKey, topic, state: 'received', body, note: null };
}

const bodyKey = (raw: Uint8Array): string => `batch:${createHash('sha256').update(raw).digest('hex')}`;

/** In WooCommerce's own resolution, written as its orders' versions are, so that the two compare as text. */
function inSeconds(time: string, now: number): string {
  const ms = Date.parse(time);
  return new Date(Number.isNaN(ms) ? now : ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
