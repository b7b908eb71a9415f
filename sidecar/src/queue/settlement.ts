/** A person's word on what a job is about, as writes: the settlement, and the facts that let go whatever waited for it. */
import { orderKnown, shipmentKnown, type Fact } from '../domain/fact.js';
import type { Job } from '../domain/job.js';
import type { Mapping } from '../domain/mapping.js';
import type { Settlement } from '../domain/settlement.js';
import type { Store, Write } from '../stores/store.js';
import { enqueue, subjectId } from './enqueue.js';

/** What the word is about: a parcel's job speaks of the parcel, every other job on an order of the order at this connection. */
interface Matter {
  subject: string;
  fact: Fact;
  mapping: { type: 'order' | 'shipment'; localId: string };
}

export async function settlementWrites(
  job: Job,
  kind: Settlement['kind'],
  { who, reason, now }: { who: string; reason: string; now: number },
  store: Pick<Store, 'connection'>,
): Promise<Write[]> {
  const matter = await matterOf(job, store);
  if (matter === null) return [];
  const { orgId, connectionId } = job;
  return [
    {
      write: 'putSettlement',
      settlement: { orgId, connectionId, subject: matter.subject, kind, reason, by: who, at: now },
    },
    // Also when it is not to be sent: what waits for it would otherwise wait for its deadline. It runs, sees the word and skips.
    { write: 'putFact', fact: matter.fact, orgId, source: `settled by ${who}` },
  ];
}

/**
 * The fact goes with the word, unless both sides really know the thing. Whatever came while the word stood was skipped: an
 * order is looked at again in both directions, not only in that of the job re-opened.
 */
export async function unsettleWrites(
  job: Job,
  { who, now }: { who: string; now: number },
  store: Pick<Store, 'connection' | 'mapping'>,
): Promise<Write[]> {
  const matter = await matterOf(job, store);
  if (matter === null) return [];
  const { connectionId } = job;
  const mapping = await store.mapping(connectionId, matter.mapping.type, matter.mapping.localId);
  const writes: Write[] = [{ write: 'dropSettlement', connectionId, subject: matter.subject }];
  if (mapping?.state !== 'known') writes.push({ write: 'dropFact', fact: matter.fact });
  if (matter.mapping.type === 'order') writes.push(...(await lookAgain(job, mapping, { who, now }, store)));
  return writes;
}

async function lookAgain(
  { connectionId, subject, traceId }: Job,
  mapping: Mapping | null,
  { who, now }: { who: string; now: number },
  store: Pick<Store, 'connection'>,
): Promise<Write[]> {
  const connection = await store.connection(connectionId);
  if (connection === null) return [];
  const ask = { connection, subject, traceId, origin: `re-opened by ${who}`, now };
  const remoteId = mapping?.remoteId ?? null;
  const writes = [enqueue({ ...ask, kind: 'order.push' })];
  if (remoteId !== null) writes.push(enqueue({ ...ask, kind: 'order.status', payload: { remoteId, confirm: true } }));
  return writes;
}

/** @returns null for jobs that only read: ending one settles nothing. */
async function matterOf(job: Job, store: Pick<Store, 'connection'>): Promise<Matter | null> {
  const { connectionId, subject, payload } = job;
  const connection = await store.connection(connectionId);
  if (connection === null || connection.id === connection.storeId || !subject.startsWith('order:')) return null;
  const orderId = subjectId(subject);
  const { shipmentId } = payload;
  if (job.kind === 'shipment.apply' && typeof shipmentId === 'string') {
    const mapping = { type: 'shipment', localId: `${orderId}/${shipmentId}` } as const;
    return { subject: `shipment:${shipmentId}`, fact: shipmentKnown(connectionId, shipmentId), mapping };
  }
  return { subject, fact: orderKnown(connectionId, orderId), mapping: { type: 'order', localId: orderId } };
}
