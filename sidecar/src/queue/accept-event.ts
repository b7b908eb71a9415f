/** One event of a warehouse, made into writes, with what became of the delivery that brought it. */
import { assertNever } from '../domain/assert-never.js';
import type { WarehouseEvent } from '../platforms/platform.js';
import type { DeliveryState, Write } from '../stores/store.js';
import { acceptParcel, acceptWarehouseOrder, type Accepted, type WarehouseNews } from './accept-warehouse.js';

export interface AcceptedEvent {
  state: Extract<DeliveryState, 'processed' | 'ignored'>;
  /** Why it was ignored, in a sentence. */
  note: string | null;
  writes: Write[];
}

export async function acceptEvent(news: WarehouseNews, event: WarehouseEvent): Promise<AcceptedEvent> {
  switch (event.type) {
    case 'order':
      return verdict(await acceptWarehouseOrder(news, event.order));
    case 'shipment':
      return verdict(await acceptParcel(news, event.parcel));
    case 'other':
      return { state: 'ignored', note: `Nothing is done with "${event.topic}" yet.`, writes: [] };
    default:
      return assertNever(event);
  }
}

/**
 * @returns what events of one thing have in common; they take turns, so that each sees what the one before left. Of what
 * nothing is done with only the same delivery is the same thing.
 */
export function eventKey(event: WarehouseEvent | null, dedupeKey: string): string {
  if (event?.type === 'order') return `order:${event.order.id}`;
  return event?.type === 'shipment' ? `shipment:${event.parcel.id}` : dedupeKey;
}

function verdict(accepted: Accepted): AcceptedEvent {
  if (!accepted.ours) return { state: 'ignored', note: accepted.why, writes: [] };
  return { state: 'processed', note: null, writes: accepted.writes };
}
