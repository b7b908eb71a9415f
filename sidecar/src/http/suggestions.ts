/** Which article a product might be. SKU, GTIN and name only suggest; a person decides. */
import type { ShipLine } from '../domain/order.js';
import type { Article } from '../domain/warehouse-order.js';
import type { Store } from '../stores/store.js';
import type { ArticleList } from './api.js';

type Suggestion = ArticleList['rows'][number]['suggestions'][number];

const READ_AT_MOST = 2_000;
const PAGE = 500;
const SHOWN = 5;
/** Share of the product's words an article has to have. */
const LIKENESS = 0.5;

export async function suggestions(
  store: Pick<Store, 'records'>,
  connectionId: string,
  line: ShipLine,
): Promise<Suggestion[]> {
  const found = new Map<string, Suggestion>();
  if (line.sku.trim() !== '') {
    const records = await store.records({ connectionId, type: 'article', lookup: line.sku, limit: SHOWN });
    for (const { body } of records) add(found, body as Article | null, 'same SKU');
  }
  for (const { article, likeness } of await byName(store, connectionId, line)) {
    if (found.size >= SHOWN) break;
    add(found, article, likeness === 1 ? 'same name' : 'similar name');
  }
  return [...found.values()];
}

async function byName(
  store: Pick<Store, 'records'>,
  connectionId: string,
  line: ShipLine,
): Promise<{ article: Article; likeness: number }[]> {
  const wanted = words(line.name);
  const liked: { article: Article; likeness: number }[] = [];
  for await (const article of articles(store, connectionId)) {
    const code = [article.code, article.sku, article.ean].includes(line.sku) && line.sku !== '' ? 1 : 0;
    const likeness = Math.max(code, share(wanted, words(`${article.name} ${article.code}`)));
    if (likeness >= LIKENESS) liked.push({ article, likeness });
  }
  return liked.sort((a, b) => b.likeness - a.likeness);
}

async function* articles(store: Pick<Store, 'records'>, connectionId: string): AsyncGenerator<Article> {
  let afterId: string | undefined;
  for (let read = 0; read < READ_AT_MOST; read += PAGE) {
    const from = afterId === undefined ? {} : { afterId };
    const records = await store.records({ connectionId, type: 'article', limit: PAGE, ...from });
    for (const { body } of records) if (body !== null) yield body as Article;
    if (records.length < PAGE) return;
    afterId = records.at(-1)?.remoteId;
  }
}

function words(text: string): Set<string> {
  return new Set(
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length > 1),
  );
}

function share(wanted: ReadonlySet<string>, has: ReadonlySet<string>): number {
  if (wanted.size === 0) return 0;
  return [...wanted].filter((word) => has.has(word)).length / wanted.size;
}

function add(found: Map<string, Suggestion>, article: Article | null, why: string): void {
  if (article !== null && !found.has(article.code))
    found.set(article.code, { code: article.code, name: article.name, why });
}
