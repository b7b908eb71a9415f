/** What handlers read from either side goes the same way as what is told to the inbox: queue/accept-*.ts. */
import { acceptStoreOrders, type StoreChanges } from '../queue/accept-orders.js';
import type { Accepted, WarehouseNews } from '../queue/accept-warehouse.js';
import type { HandlerContext } from '../queue/handler.js';
import type { Connection } from '../domain/connection.js';
import type { Write } from '../stores/store.js';

/** @returns the warehouses that serve the job's store, paused ones as well. */
export async function warehousesOf({ storeConnection, reads }: HandlerContext): Promise<Connection[]> {
  const all = await reads.connections(storeConnection.orgId);
  return all.filter((one) => one.storeId === storeConnection.id && one.platform !== 'woocommerce');
}

/** @returns the writes for orders read from the store. */
export async function acceptReadOrders(
  context: HandlerContext,
  read: Pick<StoreChanges, 'orders' | 'authoritative' | 'origin'>,
): Promise<Write[]> {
  const { reads, storeConnection, job } = context;
  const warehouses = await warehousesOf(context);
  return acceptStoreOrders({
    reads,
    connection: storeConnection,
    warehouses,
    now: context.now(),
    traceId: job.traceId,
    ...read,
  });
}

export function warehouseNews(context: HandlerContext, origin: string): WarehouseNews {
  const { reads, connection, storeConnection, job } = context;
  return { reads, connection, store: storeConnection, now: context.now(), traceId: job.traceId, origin };
}

/** Another sender's orders in the same account are nothing to us. */
export const writesOf = (accepted: Accepted): Write[] => (accepted.ours ? accepted.writes : []);

/** @returns only what is remembered: the job at hand is what the change asks for, it needs no other. */
export function recordsOnly(writes: readonly Write[]): Write[] {
  return writes.flatMap((one) => (one.write === 'putRecord' ? [{ ...one, onNew: [], onTie: [] }] : []));
}
