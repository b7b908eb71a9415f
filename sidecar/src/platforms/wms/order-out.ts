/** Our draft as the warehouse's API takes it. */
import { currencyDecimals, majorUnits } from '../../domain/money.js';
import type { Address } from '../../domain/order.js';
import { draftFingerprint } from '../../domain/shipping.js';
import type { WarehouseOrderDraft } from '../../domain/warehouse-order.js';
import type { WmsSettings } from './settings.js';
import { splitStreet } from './street.js';

/** Keys have to be lower case there. */
export const UUID_KEY = 'tallyman_uuid';
/** What the order says, told apart from what we meant to say: an answer may be lost, and a restored database may forget. */
export const SAYS_KEY = 'tallyman_says';
const HOLD_KEY = 'tallyman_hold';
const HOLD_NOTE = 'ON HOLD: the shop asks not to ship this order for now.';

export function createBody(
  draft: WarehouseOrderDraft,
  settings: Pick<WmsSettings, 'orderAmountUnit'>,
): Record<string, unknown> {
  return { external_id: String(draft.storeOrderId), external_reference: draft.reference, ...content(draft, settings) };
}

/** Without the reference: repeated, it could be held against itself as not unique. The note takes a hold back as well. */
export function updateBody(
  draft: WarehouseOrderDraft,
  settings: Pick<WmsSettings, 'orderAmountUnit'>,
): Record<string, unknown> {
  return { ...content(draft, settings), note: draft.hold ? HOLD_NOTE : '' };
}

function content(
  draft: WarehouseOrderDraft,
  { orderAmountUnit }: Pick<WmsSettings, 'orderAmountUnit'>,
): Record<string, unknown> {
  const { currency, totalMinor, address, hold } = draft;
  return {
    shipping_contactperson: personOf(address),
    shipping_email: address.email,
    customer_note: draft.customerNote,
    ...(hold ? { note: HOLD_NOTE } : {}),
    currency,
    order_amount: orderAmountUnit === 'minor' ? totalMinor : Math.round(majorUnits(totalMinor, currency)),
    order_lines: draft.lines.map(({ articleCode, quantity, name, unitPriceMinor }) => ({
      article_code: articleCode,
      quantity,
      description: name,
      price: Number(majorUnits(unitPriceMinor, currency).toFixed(currencyDecimals(currency))),
    })),
    shipping_address: addressOut(address),
    meta_data: {
      [UUID_KEY]: draft.uuid,
      [SAYS_KEY]: draftFingerprint(draft),
      order_number: draft.displayNumber,
      [HOLD_KEY]: hold ? 'yes' : 'no',
    },
  };
}

function addressOut(address: Address): Record<string, string> {
  const { street, number, addition, rest } = splitStreet(address.line1, address.line2, address.country);
  const person = personOf(address);
  return {
    addressed_to: address.company.trim() === '' ? person : address.company.trim(),
    contact_person: person,
    street,
    street2: rest,
    street_number: number,
    street_number_addition: addition,
    zipcode: address.zip.trim(),
    city: address.city.trim(),
    country: address.country.toUpperCase(),
    state: address.state,
    phone_number: address.phone,
    email_address: address.email,
  };
}

const personOf = ({ firstName, lastName }: Address): string => `${firstName} ${lastName}`.trim();
