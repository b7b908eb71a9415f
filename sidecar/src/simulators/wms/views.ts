/** Orders, shipments and articles as the API shows them; nested parts only when they were asked for. */
import { CUSTOMER_ID } from './defaults.js';
import type { KnownArticle, SimOrder, SimShipment } from './types.js';
import type { Warehouse } from './warehouse.js';

/** Webhooks come with everything. */
export const EVERYTHING: ReadonlySet<string> = new Set([
  ...['order_lines', 'shipping_address', 'variants', 'variant', 'meta_data'],
  ...['shipment_lines', 'shipment_labels', 'shipping_method'],
]);

export function orderView(warehouse: Warehouse, order: SimOrder, expand: ReadonlySet<string>): Record<string, unknown> {
  const { fields } = order;
  return {
    id: order.id,
    created_at: order.created_at,
    customer: CUSTOMER_ID,
    external_id: order.external_id,
    external_reference: order.external_reference,
    reference: order.reference,
    status: order.status,
    business_to_business: false,
    applied_business_rules: null,
    partial_delivery: false,
    language: null,
    note: fields['note'] ?? null,
    customer_note: fields['customer_note'] ?? null,
    requested_delivery_date: null,
    order_amount: fields['order_amount'] ?? null,
    assured_amount: null,
    inco_terms: null,
    currency: fields['currency'] ?? null,
    shipping_method: null,
    ...(expand.has('shipping_address') ? { shipping_address: order.address } : {}),
    ...(expand.has('order_lines') ? { order_lines: order.lines.map((line) => lineView(warehouse, line, expand)) } : {}),
    // PHP writes an empty object as a list.
    ...(expand.has('meta_data') ? { meta_data: Object.keys(order.metaData).length === 0 ? [] : order.metaData } : {}),
  };
}

function lineView(
  warehouse: Warehouse,
  line: SimOrder['lines'][number],
  expand: ReadonlySet<string>,
): Record<string, unknown> {
  const article = warehouse.articles.get(line.article_code);
  const variant = article === undefined ? null : expand.has('variants') ? variantView(article) : article.variantId;
  return { variant, quantity: line.quantity, description: line.description };
}

export function shipmentView(
  warehouse: Warehouse,
  shipment: SimShipment,
  expand: ReadonlySet<string>,
): Record<string, unknown> {
  return {
    id: shipment.id,
    customer: CUSTOMER_ID,
    created_at: shipment.created_at,
    modified_at: shipment.modified_at,
    order_id: shipment.orderId,
    order_external_reference: shipment.orderReference,
    shipment_external_reference: null,
    reference: shipment.reference,
    po_number: null,
    ...(expand.has('shipping_method') ? { shipping_method: SHIPPING_METHOD } : {}),
    ...(expand.has('shipment_labels') ? { shipment_labels: shipment.labels } : {}),
    ...(expand.has('shipment_lines')
      ? { shipment_lines: shipment.lines.map((line) => shippedView(warehouse, line, expand)) }
      : {}),
    ...(expand.has('shipping_address') ? { shipping_address: shipment.address } : {}),
  };
}

function shippedView(
  warehouse: Warehouse,
  { article_code, quantity }: SimShipment['lines'][number],
  expand: ReadonlySet<string>,
): Record<string, unknown> {
  const article = warehouse.articles.get(article_code);
  return {
    shipped_quantity: quantity,
    shipped_ean: article?.ean ?? null,
    shipped_article_code: article_code,
    shipped_sku: article?.sku ?? null,
    serial_numbers: [],
    ...(expand.has('variant') && article !== undefined ? { variant: variantView(article) } : {}),
  };
}

export const SHIPPING_METHOD = {
  id: '7e808ac8-4167-11e9-92f0-0242ac140006',
  shipper: 'PostNL',
  shipper_code: 'postnl',
  code: '3085',
  description: 'Standard parcel',
  shipping_software: 'ewh',
} as const;

export function articleView(article: KnownArticle, expand: ReadonlySet<string>): Record<string, unknown> {
  const { articleId, name } = article;
  return {
    id: articleId,
    name,
    customer: CUSTOMER_ID,
    ...(expand.has('variants') ? { variants: [variantView(article)] } : {}),
  };
}

export function variantView({ variantId, code, name, ean, sku }: KnownArticle): Record<string, unknown> {
  return {
    id: variantId,
    article_code: code,
    name,
    description: null,
    ean,
    sku,
    hs_tariff_code: null,
    height: null,
    depth: null,
    width: null,
    weight: null,
    expirable: false,
    country_of_origin: null,
    using_serial_numbers: false,
    value: 0,
  };
}
