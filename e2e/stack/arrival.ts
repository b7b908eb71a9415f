import { STORE_CODE } from './pair.ts';
import type { Stack } from './stack.ts';
import type { Employee } from './staff.ts';
import type { Warehouse } from './warehouse.ts';

/** When an order passed each point of its way, in epoch milliseconds. */
export type Arrival = {
  readonly atWarehouse: number;
  readonly shipped: number;
  readonly completed: number;
  readonly trackingCodes: readonly string[];
  readonly mailsWithTracking: number;
};

type Deal = {
  readonly stack: Stack;
  readonly admin: Employee;
  readonly warehouse: Warehouse;
  readonly timeoutMs: number;
};

const LOOK_EVERY_MS = 200;

export const referenceOf = (orderId: number): string => `${STORE_CODE}-${orderId}`;

/** Waits until the order is completed in the shop and its shopper has the tracking numbers of all its parcels. */
export async function arrivalOf(orderId: number, deal: Deal): Promise<Arrival> {
  const giveUpAt = Date.now() + deal.timeoutMs;
  let seen = await look(orderId, deal);
  while (!isComplete(seen)) {
    if (Date.now() > giveUpAt) throw new Error(`Order ${orderId} did not arrive: ${describe(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    seen = await look(orderId, deal);
  }
  return { ...seen, completed: Date.now() } as Arrival;
}

type Sight = {
  readonly status: string;
  readonly atWarehouse: number | undefined;
  readonly shipped: number | undefined;
  readonly trackingCodes: readonly string[];
  readonly mailsWithTracking: number;
};

async function look(orderId: number, { stack, admin, warehouse }: Deal): Promise<Sight> {
  const { status } = await admin.rest<{ status: string }>('GET', `/wc/v3/orders/${orderId}`);
  const effects = warehouse.ledger().effects.filter(({ reference }) => reference === referenceOf(orderId));
  const parcels = effects.filter(({ effect }) => effect === 'shipment.created');
  const trackingCodes = parcels.map(({ detail }) => detail);
  return {
    status,
    atWarehouse: effects.find(({ effect }) => effect === 'order.created')?.at,
    shipped: parcels.at(-1)?.at,
    trackingCodes,
    mailsWithTracking: stack.mails().filter(({ body }) => trackingCodes.some((code) => body.includes(code))).length,
  };
}

const isComplete = ({ status, atWarehouse, trackingCodes, mailsWithTracking }: Sight): boolean =>
  status === 'completed' &&
  atWarehouse !== undefined &&
  trackingCodes.length > 0 &&
  mailsWithTracking >= trackingCodes.length;

function describe({ status, atWarehouse, trackingCodes, mailsWithTracking }: Sight): string {
  const where =
    atWarehouse === undefined ? 'the warehouse does not know it' : `${trackingCodes.length} parcels left the warehouse`;
  return `its status is ${status}, ${where}, ${mailsWithTracking} mails carry a tracking number.`;
}
