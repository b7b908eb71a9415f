/** Whether the warehouse has an order already, asked before a person says that it counts as done. */
import type { Connection } from '../domain/connection.js';
import { orderUuid, subjectOrderId, warehouseReference } from '../domain/identity.js';
import type { Job } from '../domain/job.js';
import type { StoreOrder } from '../domain/order.js';
import { matchOurs } from '../domain/shipping.js';
import { storeCode } from '../domain/warehouse-rules.js';
import type { RemoteCheck } from './api.js';
import type { JobViewer } from './job-view.js';
import { directCall, type HttpWorld } from './world.js';

/** The plugin that a person's click comes through waits 3 s in all. */
const PATIENCE_MS = 2_000;

/** @returns null for jobs about which there is nothing to ask. */
export async function remoteCheck(world: HttpWorld, viewer: JobViewer, job: Job): Promise<RemoteCheck | null> {
  const connection = viewer.connections.get(job.connectionId);
  const store = connection === undefined ? undefined : viewer.connections.get(connection.storeId);
  if (job.kind !== 'order.push' || connection === undefined || store === undefined) return null;
  if (connection.state === 'paused') return unknown(`${connection.name} is paused and was not asked.`);
  if (connection.breaker.state !== 'closed') return unknown(`${connection.name} does not answer at the moment.`);
  const order = await orderOf(world, store, job);
  return order === null ? null : ask(world, connection, store, order);
}

async function orderOf({ store }: HttpWorld, { id }: Connection, { subject }: Job): Promise<StoreOrder | null> {
  const record = await store.record(id, 'order', String(subjectOrderId(subject)));
  return (record?.body as StoreOrder | null | undefined) ?? null;
}

async function ask(
  world: HttpWorld,
  connection: Connection,
  store: Connection,
  order: StoreOrder,
): Promise<RemoteCheck> {
  const reference = warehouseReference(storeCode(store), order.id);
  const { name } = connection;
  try {
    const found = await world.adapters.warehouse(connection).findOrders(reference, directCall(world, PATIENCE_MS));
    const match = matchOurs(found, orderUuid(store.id, order.id, order.key));
    if (match.match === 'none') return { found: 'absent', sentence: `${name} does not have this order.` };
    if (match.match === 'doubtful') return unknown(`${name} was asked: ${match.why}.`);
    return { found: 'there', sentence: `${name} has this order already, as ${match.order.number}.` };
  } catch {
    // Whatever it was: the person decides without it, and is told so.
    return unknown(`${name} could not be asked just now.`);
  }
}

const unknown = (sentence: string): RemoteCheck => ({ found: 'unknown', sentence });
