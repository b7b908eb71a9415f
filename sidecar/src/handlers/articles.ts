/** Which article of the warehouse a product is. The key is (product, variation); SKUs only suggest. */
import { warehouseRules } from '../domain/warehouse-rules.js';
import { articleMapped } from '../domain/fact.js';
import { articleKey, type Mapping } from '../domain/mapping.js';
import { shipLines, type ShipLine, type StoreOrder } from '../domain/order.js';
import type { Article } from '../domain/warehouse-order.js';
import type { HandlerContext, StoreReads } from '../queue/handler.js';
import type { Write } from '../stores/store.js';

export interface ArticleLookup {
  /** Article codes by articleKey. */
  codes: Map<string, string>;
  /** Lines nobody has matched yet. */
  open: ShipLine[];
  /** New mappings found by SKU, with the facts that release whoever waits for them. */
  writes: Write[];
}

/** Reads the mappings of all lines to ship; an exact, unambiguous SKU maps by itself when the connection allows it. */
export async function lookUpArticles(context: HandlerContext, order: StoreOrder): Promise<ArticleLookup> {
  const found: ArticleLookup = { codes: new Map(), open: [], writes: [] };
  for (const line of shipLines(order)) {
    const key = articleKey(line.productId, line.variationId);
    if (found.codes.has(key)) continue;
    const code = (await mappedCode(context, key)) ?? (await codeBySku(context, line, found));
    if (code === null) found.open.push(line);
    else found.codes.set(key, code);
  }
  return found;
}

/** @returns the articles that carry the SKU, from the list last read. An empty SKU matches nothing. */
export async function articlesWithSku(
  reads: Pick<StoreReads, 'records'>,
  connectionId: string,
  sku: string,
): Promise<Article[]> {
  if (sku.trim() === '') return [];
  const records = await reads.records({ connectionId, type: 'article', lookup: sku, limit: 2 });
  return records.map((record) => record.body as Article);
}

async function mappedCode(context: HandlerContext, key: string): Promise<string | null> {
  const mapping = await context.reads.mapping(context.connection.id, 'article', key);
  return mapping?.remoteId ?? null;
}

async function codeBySku(context: HandlerContext, line: ShipLine, found: ArticleLookup): Promise<string | null> {
  if (!warehouseRules(context.connection).autoMapBySku) return null;
  const [article, another] = await articlesWithSku(context.reads, context.connection.id, line.sku);
  if (article === undefined || another !== undefined) return null;
  // The article may already be another product's: then two products share a SKU, and a person has to say which it is.
  const taken = await context.reads.mappingByRemote(context.connection.id, 'article', article.code);
  if (taken !== null || [...found.codes.values()].includes(article.code)) return null;
  found.writes.push(...mapArticle(context, line, article));
  return article.code;
}

function mapArticle(context: HandlerContext, line: ShipLine, article: Article): Write[] {
  const { connection } = context;
  const mapping: Mapping = {
    orgId: connection.orgId,
    connectionId: connection.id,
    type: 'article',
    localId: articleKey(line.productId, line.variationId),
    remoteId: article.code,
    state: 'known',
    sentFingerprint: null,
    remoteLabel: article.name,
    origin: 'same SKU',
    accepted: null,
    storeStatus: null,
    updatedAt: context.now(),
  };
  const fact = articleMapped(connection.id, line.productId, line.variationId);
  return [
    { write: 'putMapping', mapping },
    { write: 'putFact', fact, orgId: connection.orgId, source: 'same SKU' },
  ];
}

/** @returns "Green jacket (no SKU of its own)" for the sentence that asks a person to match it. */
export function describeLine(line: ShipLine): string {
  return line.sku === '' ? `${line.name} (no SKU of its own)` : `${line.name} (SKU ${line.sku})`;
}
