/** Every job kind with its delays, priority and deadline: the only source of them. Attempts = delays + 1. */
import type { Failure } from './failure.js';

export interface KindSpec {
  /** Milliseconds before attempt 2, 3, ... */
  delaysMs: readonly number[];
  /** Smaller first. Order lifecycle 1-5, stock 10-11, shipments 15-18, inbounds 20+, catalogue 30+, customers 40. */
  priority: number;
  /** Shown as late after this long, or null. */
  slaMs: number | null;
  leaseMs: number;
  /** How long a job of this kind may wait for a fact before a person is asked. */
  waitDeadlineMs: number;
  /** "Send order #{n} to {connection}": {subject} is filled with the order number or id. */
  title: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ORDER_DELAYS = [30 * SECOND, 2 * MINUTE, 5 * MINUTE] as const;

const order = { delaysMs: ORDER_DELAYS, leaseMs: 60 * SECOND, waitDeadlineMs: HOUR } as const;

export const KINDS = {
  /** Create, update, hold or cancel the order at the warehouse, whatever its latest state asks for. */
  'order.push': { ...order, priority: 1, slaMs: 2 * MINUTE, title: 'Send order {subject} to {connection}' },
  /** Bring the warehouse's state of the order into the store. */
  'order.status': {
    ...order,
    priority: 2,
    slaMs: 5 * MINUTE,
    title: 'Bring the state of order {subject} from {connection}',
  },
  /** Read one order from the store again, by id, because two reads of it disagree or a sweep missed it. */
  'order.read': { ...order, priority: 3, slaMs: null, title: 'Read order {subject} from the store again' },
  /** Write one parcel (numbers, one mail) to the store's order; complete it when all of it has shipped. */
  'shipment.apply': {
    ...order,
    priority: 15,
    slaMs: 5 * MINUTE,
    title: 'Bring a parcel of order {subject} from {connection}',
  },
  'outbox.pull': { ...order, priority: 1, slaMs: null, title: 'Fetch waiting changes from the store' },
  'store.net': { ...order, priority: 4, slaMs: null, title: 'Look for orders that are due and not queued' },
  'store.sweep': { ...order, priority: 4, slaMs: null, title: 'Look for changed orders in the store' },
  'store.recheck': { ...order, priority: 5, slaMs: null, title: 'Read all open orders of the store again' },
  'webhook.net': { ...order, priority: 4, slaMs: null, title: 'Work through deliveries that are still waiting' },
  'warehouse.poll-orders': { ...order, priority: 17, slaMs: null, title: 'Ask {connection} for changed orders' },
  'warehouse.poll-shipments': { ...order, priority: 18, slaMs: null, title: 'Ask {connection} for new parcels' },
  'warehouse.webhooks': { ...order, priority: 18, slaMs: null, title: 'Check the webhooks at {connection}' },
  'warehouse.articles': { ...order, priority: 18, slaMs: null, title: 'Read the article list of {connection}' },
} as const satisfies Record<string, KindSpec>;

export type JobKind = keyof typeof KINDS;

export function isJobKind(kind: string): kind is JobKind {
  return Object.hasOwn(KINDS, kind);
}

/** @returns the spec of `kind`; a kind of a newer version gets order.push's, so that a downgrade loses nothing. */
export function kindSpec(kind: string): KindSpec {
  return isJobKind(kind) ? KINDS[kind] : KINDS['order.push'];
}

export type { Failure };
