/** Shipments, articles, stock and shipping methods: what is only read. */
import { expandOf, listed, notFound, ok, type Asked, type Reply } from './replies.js';
import type { KnownArticle } from './types.js';
import { articleView, SHIPPING_METHOD, shipmentView, variantView } from './views.js';
import type { Warehouse } from './warehouse.js';

export function listShipments(warehouse: Warehouse, asked: Asked): Reply {
  const references = new Set(asked.query.getAll('order_external_reference[]'));
  const rows = [...warehouse.shipments.values()].filter(
    ({ orderReference }) => references.size === 0 || references.has(orderReference),
  );
  return ok(listed(rows, asked, (row) => row.created_at).map((row) => shipmentView(warehouse, row, expandOf(asked))));
}

export function readShipment(warehouse: Warehouse, asked: Asked, id: string): Reply {
  const shipment = warehouse.shipments.get(id);
  return shipment === undefined ? notFound : ok(shipmentView(warehouse, shipment, expandOf(asked)));
}

export function listArticles(warehouse: Warehouse, asked: Asked): Reply {
  return ok(page(warehouse, asked).map((article) => articleView(article, expandOf(asked))));
}

export function listStock(warehouse: Warehouse, asked: Asked): Reply {
  const modified_at = warehouse.timestamp();
  return ok(page(warehouse, asked).map((article) => ({ ...stockOf(warehouse, article, asked), modified_at })));
}

export const listShippingMethods = (): Reply => ok([SHIPPING_METHOD]);

function page({ articles, timestamp }: Warehouse, { query, ...asked }: Asked): KnownArticle[] {
  const code = query.get('article_code');
  const sku = query.get('sku');
  const rows = [...articles.values()].filter((one) => (code ?? one.code) === one.code && (sku ?? one.sku) === one.sku);
  const ascending = new URLSearchParams({ ...Object.fromEntries(query), direction: 'asc' });
  return listed(rows, { ...asked, query: ascending }, timestamp);
}

function stockOf(warehouse: Warehouse, article: KnownArticle, asked: Asked): Record<string, unknown> {
  const { code, ean, sku, stock, variantId } = article;
  const promised = [...warehouse.orders.values()]
    .filter(({ status }) => !['shipped', 'cancelled', 'invalid'].includes(status))
    .flatMap(({ lines }) => lines)
    .reduce((units, line) => units + (line.article_code === code ? line.quantity : 0), 0);
  return {
    id: variantId,
    article_code: code,
    ean,
    sku,
    stock_physical: stock,
    stock_salable: stock - promised,
    stock_available: stock - promised,
    stock_quarantine: 0,
    stock_pickable: stock,
    ...(expandOf(asked).has('variant') ? { variant: variantView(article) } : {}),
  };
}
