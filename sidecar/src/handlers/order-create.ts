/** The one place an order is created at a warehouse: at most once, whatever happened to earlier tries. */
import type { Due } from '../domain/due.js';
import { articleMapped, orderKnown } from '../domain/fact.js';
import { acceptedQuantities, draftFingerprint, matchOurs, warehouseDraft } from '../domain/shipping.js';
import type { WarehouseOrder, WarehouseOrderDraft } from '../domain/warehouse-order.js';
import { acceptWarehouseOrder } from '../queue/accept-warehouse.js';
import type { Outcome } from '../queue/handler.js';
import { newJob } from '../queue/enqueue.js';
import { PlatformFailure } from '../platforms/failure.js';
import type { Write } from '../stores/store.js';
import { warehouseNews, writesOf } from './accept.js';
import { describeLine, lookUpArticles, type ArticleLookup } from './articles.js';
import type { Push } from './order-push.js';
import { identityOf, orderMapping } from './subject.js';

export async function createAtWarehouse(push: Push, due: Due): Promise<Outcome> {
  if (push.mapping !== null) {
    const earlier = await findEarlier(push);
    if (earlier !== null) return earlier;
  }
  if (!due.due) return giveUpIntent(push, due.sentence);
  const articles = await lookUpArticles(push.context, push.order);
  if (articles.open.length > 0) return waitForArticle(push, articles);
  return sendNew(push, articles);
}

async function sendNew(push: Push, articles: ArticleLookup): Promise<Outcome> {
  const { context, order } = push;
  const draft = warehouseDraft(order, { ...identityOf(context, order), hold: false }, articles.codes);
  // Written before anything is sent: after a crash or a lost answer the reference is looked up, never sent again blindly.
  const intended = orderMapping(context, order.id, push.mapping, {
    state: 'intended',
    sentFingerprint: draftFingerprint(draft),
  });
  await context.checkpoint([...articles.writes, { write: 'putMapping', mapping: intended }]);
  try {
    const created = await context.warehouse(context.connection).createOrder(draft, context.call);
    return adopt(push, created, draft, draftFingerprint(draft));
  } catch (error) {
    if (!(error instanceof PlatformFailure) || error.kind !== 'conflict') throw error;
    // The reference is taken: by our own earlier try, or by a stranger. What that try said may be older than this draft, and
    // after a restored backup nobody remembers it: the next push compares, so this draft must not count as sent.
    const before = { ...intended, sentFingerprint: push.mapping?.sentFingerprint ?? null };
    const earlier = await findEarlier({ ...push, mapping: before });
    return earlier ?? { outcome: 'failed', failure: error, writes: push.writes };
  }
}

/** @returns what is there under our reference as an outcome, or null when there is nothing. */
export async function findEarlier(push: Push): Promise<Outcome | null> {
  const { context, order, writes } = push;
  const { reference, uuid } = identityOf(context, order);
  const found = await context.warehouse(context.connection).findOrders(reference, context.call);
  const match = matchOurs(found, uuid);
  if (match.match === 'none') return null;
  if (match.match === 'ours') {
    // What it went through while we did not know it was told to nobody, or to a database that is gone.
    const news = await acceptWarehouseOrder(warehouseNews(context, 'found at the warehouse'), match.order);
    return adopt({ ...push, writes: [...writes, ...writesOf(news)] }, match.order, null, match.order.says);
  }
  const summary = `The warehouse cannot take order ${order.number}: ${match.why}. Settle it there, then retry or force done.`;
  return {
    outcome: 'failed',
    failure: {
      kind: 'rejected',
      code: 'reference_taken',
      status: null,
      summary,
      retryAfterSeconds: null,
      excerpt: null,
    },
    writes,
  };
}

/**
 * Both sides know each other's ids from here on.
 * @param draft what it was made of now; null: found there.
 * @param says what it was last written with, as it says itself: our last intent may never have arrived where a restored database
 * has forgotten an earlier create. Null where it does not tell: then it is taken for what was intended last.
 */
function adopt(push: Push, remote: WarehouseOrder, draft: WarehouseOrderDraft | null, says: string | null): Outcome {
  const { context, order } = push;
  const { connection } = context;
  const mapping = orderMapping(context, order.id, push.mapping, {
    state: 'known',
    remoteId: remote.id,
    remoteLabel: remote.number,
    ...(says === null ? {} : { sentFingerprint: says }),
    accepted: acceptedQuantities(remote.lines ?? draft?.lines ?? []),
  });
  const writes: Write[] = [
    ...push.writes,
    { write: 'putMapping', mapping },
    { write: 'putFact', fact: orderKnown(connection.id, order.id), orgId: connection.orgId, source: 'order.push' },
  ];
  if (draft !== null) return { outcome: 'done', sentence: `Sent to the warehouse as ${remote.number}.`, writes };
  writes.push({ write: 'enqueue', job: pushAgain(push), onDead: 'leave' });
  return { outcome: 'done', sentence: `It had arrived at the warehouse before as ${remote.number}.`, writes };
}

/** Found, not made: whether it says what the store says now is for the next run, which updates it. */
function pushAgain({ context }: Push): ReturnType<typeof newJob> {
  const { job, connection } = context;
  return newJob({
    kind: 'order.push',
    connection,
    subject: job.subject,
    now: context.now(),
    traceId: job.traceId,
    origin: 'found at the warehouse',
  });
}

function giveUpIntent(push: Push, sentence: string): Outcome {
  const { context, order, writes } = push;
  const drop: Write = {
    write: 'dropMapping',
    connectionId: context.connection.id,
    type: 'order',
    localId: String(order.id),
  };
  return { outcome: 'skip', sentence, writes: [...writes, drop] };
}

export function waitForArticle(push: Push, articles: ArticleLookup): Outcome {
  const { connection, now, job } = push.context;
  const [line] = articles.open;
  if (line === undefined) throw new Error('No open line to wait for');
  const names = articles.open.map(describeLine).join(', ');
  const refresh = newJob({
    kind: 'warehouse.articles',
    connection,
    subject: `connection:${connection.id}`,
    now: now(),
    traceId: job.traceId,
    origin: 'an article is not matched',
  });
  return {
    outcome: 'wait',
    fact: articleMapped(connection.id, line.productId, line.variationId),
    sentence: `Waits until these products are matched to an article of the warehouse: ${names}.`,
    writes: [...push.writes, ...articles.writes, { write: 'enqueue', job: refresh, onDead: 'leave' }],
  };
}
