/** Which product is which article: what waits for a match, what is matched, and matching by hand. */
import { z } from 'zod';
import type { Connection } from '../domain/connection.js';
import { articleMapped } from '../domain/fact.js';
import { articleKey, type Mapping } from '../domain/mapping.js';
import { shipLines, type ShipLine, type StoreOrder } from '../domain/order.js';
import type { Article } from '../domain/warehouse-order.js';
import type { Store, Write } from '../stores/store.js';
import type { Api } from './api-scope.js';
import type { ArticleList, ArticleMappingInput } from './api.js';
import { ApiFailure, invalid } from './errors.js';
import { visibleConnection, type Identity } from './identity.js';
import { suggestions } from './suggestions.js';
import type { HttpWorld } from './world.js';

const WAITING_JOBS = 500;
const MATCHED_SHOWN = 200;

const params = z.object({ id: z.string() });
const input = z.object({
  productId: z.number().int().positive(),
  variationId: z.number().int().nonnegative(),
  articleCode: z.string().trim().min(1).max(200),
});

export function articleRoutes(api: Api, world: HttpWorld): void {
  api.get('/connections/:id/articles', { schema: { params } }, async ({ identity, params: { id } }) => {
    return articleList(world.store, await visibleConnection(world.store, identity, id));
  });
  api.post(
    '/connections/:id/articles',
    { config: { role: 'operator' }, schema: { params, body: input } },
    async ({ identity, params: { id }, body }) => {
      const connection = await visibleConnection(world.store, identity, id);
      await mapArticle(world, identity, connection, body);
      return articleList(world.store, connection);
    },
  );
}

type Row = ArticleList['rows'][number];

/** Open ones first: they hold orders up. */
async function articleList(store: Store, connection: Connection): Promise<ArticleList> {
  const open = await openLines(store, connection);
  const rows: Row[] = [];
  for (const { line, orders } of open.values()) rows.push(await openRow(store, connection, line, orders));
  const mapped = await store.mappings(connection.id, 'article', MATCHED_SHOWN, 0);
  return { rows: [...rows.sort((a, b) => b.ordersWaiting - a.ordersWaiting), ...mapped.map(mappedRow)] };
}

async function openRow(store: Store, connection: Connection, line: ShipLine, ordersWaiting: number): Promise<Row> {
  const { productId, variationId, name, sku } = line;
  const suggested = await suggestions(store, connection.id, line);
  return { productId, variationId, name, sku, articleCode: null, origin: null, ordersWaiting, suggestions: suggested };
}

function mappedRow({ localId, remoteId, remoteLabel, origin }: Mapping): Row {
  const [productId = 0, variationId = 0] = localId.split(':').map(Number);
  return {
    productId,
    variationId,
    name: remoteLabel ?? '',
    sku: '',
    articleCode: remoteId,
    origin,
    ordersWaiting: 0,
    suggestions: [],
  };
}

/** Lines without an article, of the orders that wait for one. @returns them by articleKey, each with how many orders wait. */
export async function openLines(
  store: Store,
  connection: Connection,
): Promise<Map<string, { line: ShipLine; orders: number }>> {
  const filter = { connectionIds: [connection.id], kinds: ['order.push'], states: ['blocked', 'dead'] as const };
  const { rows } = await store.jobs(filter, { limit: WAITING_JOBS, offset: 0, sort: 'oldest' });
  const open = new Map<string, { line: ShipLine; orders: number }>();
  for (const { subject, blockedOn } of rows) {
    if (blockedOn?.startsWith('article-mapped:') !== true) continue;
    const record = await store.record(connection.storeId, 'order', subject.slice('order:'.length));
    const order = record?.body as StoreOrder | null | undefined;
    for (const [key, line] of distinctLines(order)) {
      if (!open.has(key) && (await store.mapping(connection.id, 'article', key)) !== null) continue;
      open.set(key, { line, orders: (open.get(key)?.orders ?? 0) + 1 });
    }
  }
  return open;
}

function distinctLines(order: StoreOrder | null | undefined): Map<string, ShipLine> {
  const lines = order == null ? [] : shipLines(order);
  return new Map(lines.map((line) => [articleKey(line.productId, line.variationId), line]));
}

async function mapArticle(
  world: HttpWorld,
  identity: Identity,
  connection: Connection,
  asked: ArticleMappingInput,
): Promise<void> {
  const { store } = world;
  const record = await store.record(connection.id, 'article', asked.articleCode);
  if (record === null && (await hasArticles(store, connection))) {
    throw invalid(
      `${connection.name} has no article "${asked.articleCode}". Read its article list again if it is new there.`,
    );
  }
  const label = (record?.body as Article | null | undefined)?.name ?? null;
  const applied = await store.apply({
    now: world.now(),
    guards: [],
    writes: mapWrites(world, identity, connection, asked, label),
  });
  if (!applied.applied) throw await taken(store, connection, asked);
  world.nudge();
}

function mapWrites(
  world: HttpWorld,
  { orgId, who }: Identity,
  connection: Connection,
  asked: ArticleMappingInput,
  label: string | null,
): Write[] {
  const { productId, variationId, articleCode } = asked;
  const key = articleKey(productId, variationId);
  const mapping: Mapping = {
    orgId,
    connectionId: connection.id,
    type: 'article',
    localId: key,
    remoteId: articleCode,
    state: 'known',
    sentFingerprint: null,
    remoteLabel: label,
    origin: `chosen by ${who}`,
    accepted: null,
    storeStatus: null,
    updatedAt: world.now(),
  };
  const about = { orgId, connectionId: connection.id, jobId: null, subject: `connection:${connection.id}` };
  const activity = { ...about, who, what: `Product ${key} matched`, why: null, before: null, after: articleCode };
  return [
    { write: 'putMapping', mapping },
    { write: 'putFact', fact: articleMapped(connection.id, productId, variationId), orgId, source: who },
    { write: 'insertActivity', activity },
  ];
}

async function taken(store: Store, connection: Connection, { articleCode }: ArticleMappingInput): Promise<ApiFailure> {
  const held = await store.mappingByRemote(connection.id, 'article', articleCode);
  return new ApiFailure(
    409,
    'taken',
    `The article "${articleCode}" is matched to product ${held?.localId ?? 'another'} already.`,
  );
}

/** Before the list was ever read nothing can be checked; the warehouse will say so itself. */
async function hasArticles(store: Store, { id }: Connection): Promise<boolean> {
  return (await store.records({ connectionId: id, type: 'article', limit: 1 })).length > 0;
}
