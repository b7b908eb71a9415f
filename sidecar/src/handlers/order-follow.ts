/** Changes after the order is at the warehouse: edits, holds and cancellations follow while it allows them. */
import { orderKnown } from '../domain/fact.js';
import type { Mapping } from '../domain/mapping.js';
import { acceptedQuantities, draftFingerprint, warehouseDraft } from '../domain/shipping.js';
import type { WarehouseOrder, WarehouseOrderDraft } from '../domain/warehouse-order.js';
import { PlatformFailure } from '../platforms/failure.js';
import { FINAL_RANK } from '../queue/accept-warehouse.js';
import type { Outcome } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { lookUpArticles } from './articles.js';
import { addNoteOnce } from './notes.js';
import { waitForArticle } from './order-create.js';
import type { Push } from './order-push.js';
import { identityOf, orderMapping } from './subject.js';

/** Fingerprints of a state rather than of a draft: the last word we sent was this. */
export const CANCELLED = 'cancelled';

export async function updateAtWarehouse(push: Push, mapping: Mapping): Promise<Outcome> {
  return sendDraft(push, mapping, { hold: false, done: 'The warehouse has the changes' });
}

export async function holdAtWarehouse(push: Push, mapping: Mapping): Promise<Outcome> {
  return sendDraft(push, mapping, { hold: true, done: 'The warehouse was asked to hold it' });
}

async function sendDraft(push: Push, mapping: Mapping, wish: { hold: boolean; done: string }): Promise<Outcome> {
  const { context, order, writes } = push;
  const remoteId = knownId(mapping);
  const known = await latestView(push, mapping, remoteId);
  if (known !== null && known.rank >= FINAL_RANK) return endedThere(push, mapping, known, wish);
  const articles = await lookUpArticles(context, order);
  if (articles.open.length > 0) return waitForArticle(push, articles);
  const draft = warehouseDraft(order, { ...identityOf(context, order), hold: wish.hold }, articles.codes);
  const sentFingerprint = draftFingerprint(draft);
  if (sentFingerprint === mapping.sentFingerprint) {
    return {
      outcome: 'skip',
      sentence: 'Nothing changed that matters to the warehouse.',
      writes: [...writes, ...articles.writes],
    };
  }
  const updated = await updateUnlessFinal(push, remoteId, draft);
  if (updated.rank >= FINAL_RANK) return endedThere(push, mapping, updated, wish);
  const accepted = acceptedQuantities(updated.lines ?? draft.lines);
  const changed = orderMapping(context, order.id, mapping, { sentFingerprint, accepted });
  const sentence = `${wish.done} (${updated.number}).`;
  return {
    outcome: 'done',
    sentence,
    writes: [...writes, ...articles.writes, { write: 'putMapping', mapping: changed }],
  };
}

/** A refusal may only mean that the order has shipped while nobody had told us: then there is nothing to attend to. */
async function updateUnlessFinal(
  { context }: Push,
  remoteId: string,
  draft: WarehouseOrderDraft,
): Promise<WarehouseOrder> {
  const warehouse = context.warehouse(context.connection);
  try {
    return await warehouse.updateOrder(remoteId, draft, context.call);
  } catch (error) {
    if (!(error instanceof PlatformFailure) || error.kind !== 'rejected') throw error;
    const now = await warehouse.readOrder(remoteId, context.call);
    if (now.rank < FINAL_RANK) throw error;
    return now;
  }
}

export async function cancelAtWarehouse(push: Push, mapping: Mapping): Promise<Outcome> {
  const { context, order, writes } = push;
  const remoteId = knownId(mapping);
  const known = await warehouseView(push, remoteId);
  const cancelled: Write = {
    write: 'putMapping',
    mapping: orderMapping(context, order.id, mapping, { sentFingerprint: CANCELLED }),
  };
  if (mapping.sentFingerprint === CANCELLED || known?.stage === 'cancelled') {
    const sentence = 'The warehouse has it as cancelled already.';
    return { outcome: 'skip', sentence, writes: [...writes, cancelled] };
  }
  // Refunded, trashed or deleted after it was delivered: there is nothing left to stop.
  if (mapping.storeStatus === 'completed')
    return { outcome: 'skip', sentence: 'Nothing to cancel: all of it had shipped before.', writes };
  try {
    await context.warehouse(context.connection).cancelOrder(remoteId, context.call);
  } catch (error) {
    if (error instanceof PlatformFailure && error.kind === 'rejected') await noteTooLate(push);
    throw error;
  }
  const fact = orderKnown(context.connection.id, order.id);
  return {
    outcome: 'done',
    sentence: `Cancelled at the warehouse (${mapping.remoteLabel ?? remoteId}).`,
    writes: [...writes, cancelled, { write: 'putFact', fact, orgId: context.connection.orgId, source: 'order.push' }],
  };
}

/** The clerk who cancelled looks at the order, not at the queue: the answer stands there too. */
async function noteTooLate({ context, order }: Push): Promise<void> {
  const text = `${context.connection.name} did not cancel this order: it is too far along. Please call the warehouse.`;
  await addNoteOnce(context, order.id, { text, audience: 'staff' });
}

/** What both sides had as cancelled and the store wants now: nobody would ship it, so a person has to know. */
function endedThere(push: Push, mapping: Mapping, known: WarehouseOrder, wish: { hold: boolean }): Outcome {
  if (wish.hold || known.stage !== 'cancelled' || !wasCancelled(mapping)) return skipFinal(push, known);
  const summary = `Order ${push.order.number} is wanted again, but the warehouse has cancelled ${known.number} and takes its reference only once. Have it taken up again there and retry, or place a new order and mark this one as done.`;
  const failure = {
    kind: 'rejected',
    code: 'cancelled_there',
    status: null,
    summary,
    retryAfterSeconds: null,
    excerpt: null,
  } as const;
  return { outcome: 'failed', failure, writes: push.writes };
}

/** By the store's wish, or by the warehouse's and written to the store. Before that the warehouse's word is still on its way. */
const wasCancelled = ({ sentFingerprint, storeStatus }: Mapping): boolean =>
  sentFingerprint === CANCELLED || storeStatus === 'cancelled';

function skipFinal(push: Push, known: WarehouseOrder): Outcome {
  const sentence = `Nothing sent: the order is ${known.status} at the warehouse and cannot be changed there any more.`;
  return { outcome: 'skip', sentence, writes: push.writes };
}

/** As last told; what was cancelled is read again, because somebody there may have taken it up again. */
async function latestView(push: Push, mapping: Mapping, remoteId: string): Promise<WarehouseOrder | null> {
  const known = await warehouseView(push, remoteId);
  if (known?.stage !== 'cancelled' || !wasCancelled(mapping)) return known;
  return push.context.warehouse(push.context.connection).readOrder(remoteId, push.context.call);
}

async function warehouseView({ context }: Push, remoteId: string): Promise<WarehouseOrder | null> {
  const record = await context.reads.record(context.connection.id, 'order', remoteId);
  return (record?.body as WarehouseOrder | undefined) ?? null;
}

function knownId(mapping: Mapping): string {
  if (mapping.remoteId === null) throw new Error(`Mapping of order ${mapping.localId} is known but has no id`);
  return mapping.remoteId;
}
