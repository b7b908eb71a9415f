/** After the storm: the simulators' own books against each other. Extra calls are allowed, extra effects are not. */
import type { ShopOrder } from '../../src/simulators/shop/shop.js';
import type { Effect } from '../../src/simulators/wms/index.js';
import { cleanVerdict, type Verdict } from './verdict.js';
import { ARTICLE, referenceOf, type FaultWorld } from './world.js';

/** What happened to one order at the warehouse, in the order it happened. */
export interface Page {
  created: number;
  /** The number in the note each change came with. */
  versions: number[];
  cancelled: number;
  /** Tracking codes, one a parcel. */
  parcels: string[];
  /** Whether something was changed after the order had been cancelled. */
  changedAfterCancel: boolean;
}

export interface Books {
  pages: ReadonlyMap<string, Page>;
  /** Ids of webhooks the sidecar answered with success. */
  acknowledged: ReadonlySet<string>;
  page(reference: string): Page;
}

/** Orders carry the number of their version in the customer's note. */
export const versionNote = (version: number): string => `version ${version}`;
export const versionIn = (note: string): number => Number(/^version (\d+)$/.exec(note)?.[1] ?? 0);

/** Reads along with what the warehouse writes into its ledger. @param seen told of each effect as it happens. */
export function keepBooks({ warehouse }: FaultWorld, seen: (effect: Effect) => void = () => undefined): Books {
  const pages = new Map<string, Page>();
  const acknowledged = new Set<string>();
  const page = (reference: string): Page => {
    const known = pages.get(reference) ?? {
      ...{ created: 0, versions: [], cancelled: 0, parcels: [] },
      changedAfterCancel: false,
    };
    pages.set(reference, known);
    return known;
  };
  const enter = (effect: Effect): void => {
    if (effect.effect === 'webhook.sent') acknowledged.add(effect.id);
    else if (!effect.effect.startsWith('webhook.')) writeDown(page(effect.reference), effect);
    seen(effect);
  };
  // It never fits, so it is asked about every effect, past and future.
  void warehouse.until((effect) => {
    enter(effect);
    return false;
  });
  return { pages, acknowledged, page };
}

function writeDown(page: Page, { effect, detail }: Effect): void {
  if (effect === 'order.created') page.created += 1;
  if (effect === 'order.cancelled') page.cancelled += 1;
  if (effect === 'order.updated') {
    page.versions.push(versionIn(detail));
    page.changedAfterCancel ||= page.cancelled > 0;
  }
  if (effect === 'shipment.updated') page.parcels.push(detail);
}

/** What each order of the shop has come to. */
export function judgeOrders(world: FaultWorld, books: Books): Verdict {
  const verdict = cleanVerdict(world.shop.shop.orders.size);
  const mails = mailsByOrder(world);
  const remote = remoteOrders(world);
  const moves = statusMoves(world);
  for (const order of world.shop.shop.orders.values()) {
    const reference = referenceOf(order.id);
    const page = books.page(reference);
    judgeEffects(verdict, reference, page, mails.get(order.id) ?? []);
    judgeOrder(verdict, reference, page, moves.get(order.id) ?? []);
    if (page.created > 0) judgeFields(verdict, order, page, remote.get(reference));
  }
  return verdict;
}

/** One order there, one mail a parcel here. */
function judgeEffects(verdict: Verdict, reference: string, page: Page, mails: readonly string[]): void {
  if (page.created === 0) note(verdict, 'lost', `${reference} is not at the warehouse.`);
  if (page.created > 1) note(verdict, 'duplicated', `${reference} is ${page.created} times at the warehouse.`);
  for (const code of page.parcels) {
    const told = mails.filter((mail) => mail.includes(code)).length;
    if (told === 0) note(verdict, 'lost', `${reference}: parcel ${code} was never mailed.`);
    if (told > 1) note(verdict, 'duplicated', `${reference}: parcel ${code} was mailed ${told} times.`);
  }
}

