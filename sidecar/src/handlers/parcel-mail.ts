/** The one mail of a parcel: a fulfilment where the store has that feature, else a note to the customer, never both. */
import { articleKey, type Mapping } from '../domain/mapping.js';
import { fulfilmentItems, type Fulfilment, type FulfilmentDraft } from '../domain/fulfilment.js';
import type { StoreOrder } from '../domain/order.js';
import type { Parcel } from '../domain/warehouse-order.js';
import type { HandlerContext } from '../queue/handler.js';

/** A parcel with at least one number. */
export interface TrackedParcel {
  context: HandlerContext;
  order: StoreOrder;
  parcel: Parcel;
  /** It is found again by any of its numbers, in whatever order they come. */
  codes: readonly string[];
  before: Mapping | null;
  /** Remembers that a fulfilment may have been sent. */
  intend(): Promise<void>;
}

/** Looks in both places first: the feature may have been switched, or an answer lost, since the last try. */
export async function mailOnce(told: TrackedParcel): Promise<void> {
  const { context, order, parcel, codes } = told;
  const shop = context.shop(context.storeConnection);
  const fulfilments = await shop.fulfilments(order.id, context.call);
  if (fulfilments?.some((one) => one.state === 'fulfilled' && carriesOneOf(codes, one)) === true) return;
  if (await isInNotes(told)) return;
  if (fulfilments !== null && (await fulfil(told, fulfilments))) return;
  const note = { text: noteText(parcel), audience: 'customer' } as const;
  await shop.addNote(order.id, note, context.newId(), context.call);
}

/** The store notes each fulfilment for its staff, and that stays readable after the feature was switched off. */
async function isInNotes({ context, order, codes, before }: TrackedParcel): Promise<boolean> {
  const notes = await context.shop(context.storeConnection).notes(order.id, context.call);
  const mayBeFulfilled = before?.state === 'intended';
  return notes.some(
    ({ text, toCustomer }) => (toCustomer || mayBeFulfilled) && codes.some((code) => text.includes(code)),
  );
}

/** @returns false when no unit of the parcel can be put on a line of the order: the store refuses an empty fulfilment. */
async function fulfil(told: TrackedParcel, fulfilments: readonly Fulfilment[]): Promise<boolean> {
  const { context, order } = told;
  const key = `${context.connection.id}:${told.parcel.id}`;
  const ours =
    fulfilments.find(({ parcelKey }) => parcelKey === key) ?? fulfilments.find((one) => carriesOneOf(told.codes, one));
  const draft = await draftOf(told, key, ours, fulfilments);
  if (draft.items.length === 0) return false;
  await told.intend();
  const shop = context.shop(context.storeConnection);
  await shop.writeFulfilment(order.id, ours?.id ?? null, draft, context.newId(), context.call);
  return true;
}

function carriesOneOf(codes: readonly string[], { trackingNumbers }: Fulfilment): boolean {
  return codes.some((code) => trackingNumbers.includes(code));
}

async function draftOf(
  { context, order, parcel }: TrackedParcel,
  parcelKey: string,
  ours: Fulfilment | undefined,
  fulfilments: readonly Fulfilment[],
): Promise<FulfilmentDraft> {
  const others = fulfilments.filter((one) => one !== ours);
  const items = fulfilmentItems(parcel, order.lines, await articleCodes(context, order), others);
  return {
    parcelKey,
    carrier: parcel.carrier,
    tracking: parcel.tracking.filter(({ code }) => code !== ''),
    items: items.length > 0 ? items : (ours?.items ?? []),
  };
}

async function articleCodes(context: HandlerContext, order: StoreOrder): Promise<Map<string, string>> {
  const codes = new Map<string, string>();
  for (const { productId, variationId } of order.lines) {
    const key = articleKey(productId, variationId);
    const code = (await context.reads.mapping(context.connection.id, 'article', key))?.remoteId ?? null;
    if (code !== null) codes.set(key, code);
  }
  return codes;
}

/** @returns what the shopper reads: carrier, number and link; plain text, as the store mails it. */
export function noteText(parcel: Parcel): string {
  const carrier = parcel.carrier === '' ? '' : ` with ${parcel.carrier}`;
  const numbers = parcel.tracking.map(({ code, url }) => (url === null ? code : `${code} (${url})`)).join(', ');
  return `Your parcel ${parcel.number} is on its way${carrier}. Tracking number: ${numbers}`;
}
