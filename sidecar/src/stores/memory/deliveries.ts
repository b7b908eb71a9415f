import type { Delivery, DeliveryFilter, DeliveryState, Guard, NewDelivery, Store } from '../store.js';
import { folded } from './filter.js';
import type { Tables } from './tables.js';

/** @returns the refusal when a delivery with this key is here already. */
export function insertDelivery(tables: Tables, delivery: NewDelivery, now: number): Guard | null {
  const { connectionId, dedupeKey } = delivery;
  if (tables.deliveryKeys.get(connectionId, dedupeKey) !== null)
    return { guard: 'newDelivery', connectionId, dedupeKey };
  if (tables.deliveries.get(delivery.id) !== null) throw new Error(`There is a delivery ${delivery.id} already.`);
  tables.deliveries.put({ ...delivery, receivedAt: now, duplicates: 0 }, delivery.id);
  tables.deliveryKeys.put(delivery.id, connectionId, dedupeKey);
  return null;
}

export function finishDelivery(tables: Tables, id: string, state: DeliveryState, note: string | null): void {
  change(tables, id, { state, note });
}

export function countDuplicate(tables: Tables, connectionId: string, dedupeKey: string): void {
  const id = tables.deliveryKeys.get(connectionId, dedupeKey);
  const delivery = id === null ? null : tables.deliveries.get(id);
  if (delivery !== null) change(tables, delivery.id, { duplicates: delivery.duplicates + 1 });
}

export function dropDelivery(tables: Tables, { id, connectionId, dedupeKey }: Delivery): void {
  tables.deliveries.drop(id);
  tables.deliveryKeys.drop(connectionId, dedupeKey);
}

/** Oldest first. */
export function deliveriesOf(tables: Tables, filter: DeliveryFilter): Delivery[] {
  return tables.deliveries
    .all()
    .filter((delivery) => isWanted(delivery, filter))
    .sort((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1));
}

export function deliveryPage(
  tables: Tables,
  filter: DeliveryFilter,
  { limit, offset }: Parameters<Store['deliveryPage']>[1],
): Awaited<ReturnType<Store['deliveryPage']>> {
  const found = deliveriesOf(tables, filter).reverse();
  return { rows: found.slice(offset, offset + limit).map(({ body: _body, ...row }) => row), total: found.length };
}

function isWanted(delivery: Delivery, filter: DeliveryFilter): boolean {
  const { orgId, connectionId, connectionIds, states, topic, search } = filter;
  const has = (text: string): boolean => search === undefined || folded(text).includes(folded(search));
  return (
    (orgId === undefined || delivery.orgId === orgId) &&
    (connectionId === undefined || delivery.connectionId === connectionId) &&
    (connectionIds === undefined || connectionIds.includes(delivery.connectionId)) &&
    (states === undefined || states.includes(delivery.state)) &&
    (topic === undefined || delivery.topic === topic) &&
    (has(delivery.dedupeKey) || has(delivery.topic))
  );
}

function change(tables: Tables, id: string, changed: Partial<Delivery>): void {
  const delivery = tables.deliveries.get(id);
  if (delivery !== null) tables.deliveries.put({ ...delivery, ...changed }, id);
}
