/** What is sent to the warehouse, and when all of it has come back as parcels. */
import { createHash } from 'node:crypto';
import { articleKey } from './mapping.js';
import { shipLines, type ShipLine, type StoreOrder } from './order.js';
import type { Parcel, WarehouseOrder, WarehouseOrderDraft } from './warehouse-order.js';

export interface DraftIdentity {
  reference: string;
  uuid: string;
  hold: boolean;
}

/**
 * @param articleCodes by articleKey(product, variation); every line to ship must be in it.
 * @returns the order as the warehouse gets it; units of one article on several lines are one line.
 */
export function warehouseDraft(
  order: StoreOrder,
  identity: DraftIdentity,
  articleCodes: ReadonlyMap<string, string>,
): WarehouseOrderDraft {
  return {
    ...identity,
    displayNumber: order.number,
    storeOrderId: order.id,
    currency: order.currency,
    totalMinor: order.totalMinor,
    customerNote: order.customerNote,
    address: order.address,
    lines: mergeByArticle(shipLines(order), articleCodes),
  };
}

/** @returns a fingerprint of what was sent: an equal one means an edit changes nothing there. */
export function draftFingerprint(draft: WarehouseOrderDraft): string {
  return createHash('sha256').update(JSON.stringify(draft)).digest('hex');
}

/** @returns units by article code, as the warehouse accepted them. */
export function acceptedQuantities(
  lines: readonly { articleCode: string; quantity: number }[],
): Record<string, number> {
  const units: Record<string, number> = {};
  for (const { articleCode, quantity } of lines) units[articleCode] = (units[articleCode] ?? 0) + quantity;
  return units;
}

/** @returns whether the parcels carry every unit the warehouse accepted. */
export function allShipped(accepted: Readonly<Record<string, number>>, parcels: readonly Parcel[]): boolean {
  const shipped = acceptedQuantities(parcels.flatMap((parcel) => parcel.lines));
  return Object.entries(accepted).every(([code, units]) => (shipped[code] ?? 0) >= units);
}

export type Match<Order> = { match: 'none' } | { match: 'ours'; order: Order } | { match: 'doubtful'; why: string };

/** Which of the orders that carry our reference is ours: exactly one, with our uuid; anything else is for a person. */
export function matchOurs<Order extends WarehouseOrder>(found: readonly Order[], uuid: string): Match<Order> {
  const [first, ...others] = found;
  if (first === undefined) return { match: 'none' };
  if (others.length > 0) return { match: 'doubtful', why: `${found.length} orders there carry the same reference` };
  if (first.uuid === uuid) return { match: 'ours', order: first };
  const why = first.uuid === null ? 'it does not carry our id' : 'it belongs to another order of this store';
  return { match: 'doubtful', why: `an order with that reference exists there (${first.number}), but ${why}` };
}

function mergeByArticle(lines: readonly ShipLine[], codes: ReadonlyMap<string, string>): WarehouseOrderDraft['lines'] {
  const merged = new Map<string, WarehouseOrderDraft['lines'][number]>();
  for (const { productId, variationId, name, quantity, unitPriceMinor } of lines) {
    const articleCode = codes.get(articleKey(productId, variationId));
    if (articleCode === undefined) throw new Error(`No article for product ${articleKey(productId, variationId)}`);
    const before = merged.get(articleCode);
    merged.set(articleCode, { articleCode, name, unitPriceMinor, quantity: quantity + (before?.quantity ?? 0) });
  }
  return [...merged.values()];
}
