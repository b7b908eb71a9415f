/** Reads one order from the store by id: the answer that settles two reads which disagree. */
import { subjectOrderId } from '../domain/identity.js';
import { deletedOrder, heldOrder } from '../queue/accept-orders.js';
import type { Handler } from '../queue/handler.js';
import { acceptReadOrders } from './accept.js';

export const orderRead: Handler = async (context) => {
  const { storeConnection, reads } = context;
  const orderId = subjectOrderId(context.job.subject);
  const how = { authoritative: 'yes', origin: 'read again by id' } as const;
  const read = await context.shop(storeConnection).readOrder(orderId, context.call);
  if (read !== null) {
    return {
      outcome: 'done',
      sentence: 'Read from the store again.',
      writes: await acceptReadOrders(context, { orders: [read], ...how }),
    };
  }
  const held = await heldOrder({ reads, connection: storeConnection }, orderId);
  if (held === null) return { outcome: 'skip', sentence: 'The store has no such order.' };
  const writes = await acceptReadOrders(context, { orders: [deletedOrder(held)], ...how });
  return { outcome: 'done', sentence: 'The order was deleted in the store.', writes };
};
