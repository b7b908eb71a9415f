/** Equal fingerprints mean that nothing changed for us. Over canonical JSON, so that the order of keys says nothing. */
import { hash } from 'node:crypto';
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
  return hash('sha256', canonicalJson(value), 'hex');
}

/** Keys that are whole numbers come first, by size, as in any object: fingerprints that are kept were made so. */
export function canonicalJson(value: unknown): string {
  return textOf(value) ?? 'null';
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return `[${value.map((part) => textOf(part) ?? 'null').join(',')}]`;
  return isPlain(value) ? textOfObject(value) : JSON.stringify(value);
}

function textOfObject(object: Record<string, unknown>): string {
  let text = '';
  for (const key of keysInOrder(object)) {
    const part = textOf(object[key]);
    if (part !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${part}`;
  }
  return `{${text}}`;
}

function keysInOrder(object: Record<string, unknown>): string[] {
  const keys = Object.keys(object);
  const firstName = keys.findIndex((key) => !isWholeNumber(key));
  if (firstName === 0) return keys.sort();
  return firstName === -1 ? keys : [...keys.slice(0, firstName), ...keys.slice(firstName).sort()];
}

/** As the language means it, which puts such keys first. */
function isWholeNumber(key: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
