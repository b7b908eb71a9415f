/** Brings the warehouse's state of an order into the store. */
import { warehouseRules } from '../domain/warehouse-rules.js';
import { subjectOrderId } from '../domain/identity.js';
import { assertNever } from '../domain/assert-never.js';
import type { JobPayload, NewJob } from '../domain/job.js';
import type { Mapping } from '../domain/mapping.js';
import type { StoreOrder } from '../domain/order.js';
import { allShipped } from '../domain/shipping.js';
import type { Parcel, WarehouseOrder } from '../domain/warehouse-order.js';
import { acceptParcel, acceptWarehouseOrder, parcelJob } from '../queue/accept-warehouse.js';
import { newJob } from '../queue/enqueue.js';
import type { Handler, HandlerContext, Outcome } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { recordsOnly, warehouseNews, writesOf } from './accept.js';
import { knownOrder } from './adopt.js';
import { completeWhenShipped, followsWarehouse, isTold, parcelsOf, setStoreStatus } from './completion.js';
import { addNoteOnce } from './notes.js';
import { CANCELLED } from './order-follow.js';
import { settledSkip, storeOrder } from './subject.js';

interface Status {
  context: HandlerContext;
  order: StoreOrder;
  remote: WarehouseOrder;
  mapping: Mapping;
}

export const orderStatus: Handler = async (context) => {
  if (context.job.payload['relay'] === true) return relay(context);
  const orderId = subjectOrderId(context.job.subject);
  const settled = await settledSkip(context, context.job.subject);
  if (settled !== null) return settled;
  const remote = await latestRemote(context);
  const known = await knownOrder(context, orderId, remote.id);
  if (!known.known) return known.outcome;
  const record = await storeOrder(context, orderId);
  if (record === null) return { outcome: 'skip', sentence: 'Nothing written: the store has no such order.' };
  if (known.writes.length > 0) await context.checkpoint(known.writes);
  return follow({ context, order: record.body, remote, mapping: known.mapping });
};

async function follow(status: Status): Promise<Outcome> {
  const { remote } = status;
  switch (remote.stage) {
    case 'accepted':
    case 'planned':
    case 'picking':
      return releaseHold(status);
    case 'waiting':
      return {
        outcome: 'done',
        sentence: `The warehouse has it as "${remote.status}"; the store's order stays as it is.`,
      };
    case 'held':
      return holdInStore(status);
    case 'partly_shipped':
    case 'shipped':
      return shipped(status);
    case 'cancelled':
      return cancelInStore(status);
    case 'unknown':
      return {
        outcome: 'done',
        sentence: `The warehouse says "${remote.status}", which Tallyman does not know; nothing was changed.`,
      };
    default:
      return assertNever(remote.stage);
  }
}

/** Only our own on-hold is taken back; a person's stays. */
async function releaseHold({ context, order, remote, mapping }: Status): Promise<Outcome> {
  const ours = order.status === 'on-hold' && mapping.storeStatus === 'on-hold';
  const [next = 'processing'] = warehouseRules(context.connection).statuses;
  const writes = ours ? await setStoreStatus(context, order, mapping, next) : [];
  return { outcome: 'done', sentence: `The warehouse has it as "${remote.status}".`, writes };
}

async function holdInStore({ context, order, remote, mapping }: Status): Promise<Outcome> {
  const sentence = `The warehouse cannot go on with it ("${remote.status}").`;
  if (!followsWarehouse(context, order, mapping)) return { outcome: 'done', sentence };
  const text = `${context.connection.name} cannot go on with this order: "${remote.status}" (${remote.number}).`;
  await addNoteOnce(context, order.id, { text, audience: 'staff' });
  return { outcome: 'done', sentence, writes: await setStoreStatus(context, order, mapping, 'on-hold') };
}

async function cancelInStore({ context, order, remote, mapping }: Status): Promise<Outcome> {
  // It did what the store had asked; what the store's order became since then is a person's.
  if (mapping.sentFingerprint === CANCELLED)
    return { outcome: 'done', sentence: `Cancelled at the warehouse, as the store had asked (${remote.number}).` };
  const writes = await setStoreStatus(context, order, mapping, 'cancelled');
  const sentence =
    writes.length > 0 ? 'The warehouse cancelled it; cancelled in the store.' : 'Cancelled on both sides.';
  return { outcome: 'done', sentence: `${sentence} (${remote.number})`, writes };
}

