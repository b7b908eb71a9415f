/** A delivery as the screen shows it: how it was proven, what became of it, and what was in it. */
import type { Connection } from '../domain/connection.js';
import type { Job } from '../domain/job.js';
import type { EntityRecord, RecordType } from '../domain/record.js';
import { redactText, redactValue } from '../domain/redact.js';
import { readBatch, type OutboxBatch } from '../queue/outbox-batch.js';
import type { WarehouseEvent } from '../platforms/platform.js';
import type { Delivery, DeliveryState } from '../stores/store.js';
import type { DeliveryDetail, DeliveryRow } from './api.js';
import { iso } from './connection-view.js';
import { mayAct } from './identity.js';
import { jobRow, type JobViewer } from './job-view.js';
import type { HttpWorld } from './world.js';

const BODY_SHOWN = 20_000;
const JOBS_SHOWN = 50;

export interface DeliveryViewer extends JobViewer {
  world: HttpWorld;
}

export function deliveryRow({ connections }: JobViewer, delivery: Omit<Delivery, 'body'>): DeliveryRow {
  const { id, topic, connectionId, state, note, receivedAt, duplicates, dedupeKey: key } = delivery;
  return {
    id,
    topic,
    connection: { id: connectionId, name: connections.get(connectionId)?.name ?? 'a connection that is gone' },
    state,
    sentence: SENTENCES[state](note),
    receivedAt: iso(receivedAt) ?? '',
    duplicates,
    key,
  };
}

const SENTENCES = {
  received: () => 'Waits to be worked through.',
  processed: () => 'Worked through.',
  ignored: (note) => `Ignored: ${note ?? 'it is about nothing we keep.'}`,
  dead: (note) => `Could not be used: ${note ?? 'it cannot be read.'}`,
} as const satisfies Record<DeliveryState, (note: string | null) => string>;

export async function deliveryDetail(viewer: DeliveryViewer, delivery: Delivery): Promise<DeliveryDetail> {
  const { body } = delivery;
  const connection = viewer.connections.get(delivery.connectionId);
  const told = body === null ? NOTHING : toldIn(viewer.world, delivery, body, connection);
  const maySee = mayAct(viewer.identity, 'operator');
  const jobs = await jobsOf(viewer, [delivery.id, ...told.traceIds]);
  return {
    ...deliveryRow(viewer, delivery),
    verified: connection?.platform === 'woocommerce' ? OF_STORE : OF_WAREHOUSE,
    size: body?.byteLength ?? null,
    jobs: await Promise.all(jobs.map((job) => jobRow(viewer, job))),
    records: await recordsOf(viewer, delivery.connectionId, told.records),
    body: body !== null && maySee ? redacted(body) : null,
    bodyNote: bodyNote(body, maySee),
    actions: body !== null && maySee ? ['replay'] : [],
  };
}

const OF_STORE = 'Handed over by the paired shop: signed with the secret of its pairing, or fetched from it.';
const OF_WAREHOUSE = 'Signed with the secret of this connection; the signature was checked on the bytes as they came.';

function bodyNote(body: Uint8Array | null, maySee: boolean): string | null {
  if (body === null) return 'Its body has been deleted, because bodies are kept for a limited time.';
  return maySee ? null : 'Who may only look does not see what was in it.';
}

/** What a delivery speaks of, as far as it can be read. */
interface Told {
  /** Of the jobs that its rows made; those of a webhook carry the delivery's own id. */
  traceIds: string[];
  records: { type: RecordType; remoteId: string }[];
}
const NOTHING: Told = { traceIds: [], records: [] };

function toldIn(world: HttpWorld, { topic }: Delivery, body: Uint8Array, connection: Connection | undefined): Told {
  if (connection?.platform !== 'woocommerce') return toldByWarehouse(readEvent(world, connection, body));
  if (topic === 'outbox.order') return { traceIds: [], records: [] };
  const { batch } = readBatch(body);
  return batch === null ? NOTHING : toldByStore(batch);
}

function toldByStore({ rows }: OutboxBatch): Told {
  const orders = new Set(rows.filter(({ kind }) => kind === 'order').map(({ entityId }) => entityId));
  const traceIds = new Set(rows.flatMap(({ traceId }) => (traceId == null ? [] : [traceId])));
  return { traceIds: [...traceIds], records: [...orders].map((remoteId) => ({ type: 'order', remoteId })) };
}

function toldByWarehouse(event: WarehouseEvent | null): Told {
  if (event?.type === 'order') return { traceIds: [], records: [{ type: 'order', remoteId: event.order.id }] };
  if (event?.type === 'shipment') return { traceIds: [], records: [{ type: 'shipment', remoteId: event.parcel.id }] };
  return NOTHING;
}

function readEvent({ warehouses }: HttpWorld, connection: Connection | undefined, body: Uint8Array) {
  try {
    return warehouses.find(({ key }) => key === connection?.platform)?.webhooks.read(body) ?? null;
  } catch {
    return null;
  }
}

/** A job that answered several deliveries carries the trace of the latest. */
async function jobsOf({ world, identity, connections }: JobViewer, traceIds: readonly string[]): Promise<Job[]> {
  const within = { orgId: identity.orgId, connectionIds: [...connections.keys()] };
  const page = { limit: JOBS_SHOWN, offset: 0, sort: 'oldest' } as const;
  const found = await Promise.all(traceIds.map((traceId) => world.store.jobs({ ...within, traceId }, page)));
  return found.flatMap(({ rows }) => rows).slice(0, JOBS_SHOWN);
}

async function recordsOf(
  { world }: JobViewer,
  connectionId: string,
  asked: Told['records'],
): Promise<DeliveryDetail['records']> {
  const records = await Promise.all(
    asked.map(({ type, remoteId }) => world.store.record(connectionId, type, remoteId)),
  );
  return records.flatMap((record) => (record === null ? [] : [recordRow(record)]));
}

function recordRow({ type, remoteId, body, updatedAt }: EntityRecord): DeliveryDetail['records'][number] {
  const { number } = (body ?? {}) as { number?: unknown };
  return {
    type,
    label: typeof number === 'string' && number !== '' ? number : remoteId,
    changedAt: iso(updatedAt) ?? '',
  };
}

/** Indented where it is JSON; never with what identifies a shopper. */
function redacted(body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  try {
    return JSON.stringify(redactValue(JSON.parse(text)), null, 2).slice(0, BODY_SHOWN);
  } catch {
    return redactText(text, BODY_SHOWN);
  }
}
