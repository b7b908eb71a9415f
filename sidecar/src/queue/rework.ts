/** A delivery that is here already, worked through once more, the way it came: what was made of it before is not made twice. */
import type { Connection } from '../domain/connection.js';
import type { ReadStoreOrder, WarehouseEvent } from '../platforms/platform.js';
import type { Delivery, DeliveryState, Store, Write } from '../stores/store.js';
import { acceptBatch, type ReadOrder } from './accept-batch.js';
import { acceptEvent } from './accept-event.js';
import { acceptStoreOrders } from './accept-orders.js';
import { sequenceOf } from './outbox-batch.js';

export interface EventRework {
  reads: Pick<Store, 'record' | 'mappingByRemote'>;
  delivery: Pick<Delivery, 'id' | 'topic'>;
  /** The warehouse's connection, and the store it serves. */
  connection: Connection;
  store: Connection;
  /** @throws when the body cannot be decoded. */
  readEvent(): WarehouseEvent;
  now: number;
}

export interface StoreRework {
  reads: Pick<Store, 'record' | 'mapping' | 'outboxUuid' | 'deliveryByKey'>;
  delivery: Pick<Delivery, 'id' | 'topic'>;
  body: Uint8Array;
  /** The store's own connection, and every warehouse that serves it. */
  connection: Connection;
  warehouses: readonly Connection[];
  readOrder: ReadOrder;
  now: number;
  newId(): string;
}

export interface Reworked {
  state: Exclude<DeliveryState, 'received'>;
  /** Why it is dead or ignored. */
  note: string | null;
  /** With the delivery's new state among them. */
  writes: Write[];
}

/** What a store handed over: one order that could not be read when it came, or a whole batch. */
export function reworkHandOver(given: StoreRework): Promise<Reworked> {
  return given.delivery.topic === 'outbox.order' ? reworkOrder(given) : reworkBatch(given);
}

/** What a warehouse told. */
export async function reworkEvent(given: EventRework): Promise<Reworked> {
  const { reads, connection, store, now, delivery } = given;
  const event = readOr(given.readEvent);
  if (event instanceof Unreadable) return finished(given, 'dead', 'The body cannot be decoded.', []);
  // Its jobs carry the delivery's own trace, so that they can be found from it.
  const news = { reads, connection, store, now, traceId: delivery.id, origin: `webhook ${event.topic}` };
  const { state, note, writes } = await acceptEvent(news, event);
  return finished(given, state, note, writes);
}

/** A whole hand-over. Rows that came again since then are known and left alone. */
async function reworkBatch(given: StoreRework): Promise<Reworked> {
  const { reads, connection, warehouses, readOrder, now, newId, body: raw } = given;
  const verdict = await acceptBatch({ reads, connection, warehouses, readOrder, raw, now, newId });
  if (verdict.verdict !== 'accept') return finished(given, 'dead', verdict.why, []);
  return finished(given, 'processed', null, await withoutKnown(given, verdict.unit?.writes ?? []));
}

/** One order of a hand-over that could not be read when it came. */
async function reworkOrder(given: StoreRework): Promise<Reworked> {
  const { reads, connection, warehouses, now, delivery } = given;
  const read = readOr(() => readStored(given));
  if (read instanceof Unreadable) return finished(given, 'dead', `The order cannot be read: ${read.why}`, []);
  const changes = {
    reads,
    connection,
    warehouses,
    authoritative: 'no',
    now,
    traceId: delivery.id,
    origin: 'order changed',
  } as const;
  return finished(given, 'processed', null, await acceptStoreOrders({ ...changes, orders: [read] }));
}

function readStored({ body, readOrder }: StoreRework): ReadStoreOrder {
  const json: unknown = JSON.parse(new TextDecoder().decode(body));
  return readOrder(json, sequenceOf(json));
}

function finished(
  { delivery: { id } }: Pick<StoreRework, 'delivery'>,
  state: Reworked['state'],
  note: string | null,
  writes: Write[],
): Reworked {
  return { state, note, writes: [...writes, { write: 'finishDelivery', id, state, note }] };
}

/** The delivery itself is stored already, and so may be those that were kept apart from it. */
async function withoutKnown({ reads }: StoreRework, writes: readonly Write[]): Promise<Write[]> {
  const kept: Write[] = [];
  for (const write of writes) {
    const known =
      write.write === 'insertDelivery' &&
      (await reads.deliveryByKey(write.delivery.connectionId, write.delivery.dedupeKey)) !== null;
    if (!known) kept.push(write);
  }
  return kept;
}

class Unreadable {
  constructor(readonly why: string) {}
}

function readOr<T>(read: () => T): T | Unreadable {
  try {
    return read();
  } catch (error) {
    return new Unreadable(error instanceof Error ? error.message : String(error));
  }
}
