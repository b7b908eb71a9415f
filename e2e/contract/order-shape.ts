/** The fields of a wc/v3 order that Tallyman may rely on, with the type of their JSON. */
export const ORDER_SHAPE = {
  id: 'number',
  parent_id: 'number',
  status: 'string',
  currency: 'string',
  version: 'string',
  date_created: 'string',
  date_created_gmt: 'string',
  date_modified: 'string',
  date_modified_gmt: 'string',
  date_completed: 'null',
  date_completed_gmt: 'null',
  date_paid: 'string',
  date_paid_gmt: 'string',
  total: 'string',
  total_tax: 'string',
  shipping_total: 'string',
  discount_total: 'string',
  customer_id: 'number',
  customer_note: 'string',
  order_key: 'string',
  number: 'string',
  payment_method: 'string',
  payment_method_title: 'string',
  created_via: 'string',
  'billing.first_name': 'string',
  'billing.last_name': 'string',
  'billing.company': 'string',
  'billing.address_1': 'string',
  'billing.address_2': 'string',
  'billing.city': 'string',
  'billing.state': 'string',
  'billing.postcode': 'string',
  'billing.country': 'string',
  'billing.email': 'string',
  'billing.phone': 'string',
  'shipping.first_name': 'string',
  'shipping.address_1': 'string',
  'shipping.postcode': 'string',
  'shipping.country': 'string',
  'shipping.phone': 'string',
  'line_items.0.id': 'number',
  'line_items.0.name': 'string',
  'line_items.0.product_id': 'number',
  'line_items.0.variation_id': 'number',
  'line_items.0.quantity': 'number',
  'line_items.0.sku': 'string',
  'line_items.0.price': 'number',
  'line_items.0.total': 'string',
  'line_items.0.meta_data': 'array',
  meta_data: 'array',
  shipping_lines: 'array',
  refunds: 'array',
} as const satisfies Record<string, string>;

export const REFUND_SHAPE = {
  id: 'number',
  amount: 'string',
  reason: 'string',
  date_created_gmt: 'string',
  'line_items.0.id': 'number',
  'line_items.0.product_id': 'number',
  'line_items.0.quantity': 'number',
  'line_items.0.meta_data.0.key': 'string',
  'line_items.0.meta_data.0.value': 'string',
} as const satisfies Record<string, string>;

export const NOTE_SHAPE = {
  id: 'number',
  author: 'string',
  date_created_gmt: 'string',
  note: 'string',
  customer_note: 'boolean',
} as const satisfies Record<string, string>;

/** The types found at the places a shape names. */
export function typesAt(value: unknown, shape: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(shape).map((path) => [path, typeOf(at(value, path))]));
}

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
