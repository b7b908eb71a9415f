/** People's corrections on top of what the store says: held until the corrected field changes at its source. */
import { CORRECTABLE_FIELDS, type Address, type CorrectableField, type StoreOrder } from './order.js';
import type { Override } from './settlement.js';

export function isCorrectable(field: string): field is CorrectableField {
  return (CORRECTABLE_FIELDS as readonly string[]).includes(field);
}

/** @returns what the store says in that field. */
export function fieldOf(order: StoreOrder, field: CorrectableField): string {
  return field === 'customerNote' ? order.customerNote : order.address[addressPart(field)];
}

/** @returns the order as it should be sent, and the overrides whose source field has changed since (to be dropped). */
export function withCorrections(
  order: StoreOrder,
  overrides: readonly Override[],
): { order: StoreOrder; outdated: Override[] } {
  const outdated: Override[] = [];
  let corrected = order;
  for (const override of overrides) {
    if (!isCorrectable(override.field)) continue;
    if (fieldOf(order, override.field) === override.sourceValue)
      corrected = set(corrected, override.field, override.value);
    else outdated.push(override);
  }
  return { order: corrected, outdated };
}

function set(order: StoreOrder, field: CorrectableField, value: string): StoreOrder {
  if (field === 'customerNote') return { ...order, customerNote: value };
  return { ...order, address: { ...order.address, [addressPart(field)]: value } };
}

function addressPart(field: Exclude<CorrectableField, 'customerNote'>): keyof Address {
  return field.slice('address.'.length) as keyof Address;
}