function judgeOrder(verdict: Verdict, reference: string, page: Page, moves: readonly string[]): void {
  const fellBack = page.versions.some((version, at) => version < (page.versions[at - 1] ?? 0));
  if (fellBack) note(verdict, 'orderViolations', `${reference} got its versions as ${page.versions.join(', ')}.`);
  if (page.changedAfterCancel) note(verdict, 'orderViolations', `${reference} was changed after it was cancelled.`);
  const ended = moves.findIndex((status) => status === 'completed');
  if (ended >= 0 && moves.slice(ended + 1).some((status) => status !== 'completed'))
    note(verdict, 'orderViolations', `${reference} was moved on in the shop after it was completed: ${moves.join()}.`);
}

function judgeFields(
  verdict: Verdict,
  order: ShopOrder,
  page: Page,
  remote: Record<string, unknown> | undefined,
): void {
  const cancelled = order.status === 'cancelled';
  if (cancelled !== page.cancelled > 0)
    note(verdict, 'fieldsDiffer', `${referenceOf(order.id)} is cancelled on one side only.`);
  if (page.parcels.length > 0 && order.status !== 'completed')
    note(verdict, 'fieldsDiffer', `${referenceOf(order.id)} has shipped and is "${order.status}" in the shop.`);
  if (cancelled || remote === undefined) return;
  const wanted = expected(order);
  const there = seenThere(remote);
  for (const [field, value] of Object.entries(wanted)) {
    if (there[field] !== value)
      note(verdict, 'fieldsDiffer', `${referenceOf(order.id)}: ${field} is ${String(there[field])}, not ${value}.`);
  }
}

/** Worked out apart from the sidecar's own translation. */
function expected(order: ShopOrder): Record<string, string> {
  const { shipping, billing } = order;
  return {
    lines: order.line_items.map(({ quantity }) => `${ARTICLE.code} x ${quantity}`).join(', '),
    zipcode: shipping['postcode'] ?? '',
    city: shipping['city'] ?? '',
    name: `${shipping['first_name'] ?? ''} ${shipping['last_name'] ?? ''}`,
    email: billing['email'] ?? '',
    note: order.customer_note,
    amount: String(Math.round(Number(order.total) * 100)),
  };
}

function seenThere(remote: Record<string, unknown>): Record<string, string> {
  const address = remote['shipping_address'] as Record<string, string>;
  const lines = remote['order_lines'] as { quantity: number; variant: { article_code: string } }[];
  return {
    lines: lines.map(({ quantity, variant }) => `${variant.article_code} x ${quantity}`).join(', '),
    zipcode: address['zipcode'] ?? '',
    city: address['city'] ?? '',
    name: address['addressed_to'] ?? '',
    email: address['email_address'] ?? '',
    note: textOf(remote['customer_note']),
    amount: String(Number(remote['order_amount'])),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function remoteOrders({ warehouse }: FaultWorld): Map<string, Record<string, unknown>> {
  return new Map(warehouse.orders().map((order) => [String(order['external_reference']), order]));
}

function mailsByOrder({ shop }: FaultWorld): Map<number, string[]> {
  const mails = new Map<number, string[]>();
  for (const { orderId, note: text, customer_note: toCustomer } of shop.shop.notes)
    if (toCustomer) mails.set(orderId, [...(mails.get(orderId) ?? []), text]);
  return mails;
}

/** The statuses the sidecar wrote to each order, oldest first. */
function statusMoves({ shop }: FaultWorld): Map<number, string[]> {
  const moves = new Map<number, string[]>();
  for (const { method, path, body, status } of shop.ledger) {
    const id = /\/wc\/v3\/orders\/(\d+)$/.exec(path)?.[1];
    if (method !== 'PUT' || id === undefined || status >= 300) continue;
    const written = (JSON.parse(body) as { status?: string }).status;
    if (written !== undefined) moves.set(Number(id), [...(moves.get(Number(id)) ?? []), written]);
  }
  return moves;
}

const MOST_SENTENCES = 20;

/** Counts it, and keeps the first sentences for whoever looks. */
export function note(verdict: Verdict, count: Exclude<keyof Verdict, 'said' | 'figures'>, sentence: string): void {
  verdict[count] += 1;
  if (verdict.said.length < MOST_SENTENCES) verdict.said.push(sentence);
}
