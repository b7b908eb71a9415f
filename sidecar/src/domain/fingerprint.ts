/** Equal fingerprints mean that nothing changed for us. Over canonical JSON, so that the order of keys says nothing. */
import { createHash } from 'node:crypto';
import type { StoreOrder } from './order.js';
import type { Parcel, WarehouseOrder } from './warehouse-order.js';

/** The time of change is left out: WooCommerce touches it on saves that change nothing. */
export function storeOrderFingerprint({ modifiedAt: _, ...order }: StoreOrder): string {
  return fingerprint(order);
}

export const warehouseOrderFingerprint = (order: WarehouseOrder): string => fingerprint(order);

export function parcelFingerprint({ modifiedAt: _, ...parcel }: Parcel): string {
  return fingerprint(parcel);
}

/** @returns sha256 hex over the JSON of `value` with keys in alphabetical order at every depth. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isPlain(part) ? sortedKeys(part) : part));
}

function sortedKeys(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
