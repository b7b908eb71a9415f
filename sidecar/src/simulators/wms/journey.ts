/** An order's way through the warehouse: created, planned, processing, then one or two parcels. */
import type { Sender } from './sender.js';
import type { SimLine, SimOrder, SimShipment } from './types.js';
import { EVERYTHING, orderView, shipmentView } from './views.js';
import type { Warehouse } from './warehouse.js';

export interface Shipping {
  parcels?: 1 | 2;
  /** Leaves the second parcel for later: the order stays partially shipped. */
  only?: 'first';
}

export interface Journey {
  /** Goes by itself from here on, unless shipping waits for a word. */
  start(order: SimOrder): void;
  /** Straight to the end, whatever time it would have taken. */
  ship(order: SimOrder, shipping?: Shipping): void;
  setStatus(order: SimOrder, status: string): void;
  /** Something about the order changed, but not where it is. */
  changed(order: SimOrder): void;
  stop(): void;
}

/** Each has a webhook topic of its own beside order.updated. */
const OWN_TOPIC = new Set(['planned', 'processing', 'shipped']);
const WAY = ['created', 'planned', 'processing'];

export function createJourney(warehouse: Warehouse, sender: Sender): Journey {
  const timers = new Map<string, NodeJS.Timeout>();

  const tell = (order: SimOrder, action: string): void => {
    const body = orderView(warehouse, order, EVERYTHING);
    sender.announce({ group: 'order', action, entityId: order.id, reference: order.external_reference, body });
  };
  const setStatus = (order: SimOrder, status: string): void => {
    order.status = status;
    order.modifiedAt = warehouse.timestamp();
    warehouse.note('order.status', { id: order.id, reference: order.external_reference, detail: status });
    tell(order, 'updated');
    if (OWN_TOPIC.has(status)) tell(order, status);
  };
  const ship = (order: SimOrder, { parcels = warehouse.options.parcels, only }: Shipping = {}): void => {
    halt(order.id);
    for (const status of WAY.slice(WAY.indexOf(order.status) + 1)) {
      if (WAY.includes(order.status)) setStatus(order, status);
    }
    const loads = packed(unshipped(warehouse, order), parcels);
    loads.slice(0, only === 'first' ? 1 : loads.length).forEach((lines, index) => {
      sendParcel(warehouse, sender, order, lines);
      setStatus(order, index === loads.length - 1 ? 'shipped' : 'partially_shipped');
    });
  };
  const halt = (id: string): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  };
  const later = (order: SimOrder, move: () => void): void => {
    const { shipAfterMs } = warehouse.options;
    if (shipAfterMs !== null) timers.set(order.id, setTimeout(move, shipAfterMs / WAY.length));
  };
  const step = (order: SimOrder): void => {
    if (!WAY.includes(order.status)) return;
    const next = WAY[WAY.indexOf(order.status) + 1];
    later(order, () => {
      if (next === undefined) return shipByItself(order);
      setStatus(order, next);
      step(order);
    });
  };
  /** With two parcels the second leaves a while after the first. */
  const shipByItself = (order: SimOrder): void => {
    ship(order, { only: 'first' });
    if (order.status === 'partially_shipped') later(order, () => ship(order, { parcels: 1 }));
  };

  return {
    ship,
    setStatus(order, status) {
      halt(order.id);
      setStatus(order, status);
      step(order);
    },
    start(order) {
      tell(order, 'created');
      step(order);
    },
    changed(order) {
      order.modifiedAt = warehouse.timestamp();
      tell(order, 'updated');
      halt(order.id);
      step(order);
    },
    stop() {
      for (const id of [...timers.keys()]) halt(id);
    },
  };
}

function sendParcel(warehouse: Warehouse, sender: Sender, order: SimOrder, lines: SimShipment['lines']): void {
  const now = warehouse.timestamp();
  const shipment: SimShipment = {
    id: warehouse.newId(),
    reference: warehouse.nextNumber('SHP'),
    orderId: order.id,
    orderReference: order.external_reference,
    created_at: now,
    modified_at: now,
    labels: [],
    lines,
    address: order.address,
  };
  const tell = (action: 'created' | 'updated'): void => {
    const detail = shipment.labels[0]?.tracking_code ?? '';
    warehouse.note(`shipment.${action}`, { id: shipment.id, reference: order.external_reference, detail });
    const body = shipmentView(warehouse, shipment, EVERYTHING);
    sender.announce({ group: 'shipment', action, entityId: shipment.id, reference: order.external_reference, body });
  };
  warehouse.shipments.set(shipment.id, shipment);
  order.shipmentIds.push(shipment.id);
  takeFromShelves(warehouse, lines);
  const label = labelFor(shipment.reference);
  if (warehouse.options.labels === 'at_once') shipment.labels.push(label);
  tell('created');
  if (warehouse.options.labels === 'later') shipment.labels.push(label);
  shipment.modified_at = warehouse.timestamp();
  tell('updated');
}

function labelFor(reference: string): SimShipment['labels'][number] {
  const tracking_code = `3STEST${reference.slice(-9)}`;
  return {
    label_code: `LBL-${reference.slice(-6)}`,
    tracking_code,
    tracking_url: `https://tracking.example.test/${tracking_code}`,
  };
}

function takeFromShelves(warehouse: Warehouse, lines: SimShipment['lines']): void {
  for (const { article_code, quantity } of lines) {
    const article = warehouse.articles.get(article_code);
    if (article !== undefined) article.stock -= quantity;
  }
}

function unshipped(warehouse: Warehouse, order: SimOrder): SimLine[] {
  const gone = new Map<string, number>();
  for (const line of order.shipmentIds.flatMap((id) => warehouse.shipments.get(id)?.lines ?? [])) {
    gone.set(line.article_code, (gone.get(line.article_code) ?? 0) + line.quantity);
  }
  return order.lines
    .map((line) => ({ ...line, quantity: line.quantity - (gone.get(line.article_code) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}

/** Two parcels need two units: the first line goes ahead, or half of it when it is the only one. */
function packed(lines: readonly SimLine[], parcels: 1 | 2): SimShipment['lines'][] {
  const all = lines.map(({ article_code, quantity }) => ({ article_code, quantity }));
  const [first, ...others] = all;
  if (first === undefined) return [];
  if (parcels === 1) return [all];
  if (others.length > 0) return [[first], others];
  const half = Math.floor(first.quantity / 2);
  return half === 0 ? [all] : [[{ ...first, quantity: half }], [{ ...first, quantity: first.quantity - half }]];
}
