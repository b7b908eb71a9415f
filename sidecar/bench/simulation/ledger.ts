/** Effects are counted at the far ends: one order a reference, one mail a parcel. */
import type { Simulation } from './simulation.ts';

type Books = Pick<Simulation, 'warehouse' | 'shop'>;

/** @returns false once anything is broken. */
export function isWhole({ watch, ...books }: Books & Pick<Simulation, 'watch'>): boolean {
  for (const { sentence, subject } of twiceDone(books)) watch.report('twice', sentence, subject);
  return watch.broken === null;
}

export function twiceDone({ warehouse, shop }: Books): { sentence: string; subject: string }[] {
  const found: { sentence: string; subject: string }[] = [];
  for (const [reference, count] of warehouse.created) {
    const subject = `order:${reference.slice(reference.indexOf('-') + 1)}`;
    if (count > 1) found.push({ sentence: `${reference} was made ${count} times at the warehouse.`, subject });
  }
  const mailed = new Set<string>();
  for (const { text, toCustomer, orderId } of shop.notes) {
    const code = /T\d+X/.exec(text)?.[0];
    if (!toCustomer || code === undefined) continue;
    const subject = `order:${orderId}`;
    if (mailed.has(code)) found.push({ sentence: `The shopper was mailed twice about ${code}.`, subject });
    mailed.add(code);
  }
  return found;
}
