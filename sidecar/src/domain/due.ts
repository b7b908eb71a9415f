/** Is an order due at the warehouse? One pure answer for push, sweep, net, tally and screen. */
import type { Settlement } from './settlement.js';
import { shipLines, type StoreOrder } from './order.js';

export interface DueRules {
  /** Statuses in which the warehouse should ship. */
  statuses: readonly string[];
  /** The connection's start, epoch ms: earlier orders go by "Send now" only. */
  startsAt: number;
  settlement: Pick<Settlement, 'kind' | 'reason' | 'by'> | null;
  /** A person pressed "Send now" on it. */
  sendNow: boolean;
}

export type Due =
  { due: true } | { due: false; code: 'settled' | 'gone' | 'status' | 'nothing_to_ship' | 'too_old'; sentence: string };

/** @returns yes, or no with the sentence for "Why not sent?". */
export function dueAtWarehouse(order: StoreOrder, rules: DueRules): Due {
  if (rules.settlement !== null) return no('settled', settledSentence(rules.settlement));
  if (order.status === 'deleted') return no('gone', 'Not sent: the order was deleted in WooCommerce.');
  if (order.status === 'trash') return no('gone', 'Not sent: the order is in the trash.');
  if (!rules.statuses.includes(order.status)) return no('status', statusSentence(order.status, rules.statuses));
  if (shipLines(order).length === 0) return no('nothing_to_ship', nothingSentence(order));
  if (!rules.sendNow && Date.parse(order.createdAt) < wholeSecond(rules.startsAt)) {
    return no(
      'too_old',
      'Not sent: the order was placed before the warehouse was connected. Press Send now to send it.',
    );
  }
  return { due: true };
}

/** Stores write whole seconds: an order of the second in which the connection starts is not an earlier one. */
const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** What an order that is at the warehouse asks of it now. */
export type Wish = 'ship' | 'hold' | 'cancel' | 'leave';

const CANCELLING = new Set(['cancelled', 'refunded', 'failed', 'trash', 'deleted']);
const HOLDING = new Set(['on-hold', 'pending']);

/** @param ownStatus the status Tallyman itself wrote last: our own on-hold is not a person's wish to hold. */
export function wishFor(order: StoreOrder, statuses: readonly string[], ownStatus: string | null): Wish {
  if (CANCELLING.has(order.status) || shipLines(order).length === 0)
    return order.status === 'completed' ? 'leave' : 'cancel';
  if (statuses.includes(order.status) || order.status === ownStatus) return 'ship';
  return HOLDING.has(order.status) ? 'hold' : 'leave';
}

function no(code: Exclude<Due, { due: true }>['code'], sentence: string): Due {
  return { due: false, code, sentence };
}

function settledSentence({ kind, reason, by }: Pick<Settlement, 'kind' | 'reason' | 'by'>): string {
  const what = kind === 'done_by_person' ? 'marked as done' : 'marked as not to be sent';
  return `Not sent: ${by} ${what} (${reason}).`;
}

function statusSentence(status: string, statuses: readonly string[]): string {
  if (status === 'pending') return 'Not sent: the order is not paid yet. It goes by itself once it is paid.';
  if (status === 'completed') return 'Not sent: the order is already completed.';
  if (CANCELLING.has(status)) return `Not sent: the order is ${status}.`;
  return `Not sent: the order is "${status}", and only ${statuses.map((word) => `"${word}"`).join(', ')} goes to the warehouse.`;
}

function nothingSentence(order: StoreOrder): string {
  const shippable = order.lines.some((line) => line.needsShipping);
  return shippable
    ? 'Not sent: everything that could be shipped has been refunded.'
    : 'Not sent: nothing in this order needs shipping.';
}