/** Parcels first, whatever order the events came in: the order is completed by what they carry, not by a word. */
async function shipped(status: Status): Promise<Outcome> {
  const { context, order, remote, mapping } = status;
  const accepted = mapping.accepted ?? {};
  const parcels = await parcelsOf(context, mapping);
  if (!allShipped(accepted, parcels) || Object.keys(accepted).length === 0) return fetchParcels(status);
  const completion = await completeWhenShipped(context, order, mapping, null);
  if (completion.completed)
    return { outcome: 'done', sentence: 'All of it has shipped; the order is completed.', writes: completion.writes };
  const untold = remote.stage === 'shipped' && parcels.some(hasNoNumber);
  if (untold && context.job.payload['completeAnyway'] === true) return completeWithoutTracking(status);
  return {
    outcome: 'done',
    sentence: `The warehouse has it as "${remote.status}"; its parcels are being written to the order.`,
    writes: [...(await tellUntold(status, parcels)), ...(untold ? [completeLater(status)] : [])],
  };
}

/** Told again they are no news and bring no job: those whose job was skipped, while a person's word stood, are asked for here. */
async function tellUntold({ context, order }: Status, parcels: readonly Parcel[]): Promise<Write[]> {
  const writes: Write[] = [];
  for (const parcel of parcels) {
    if (hasNoNumber(parcel) || (await isTold(context, order.id, parcel.id))) continue;
    const job = parcelJob(warehouseNews(context, 'not on the order yet'), order.id, parcel.id);
    writes.push({ write: 'enqueue', job, onDead: 'leave' });
  }
  return writes;
}

async function fetchParcels(status: Status): Promise<Outcome> {
  const { context, order, remote, mapping } = status;
  const all = remote.stage === 'shipped';
  if (all && context.job.payload['completeAnyway'] === true) return completeWithoutTracking(status);
  const found = await context
    .warehouse(context.connection)
    .parcelsOf({ id: remote.id, reference: remote.reference }, context.call);
  const writes: Write[] = [];
  for (const parcel of found) writes.push(...writesOf(await acceptParcel(warehouseNews(context, 'fetched'), parcel)));
  const covered = allShipped(mapping.accepted ?? {}, found) && !found.some(hasNoNumber);
  if (all && !covered) writes.push(completeLater(status));
  writes.push(...(await tellUntold(status, found)));
  return {
    outcome: 'done',
    sentence: `The warehouse has it as "${remote.status}"; ${found.length} of its parcels fetched (order ${order.number}).`,
    writes,
  };
}

/** A letter may never get one: it is not waited for beyond the deadline. */
const hasNoNumber = ({ tracking }: Parcel): boolean => tracking.every(({ code }) => code === '');

/**
 * The warehouse says shipped but tells of no parcels, or of some without a number: asked again later, then completed without, and said so. The reminder has a
 * key of its own, so that it holds nothing back while it waits; when it is due it only puts a normal job in the order's row.
 */
function completeLater({ context }: Status): Write {
  const ask = statusJob(context, { confirm: true, completeAnyway: true, relay: true });
  const runAt = context.now() + warehouseRules(context.connection).completeWithoutTrackingMs;
  const job = {
    ...ask,
    runAt,
    deadlineAt: null,
    orderingKey: `${ask.orderingKey}:later`,
    coalesceKey: `${ask.coalesceKey ?? ''}:later`,
  };
  return { write: 'enqueue', onDead: 'leave', job };
}

function relay(context: HandlerContext): Outcome {
  const job = statusJob(context, { confirm: true, completeAnyway: true, relay: false });
  return {
    outcome: 'done',
    sentence: 'Time to look at it again.',
    writes: [{ write: 'enqueue', onDead: 'revive', job }],
  };
}

function statusJob({ job, connection, now }: HandlerContext, flags: JobPayload): NewJob {
  return newJob({
    kind: 'order.status',
    connection,
    subject: job.subject,
    now: now(),
    traceId: job.traceId,
    origin: 'shipped, but not all parcels are known',
    payload: { ...job.payload, ...flags },
  });
}

async function completeWithoutTracking({ context, order, mapping }: Status): Promise<Outcome> {
  const text = `${context.connection.name} says this order has shipped, but gave no tracking for all of it. Completed without.`;
  await addNoteOnce(context, order.id, { text, audience: 'staff' });
  const writes = await setStoreStatus(context, order, mapping, 'completed');
  return { outcome: 'done', sentence: 'Completed without tracking: the warehouse gave none in time.', writes };
}

/** The record as the event left it; read again by id when events disagree or it is missing. */
async function latestRemote(context: HandlerContext): Promise<WarehouseOrder> {
  const { payload } = context.job;
  const remoteId = String(payload['remoteId'] ?? '');
  const held = () => context.reads.record(context.connection.id, 'order', remoteId);
  const record = await held();
  if (record?.body != null && payload['confirm'] !== true) return record.body as WarehouseOrder;
  const remote = await context.warehouse(context.connection).readOrder(remoteId, context.call);
  // What has arrived while we read may be newer than our answer; then a step back in it is not believed.
  const authoritative = (await held())?.fingerprint === record?.fingerprint ? 'yes' : 'no';
  const news = { ...warehouseNews(context, 'read from the warehouse'), authoritative } as const;
  await context.checkpoint(recordsOnly(writesOf(await acceptWarehouseOrder(news, remote))));
  return remote;
}
