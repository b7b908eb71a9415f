import { expect } from '@playwright/test';
import type { JobRow } from '../../sidecar/dist/http/api.js';
import { type Arrival, arrivalOf, referenceOf } from '../stack/arrival.ts';
import type { Warehouse } from '../stack/warehouse.ts';
import type { World } from './world.ts';

const AT_WAREHOUSE_MS = 30_000;
const COMPLETED_MS = 40_000;

type WarehouseOrder = {
  readonly status: string;
  readonly external_reference: string;
  readonly shipping_address: Readonly<Record<string, string>>;
  readonly order_lines: readonly { readonly variant: { readonly article_code: string }; readonly quantity: number }[];
};

/** How often the warehouse made this order, by its own books. */
export const timesAtWarehouse = (warehouse: Warehouse, orderId: number): number =>
  effectsOf(warehouse, orderId, 'order.created').length;

export const effectsOf = (warehouse: Warehouse, orderId: number, effect: string) =>
  warehouse.ledger().effects.filter((one) => one.reference === referenceOf(orderId) && one.effect === effect);

export async function reachesWarehouse(
  { warehouse }: World,
  orderId: number,
  timeout = AT_WAREHOUSE_MS,
): Promise<void> {
  const arrived = () => timesAtWarehouse(warehouse, orderId);
  await expect.poll(arrived, { message: `order ${orderId} is at the warehouse`, timeout }).toBe(1);
}

/** The order as the warehouse has it now. */
export function orderAtWarehouse({ warehouse }: World, orderId: number): WarehouseOrder | undefined {
  const all = warehouse.orders() as unknown as readonly WarehouseOrder[];
  return all.find((one) => one.external_reference === referenceOf(orderId));
}

type Shipping = Parameters<Warehouse['ship']>[1];

/** The warehouse ships; waits until the shop says completed and every parcel was mailed, then that it was once. */
export async function shipsAndCompletes(world: World, orderId: number, shipping?: Shipping): Promise<Arrival> {
  world.warehouse.ship(referenceOf(orderId), shipping);
  return endsWell(world, orderId);
}

export async function endsWell(world: World, orderId: number, timeoutMs = COMPLETED_MS): Promise<Arrival> {
  const arrival = await arrivalOf(orderId, { ...world, timeoutMs });
  await comesToRest(world, orderId);
  expect(timesAtWarehouse(world.warehouse, orderId), `order ${orderId} at the warehouse`).toBe(1);
  for (const code of arrival.trackingCodes) {
    const mails = world.stack.mails().filter(({ body }) => body.includes(code));
    expect(
      mails.map(({ to }) => to),
      `mails about parcel ${code}`,
    ).toEqual(['sanne@example.test']);
  }
  return arrival;
}

const MOVING = new Set(['queued', 'running', 'retrying']);

/** Nothing about this order waits to be done any more, in the shop's outbox or in the queue. */
export async function comesToRest({ api, stack }: World, orderId: number): Promise<void> {
  const moving = async () => {
    const unacknowledged = await stack.sql(
      `SELECT sequence FROM wp_tallyman_outbox WHERE entity_id = ${orderId} AND acknowledged_at IS NULL`,
    );
    const { jobs } = await api.order(orderId);
    return unacknowledged.length + jobs.filter(({ state }) => MOVING.has(state)).length;
  };
  await expect.poll(moving, { message: `order ${orderId} comes to rest`, timeout: 60_000 }).toBe(0);
}

/** The newest job that sends this order. */
export async function pushOf({ api }: World, orderId: number): Promise<JobRow | undefined> {
  const { jobs } = await api.order(orderId);
  return jobs.find(({ kind }) => kind === 'order.push');
}

export async function pushIs(world: World, orderId: number, state: JobRow['state']): Promise<JobRow> {
  const now = async () => (await pushOf(world, orderId))?.state;
  await expect.poll(now, { message: `sending order ${orderId} is ${state}`, timeout: 30_000 }).toBe(state);
  return (await pushOf(world, orderId))!;
}
