import { orderByRest } from '../stack/staff.ts';
import { pushIs, reachesWarehouse, shipsAndCompletes } from './one-order.ts';
import type { World } from './world.ts';

/** The simulated warehouse refuses this one. */
const REFUSED = '0000 XX';

/** @returns ids of orders that need attention, because the warehouse refused their address. */
export async function refusedOrders(world: World, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let order = 0; order < count; order++) {
    ids.push((await orderByRest(world.stack, world.admin, { address: { postcode: REFUSED } })).id);
  }
  for (const id of ids) await pushIs(world, id, 'dead');
  return ids;
}

/** Their addresses are put right in the shop: they go by themselves, so that no later test finds them. */
export async function addressesPutRight(world: World, ids: readonly number[]): Promise<void> {
  for (const id of ids) await world.admin.rest('PUT', `/wc/v3/orders/${id}`, { shipping: { postcode: '1016 GV' } });
  for (const id of ids) await reachesWarehouse(world, id);
  for (const id of ids) await shipsAndCompletes(world, id);
}
