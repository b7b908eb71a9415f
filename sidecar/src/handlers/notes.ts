/** Notes have no idempotency key at the store, and one to the customer is a mail: look before writing, every time. */
import type { HandlerContext } from '../queue/handler.js';

export interface Note {
  text: string;
  audience: 'customer' | 'staff';
}

/** Adds the note unless the order has one for the same audience that contains one of `signs` (default: the whole text). */
export async function addNoteOnce(
  context: HandlerContext,
  orderId: number,
  note: Note,
  signs: readonly string[] = [note.text],
): Promise<'added' | 'there'> {
  const shop = context.shop(context.storeConnection);
  const notes = await shop.notes(orderId, context.call);
  const sameAudience = notes.filter(({ toCustomer }) => toCustomer === (note.audience === 'customer'));
  const there = sameAudience.some(({ text }) => signs.some((sign) => text.includes(sign)));
  if (there) return 'there';
  await shop.addNote(orderId, note, context.newId(), context.call);
  return 'added';
}
