/** The order endpoints. */
import type { Journey } from './journey.js';
import { complaintsAboutChange, complaintsAboutNew, linesOf } from './order-rules.js';
import {
  badRequest,
  created,
  expandOf,
  listed,
  noContent,
  notFound,
  objectOf,
  ok,
  refused,
  textOf,
  type Asked,
  type Reply,
} from './replies.js';
import type { SimOrder } from './types.js';
import { orderView } from './views.js';
import type { Warehouse } from './warehouse.js';

/** From picking on nothing is changed or cancelled. */
const CHANGEABLE = new Set([
  'created',
  'plannable',
  'planned',
  'backorder',
  'on_hold',
  'problem',
  'invalid_address',
  'awaiting_documents',
]);
/** A rule of this account: the shop may ask to hold an order by this key. */
const HOLD_KEY = 'tallyman_hold';

export function createOrder(warehouse: Warehouse, journey: Journey, asked: Asked): Reply {
  const body = objectOf(asked.body);
  const complaints = complaintsAboutNew(warehouse, body);
  if (Object.keys(complaints).length > 0) return badRequest(complaints);
  const now = warehouse.timestamp();
  const order: SimOrder = {
    id: warehouse.newId(),
    reference: warehouse.nextNumber('ORD'),
    external_id: textOf(body['external_id']) || null,
    external_reference: textOf(body['external_reference']),
    status: 'created',
    created_at: now,
    modifiedAt: now,
    lines: [],
    address: {},
    metaData: {},
    fields: {},
    shipmentIds: [],
  };
  put(order, body);
  warehouse.orders.set(order.id, order);
  warehouse.references.set(order.external_reference, order.id);
  warehouse.note('order.created', { id: order.id, reference: order.external_reference, detail: order.reference });
  journey.start(order);
  return created(orderView(warehouse, order, expandOf(asked)));
}

export function changeOrder(warehouse: Warehouse, journey: Journey, asked: Asked, id: string): Reply {
  const order = warehouse.orders.get(id);
  if (order === undefined) return notFound;
  const body = objectOf(asked.body);
  if (!CHANGEABLE.has(order.status)) return refused(`Order can not be updated in status ${order.status}`);
  const complaints = complaintsAboutChange(warehouse, body);
  if (Object.keys(complaints).length > 0) return badRequest(complaints);
  put(order, body);
  // Which of several changes it was: senders that number their notes can see one overtake another.
  const detail = textOf(order.fields['customer_note']);
  warehouse.note('order.updated', { id, reference: order.external_reference, detail });
  followHold(order, journey);
  journey.changed(order);
  return ok(orderView(warehouse, order, expandOf(asked)));
}

export function cancelOrder(warehouse: Warehouse, journey: Journey, id: string): Reply {
  const order = warehouse.orders.get(id);
  if (order === undefined) return notFound;
  if (!CHANGEABLE.has(order.status)) return refused(`Order can not be cancelled in status ${order.status}`);
  warehouse.note('order.cancelled', { id, reference: order.external_reference });
  journey.setStatus(order, 'cancelled');
  return noContent;
}

export function readOrder(warehouse: Warehouse, asked: Asked, id: string): Reply {
  const order = warehouse.orders.get(id);
  return order === undefined ? notFound : ok(orderView(warehouse, order, expandOf(asked)));
}

/** Nested parts are for single orders only; the list goes by the date of creation. */
export function listOrders(warehouse: Warehouse, asked: Asked): Reply {
  const wanted = (['reference', 'status', 'external_reference', 'external_id'] as const).flatMap((field) => {
    const value = asked.query.get(field);
    return value === null ? [] : [{ field, value }];
  });
  if (warehouse.faults.forgetReferences && asked.query.has('external_reference')) return ok([]);
  const rows = [...warehouse.orders.values()].filter((order) =>
    wanted.every(({ field, value }) => order[field] === value),
  );
  return ok(listed(rows, asked, (order) => order.created_at).map((order) => orderView(warehouse, order, new Set())));
}

function put(order: SimOrder, body: Record<string, unknown>): void {
  const {
    order_lines,
    shipping_address,
    meta_data,
    external_id: _id,
    external_reference: _reference,
    ...fields
  } = body;
  if (order_lines !== undefined) order.lines = linesOf(order_lines);
  if (shipping_address !== undefined) order.address = objectOf(shipping_address);
  if (meta_data !== undefined) order.metaData = objectOf(meta_data) as Record<string, string>;
  order.fields = { ...order.fields, ...fields };
}

function followHold(order: SimOrder, journey: Journey): void {
  const held = order.metaData[HOLD_KEY] === 'yes';
  if (held && order.status !== 'on_hold') journey.setStatus(order, 'on_hold');
  if (!held && order.status === 'on_hold') journey.setStatus(order, 'created');
}
