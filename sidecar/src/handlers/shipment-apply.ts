/** Brings one parcel into the store: its numbers on the order, one mail to the shopper, and the order completed with the last one. */
import { createHash } from 'node:crypto';
import { shipmentKnown } from '../domain/fact.js';
import { subjectOrderId } from '../domain/identity.js';
import type { Mapping } from '../domain/mapping.js';
import type { StoreOrder } from '../domain/order.js';
import type { Parcel } from '../domain/warehouse-order.js';
import type { Handler, HandlerContext, Outcome } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { knownOrder } from './adopt.js';
import { completeWhenShipped, parcelKey, parcelsOf } from './completion.js';
import { mailOnce } from './parcel-mail.js';
import { settledSkip, storeOrder } from './subject.js';

export const shipmentApply: Handler = async (context) => {
  const orderId = subjectOrderId(context.job.subject);
  const settled =
    (await settledSkip(context, context.job.subject)) ??
    (await settledSkip(context, `shipment:${shipmentId(context)}`));
  if (settled !== null) return settled;
  const parcel = await parcelRecord(context);
  if (parcel === null) return waitForShipment(context);
  const known = await knownOrder(context, orderId, parcel.orderRemoteId);
  if (!known.known) return known.outcome;
  const record = await storeOrder(context, orderId);
  if (record === null) return { outcome: 'skip', sentence: 'Nothing written: the store has no such order.' };
  if (known.writes.length > 0) await context.checkpoint(known.writes);
  return tell(context, record.body, parcel, known.mapping);
};

async function tell(context: HandlerContext, order: StoreOrder, parcel: Parcel, mapping: Mapping): Promise<Outcome> {
  const codes = trackingCodes(parcel);
  if (codes.length === 0) {
    return {
      outcome: 'skip',
      sentence: `Parcel ${parcel.number} has no tracking number yet; it is told about as soon as it has one.`,
    };
  }
  const fingerprint = createHash('sha256').update(codes.join(' ')).digest('hex');
  const before = await context.reads.mapping(context.connection.id, 'shipment', parcelKey(order.id, parcel.id));
  const writes: Write[] = [];
  if (before?.state !== 'known' || before.sentFingerprint !== fingerprint) {
    await writeToOrder(context, order, mapping, parcel, before);
    writes.push({ write: 'putMapping', mapping: toldMapping(context, order.id, parcel, fingerprint) });
  }
  const completion = await completeWhenShipped(context, order, mapping, parcel.id);
  const told =
    writes.length > 0 ? `Parcel ${parcel.number} is on the order` : `Parcel ${parcel.number} was on the order already`;
  const sentence = completion.completed ? `${told}; all of it has shipped, the order is completed.` : `${told}.`;
  return { outcome: 'done', sentence, writes: [...writes, ...completion.writes] };
}

async function writeToOrder(
  context: HandlerContext,
  order: StoreOrder,
  mapping: Mapping,
  parcel: Parcel,
  before: Mapping | null,
): Promise<void> {
  const intended = { ...toldMapping(context, order.id, parcel, null), remoteId: null, state: 'intended' } as const;
  const intend = () => context.checkpoint([{ write: 'putMapping', mapping: intended }]);
  await mailOnce({ context, order, parcel, codes: trackingCodes(parcel), before, intend });
  const parcels = await parcelsOf(context, mapping);
  const meta = { _tallyman_parcels: JSON.stringify(parcels.map(metaOf)) };
  await context.shop(context.storeConnection).setMeta(order.id, meta, context.newId(), context.call);
}

function metaOf(parcel: Parcel): Record<string, unknown> {
  const { number, carrier, tracking, lines, shippedAt } = parcel;
  return { number, carrier, tracking, lines, shippedAt };
}

function toldMapping(
  context: HandlerContext,
  orderId: number,
  parcel: Parcel,
  sentFingerprint: string | null,
): Mapping {
  return {
    orgId: context.connection.orgId,
    connectionId: context.connection.id,
    type: 'shipment',
    localId: parcelKey(orderId, parcel.id),
    remoteId: parcel.id,
    state: 'known',
    sentFingerprint,
    remoteLabel: parcel.number,
    origin: 'told by the warehouse',
    accepted: null,
    storeStatus: null,
    updatedAt: context.now(),
  };
}

async function parcelRecord(context: HandlerContext): Promise<Parcel | null> {
  const record = await context.reads.record(context.connection.id, 'shipment', shipmentId(context));
  return (record?.body as Parcel | undefined) ?? null;
}

function waitForShipment(context: HandlerContext): Outcome {
  return {
    outcome: 'wait',
    fact: shipmentKnown(context.connection.id, shipmentId(context)),
    sentence: 'Waits until the warehouse tells about the parcel itself.',
  };
}

function trackingCodes(parcel: Parcel): string[] {
  return parcel.tracking.map(({ code }) => code).filter((code) => code !== '');
}

function shipmentId({ job }: HandlerContext): string {
  return String(job.payload['shipmentId'] ?? '');
}
