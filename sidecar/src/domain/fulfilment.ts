/** A fulfilment is the store's own word for a parcel: which units of which order lines left together, under which number. */
import { articleKey } from './mapping.js';
import type { OrderLine } from './order.js';
import type { Parcel } from './warehouse-order.js';

export interface Fulfilment {
  id: number;
  /** A draft has mailed nothing. */
  state: 'draft' | 'fulfilled';
  /** The parcel it was made for; null when it is not ours. */
  parcelKey: string | null;
  trackingNumbers: string[];
  items: FulfilmentItem[];
}

export interface FulfilmentItem {
  lineId: number;
  quantity: number;
}

export interface FulfilmentDraft {
  parcelKey: string;
  carrier: string;
  tracking: Parcel['tracking'];
  items: FulfilmentItem[];
}

/**
 * @param codes article codes by articleKey; units of an article no line is matched to are left out.
 * @param others the order's other fulfilments: no unit is fulfilled twice, whoever did it first.
 */
export function fulfilmentItems(
  parcel: Pick<Parcel, 'lines'>,
  lines: readonly OrderLine[],
  codes: ReadonlyMap<string, string>,
  others: readonly Fulfilment[],
): FulfilmentItem[] {
  const packed = new Map<number, number>();
  for (const { articleCode, quantity } of parcel.lines) {
    let open = quantity;
    for (const line of lines.filter((one) => codes.get(articleKey(one.productId, one.variationId)) === articleCode)) {
      const inIt = packed.get(line.id) ?? 0;
      const units = Math.max(0, Math.min(open, unitsLeft(line, others) - inIt));
      packed.set(line.id, inIt + units);
      open -= units;
    }
  }
  return [...packed].flatMap(([lineId, quantity]) => (quantity > 0 ? [{ lineId, quantity }] : []));
}

function unitsLeft(line: OrderLine, others: readonly Fulfilment[]): number {
  const taken = others.flatMap(({ items }) => items).filter(({ lineId }) => lineId === line.id);
  return taken.reduce((left, { quantity }) => left - quantity, line.quantity - line.refunded);
}
