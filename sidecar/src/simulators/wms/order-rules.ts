/** What the warehouse accepts as an order. */
import { objectOf, textOf, type Complaints } from './replies.js';
import type { SimLine } from './types.js';
import { orderWithReference, type Warehouse } from './warehouse.js';

/** @returns complaints by field; empty when the order can be taken. */
export function complaintsAboutNew(warehouse: Warehouse, body: Record<string, unknown>): Complaints {
  const reference = textOf(body['external_reference']);
  const complaints: Complaints = {};
  if (reference === '') complaints['externalReference'] = ['This value should not be blank.'];
  else if (!warehouse.faults.forgetReferences && orderWithReference(warehouse, reference) !== undefined)
    complaints['externalReference'] = ['Reference is not unique'];
  return {
    ...complaints,
    ...complaintsAboutLines(warehouse, body['order_lines']),
    ...complaintsAboutAddress(body['shipping_address']),
    ...complaintsAboutRest(body),
  };
}

/** A change is judged by what it names; its own reference counts as taken. */
export function complaintsAboutChange(warehouse: Warehouse, body: Record<string, unknown>): Complaints {
  const reference = textOf(body['external_reference']);
  return {
    ...(reference !== '' && orderWithReference(warehouse, reference) !== undefined
      ? { externalReference: ['Reference is not unique'] }
      : {}),
    ...('order_lines' in body ? complaintsAboutLines(warehouse, body['order_lines']) : {}),
    ...('shipping_address' in body ? complaintsAboutAddress(body['shipping_address']) : {}),
    ...complaintsAboutRest(body),
  };
}

export function linesOf(value: unknown): SimLine[] {
  return (Array.isArray(value) ? value : []).map(objectOf).map((line) => ({
    article_code: textOf(line['article_code']),
    quantity: Number(line['quantity']),
    description: typeof line['description'] === 'string' ? line['description'] : null,
    price: typeof line['price'] === 'number' ? line['price'] : null,
  }));
}

function complaintsAboutLines(warehouse: Warehouse, value: unknown): Complaints {
  const lines = linesOf(value);
  const said = lines.flatMap(({ article_code, quantity }) => {
    if (!warehouse.articles.has(article_code)) return [`Article ${article_code} not found`];
    return Number.isInteger(quantity) && quantity > 0
      ? []
      : [`Quantity of ${article_code} should be a positive number`];
  });
  if (lines.length === 0) said.push('This collection should contain 1 element or more.');
  return said.length === 0 ? {} : { orderLines: said };
}

const ZIPCODES_REFUSED = new Set(['', 'REJECT', '0000XX']);

function complaintsAboutAddress(value: unknown): Complaints {
  const address = objectOf(value);
  const complaints: Complaints = {};
  const zipcode = textOf(address['zipcode']).replace(/\s/g, '').toUpperCase();
  if (ZIPCODES_REFUSED.has(zipcode)) complaints['shipping_address.zipcode'] = ['This value is not a valid zipcode.'];
  for (const field of ['addressed_to', 'street', 'city']) {
    if (textOf(address[field]).trim() === '')
      complaints[`shipping_address.${field}`] = ['This value should not be blank.'];
  }
  if (!/^[A-Z]{2}$/.test(textOf(address['country'])))
    complaints['shipping_address.country'] = ['This value is not a valid country.'];
  return complaints;
}

function complaintsAboutRest(body: Record<string, unknown>): Complaints {
  const complaints: Complaints = {};
  const amount = body['order_amount'];
  if (amount !== undefined && amount !== null && !Number.isInteger(amount))
    complaints['orderAmount'] = ['This value should be of type int.'];
  const meta = Object.entries(objectOf(body['meta_data']));
  const wrong = meta.some(([key, value]) => key !== key.toLowerCase() || typeof value !== 'string');
  if (wrong) complaints['metaData'] = ['Keys should be lower case, values should be of type string.'];
  return complaints;
}
