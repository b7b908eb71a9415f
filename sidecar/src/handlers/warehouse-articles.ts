/** Keeps the warehouse's article list, and sends on the orders that waited for a match which the list now gives. */
import { orderSubject } from '../domain/identity.js';
import type { Job } from '../domain/job.js';
import type { StoreOrder } from '../domain/order.js';
import type { EntityRecord } from '../domain/record.js';
import type { Article } from '../domain/warehouse-order.js';
import { fingerprint } from '../domain/fingerprint.js';
import type { Handler, HandlerContext } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { lookUpArticles } from './articles.js';

const WAITING_A_RUN = 500;

export const warehouseArticles: Handler = async (context) => {
  let count = 0;
  let page: number | null = 1;
  while (page !== null) {
    const answer = await context.warehouse(context.connection).listArticles(page, context.call);
    await context.checkpoint(answer.rows.map((article) => putArticle(context, article)));
    count += answer.rows.length;
    page = answer.next;
  }
  const matched = await matchWaiting(context);
  return { outcome: 'done', sentence: `The warehouse has ${count} articles; ${matched} products matched by SKU.` };
};

function putArticle(context: HandlerContext, article: Article): Write {
  const { connection } = context;
  const now = context.now();
  const record: EntityRecord<Article> = {
    orgId: connection.orgId,
    connectionId: connection.id,
    type: 'article',
    remoteId: article.code,
    version: { modifiedAt: new Date(now).toISOString(), sequence: 0 },
    fingerprint: fingerprint(article),
    body: article,
    lookup: article.sku,
    final: false,
    updatedAt: now,
  };
  return { write: 'putRecord', record, authoritative: 'yes', onNew: [], onTie: [] };
}

async function matchWaiting(context: HandlerContext): Promise<number> {
  const filter = {
    connectionIds: [context.connection.id],
    kinds: ['order.push'],
    states: ['blocked', 'dead'] as const,
  };
  const { rows } = await context.reads.jobs(filter, { limit: WAITING_A_RUN, offset: 0, sort: 'oldest' });
  let matched = 0;
  for (const job of rows.filter(waitsForArticle)) {
    const order = await orderOf(context, job);
    if (order === null) continue;
    const { writes } = await lookUpArticles(context, order);
    // One at a time, so that the next order sees what this one has matched.
    if (writes.length > 0) await context.checkpoint(writes);
    matched += writes.filter((one) => one.write === 'putMapping').length;
  }
  return matched;
}

const waitsForArticle = (job: Job): boolean => job.blockedOn?.startsWith('article-mapped:') === true;

async function orderOf({ reads, storeConnection }: HandlerContext, job: Job): Promise<StoreOrder | null> {
  const id = job.subject.slice(orderSubject('').length);
  const record = (await reads.record(storeConnection.id, 'order', id)) as EntityRecord<StoreOrder | null> | null;
  return record?.body ?? null;
}
