/** Who an order is, on both sides. */
import { createHash } from 'node:crypto';

/**
 * Derived, so it costs no write in the shop: an order id that comes back after a restored backup carries another
 * order key and gets another uuid.
 * @returns the first 128 bits of sha256 over connection, id and key, written as a uuid.
 */
export function orderUuid(storeConnectionId: string, orderId: number, orderKey: string): string {
  const hex = createHash('sha256').update(`${storeConnectionId}:${orderId}:${orderKey}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

export const warehouseReference = (storeCode: string, orderId: number): string => `${storeCode}-${orderId}`;

/** @returns the store's order id, or null when the reference is another sender's. */
export function orderIdOf(reference: string, storeCode: string): number | null {
  const prefix = `${storeCode}-`;
  if (!reference.startsWith(prefix)) return null;
  const id = reference.slice(prefix.length);
  return /^[1-9]\d{0,15}$/.test(id) ? Number(id) : null;
}

export const orderSubject = (orderId: number | string): `order:${string}` => `order:${orderId}`;
export const orderKey = (storeConnectionId: string, orderId: number | string): string =>
  `order:${storeConnectionId}:${orderId}`;

/** @returns the order id of an `order:<id>` subject. @throws on any other subject: that is a bug. */
export function subjectOrderId(subject: string): number {
  const id = Number(subject.slice('order:'.length));
  if (!subject.startsWith('order:') || !Number.isSafeInteger(id)) throw new Error(`Not an order: ${subject}`);
  return id;
}
