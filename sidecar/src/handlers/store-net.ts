/** The net under the hooks: every order that is due and neither at the warehouse nor in the queue is queued. */
import { dueAtWarehouse } from '../domain/due.js';
import { orderSubject } from '../domain/identity.js';
import type { Connection } from '../domain/connection.js';
import type { StoreOrder } from '../domain/order.js';
import { dueRules } from '../queue/due-rules.js';
import { newJob } from '../queue/enqueue.js';
import type { Handler, HandlerContext } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { warehousesOf } from './accept.js';
import { openOrderPages } from './open-orders.js';

const RECORDS_A_PAGE = 100;
/** Ten a run, more when many wait: the net never floods what the hooks bring. */
const LEAST_A_RUN = 10;

export const storeNet: Handler = async (context) => {
  const warehouses = await warehousesOf(context);
  const found: Write[] = [];
  for await (const { orders } of openOrderPages(context, RECORDS_A_PAGE)) {
    found.push(
      ...(await missingPushes(
        context,
        warehouses,
        orders.map(({ body }) => body),
      )),
    );
    // Nothing here waits for the outside: without a break thousands of open orders would keep everybody else waiting.
    await context.checkpoint([]);
  }
  const batch = found.slice(0, Math.max(LEAST_A_RUN, Math.ceil(found.length / 4)));
  const sentence =
    found.length === 0
      ? 'Every order that is due is at the warehouse or on its way.'
      : `${found.length} due orders were not queued; ${batch.length} queued now.`;
  return { outcome: 'done', sentence, writes: batch };
};

async function missingPushes(
  context: HandlerContext,
  warehouses: Connection[],
  orders: StoreOrder[],
): Promise<Write[]> {
  const pushes: Write[] = [];
  for (const order of orders) {
    for (const warehouse of warehouses) {
      if (await isMissing(context, warehouse, order)) pushes.push(enqueuePush(context, warehouse, order));
    }
  }
  return pushes;
}

async function isMissing(context: HandlerContext, warehouse: Connection, order: StoreOrder): Promise<boolean> {
  const { reads } = context;
  const mapping = await reads.mapping(warehouse.id, 'order', String(order.id));
  if (mapping?.state === 'known') return false;
  const settlement = await reads.settlement(warehouse.id, orderSubject(order.id));
  const rules = await dueRules(reads, warehouse, order.id, settlement);
  return dueAtWarehouse(order, rules).due && !(await isQueued(context, warehouse, order.id));
}

/** Dead counts as queued: it needs a person, and asking again would not help. */
async function isQueued(context: HandlerContext, warehouse: Connection, orderId: number): Promise<boolean> {
  const states = ['queued', 'running', 'retrying', 'blocked', 'dead', 'cancelled'] as const;
  const filter = { connectionIds: [warehouse.id], kinds: ['order.push'], subject: orderSubject(orderId), states };
  const { total } = await context.reads.jobs(filter, { limit: 1, offset: 0, sort: 'newest' });
  return total > 0;
}

function enqueuePush(context: HandlerContext, connection: Connection, order: StoreOrder): Write {
  const { job, now } = context;
  const push = newJob({
    kind: 'order.push',
    connection,
    subject: orderSubject(order.id),
    now: now(),
    traceId: job.traceId,
    origin: 'net',
  });
  return { write: 'enqueue', job: push, onDead: 'leave' };
}
