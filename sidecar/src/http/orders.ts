/** One order as the box on WooCommerce's order screen shows it: where it is, why it was not sent, its parcels. */
import { z } from 'zod';
import type { Connection } from '../domain/connection.js';
import { dueAtWarehouse } from '../domain/due.js';
import { orderSubject } from '../domain/identity.js';
import { LIVE_STATES, type Job } from '../domain/job.js';
import type { Mapping } from '../domain/mapping.js';
import type { StoreOrder } from '../domain/order.js';
import type { Settlement } from '../domain/settlement.js';
import type { Parcel, WarehouseOrder } from '../domain/warehouse-order.js';
import { dueRules } from '../queue/due-rules.js';
import type { Api } from './api-scope.js';
import type { OrderView } from './api.js';
import { ApiFailure, invalid, notFound } from './errors.js';
import { mayAct, visibleConnections, type Identity } from './identity.js';
import { accepted } from './jobs.js';
import { jobRow, jobViewer } from './job-view.js';
import type { HttpWorld } from './world.js';

const JOBS_SHOWN = 20;
const params = z.object({ orderId: z.coerce.number().int().positive() });
const query = z.object({ store: z.string().optional() });
const send = z.object({ connectionId: z.string() });

export function orderRoutes(api: Api, world: HttpWorld): void {
  api.get(
    '/orders/:orderId',
    { schema: { params, querystring: query } },
    async ({ identity, params: { orderId }, query: { store } }) => {
      return orderView(await placeOf(world, identity, orderId, store));
    },
  );
  api.post(
    '/orders/:orderId/send',
    { config: { role: 'operator' }, schema: { params, querystring: query, body: send } },
    async (request) => {
      const place = await placeOf(world, request.identity, request.params.orderId, request.query.store);
      await sendOrder(place, request.body.connectionId);
      return orderView(await placeOf(world, request.identity, request.params.orderId, request.query.store));
    },
  );
}

/** An order, and what every warehouse of its store knows of it. */
interface Place {
  world: HttpWorld;
  identity: Identity;
  connections: Connection[];
  orderId: number;
  order: StoreOrder | null;
  at: AtWarehouse[];
}

interface AtWarehouse {
  connection: Connection;
  mapping: Mapping | null;
  remote: WarehouseOrder | null;
  settlement: Settlement | null;
  /** Its newest push, whatever its state. */
  push: Job | null;
  /** Why it is not due, or null. */
  whyNot: string | null;
  /** Whether "Send now" would send it. */
  sendable: boolean;
}

async function placeOf(
  world: HttpWorld,
  identity: Identity,
  orderId: number,
  asked: string | undefined,
): Promise<Place> {
  const connections = await visibleConnections(world.store, identity);
  const stores = connections.filter((one) => one.platform === 'woocommerce');
  const store = asked === undefined && stores.length === 1 ? stores[0] : stores.find(({ id }) => id === asked);
  if (store === undefined) throw invalid('Say in "store" which shop the order is of.');
  const record = await world.store.record(store.id, 'order', String(orderId));
  const order = (record?.body as StoreOrder | null | undefined) ?? null;
  const warehouses = connections.filter((one) => one.storeId === store.id && one.platform !== 'woocommerce');
  const at = await Promise.all(warehouses.map((connection) => atWarehouse(world, connection, orderId, order)));
  return { world, identity, connections, orderId, order, at };
}

async function atWarehouse(
  world: HttpWorld,
  connection: Connection,
  orderId: number,
  order: StoreOrder | null,
): Promise<AtWarehouse> {
  const { store } = world;
  const { id } = connection;
  const subject = orderSubject(orderId);
  const mapping = await store.mapping(id, 'order', String(orderId));
  const remoteId = mapping?.remoteId ?? null;
  const remote = remoteId === null ? null : await store.record(id, 'order', remoteId);
  const settlement = await store.settlement(id, subject);
  const pushes = await store.jobs(
    { connectionIds: [id], kinds: ['order.push'], subject },
    { limit: 1, offset: 0, sort: 'newest' },
  );
  const rules = await dueRules(store, connection, orderId, settlement);
  const due = order === null ? null : dueAtWarehouse(order, rules);
  return {
    connection,
    mapping,
    remote: (remote?.body as WarehouseOrder | null | undefined) ?? null,
    settlement,
    push: pushes.rows[0] ?? null,
    whyNot: due === null || due.due ? null : due.sentence,
    sendable: order !== null && dueAtWarehouse(order, { ...rules, sendNow: true }).due,
  };
}

async function orderView(place: Place): Promise<OrderView> {
  const { world, identity, connections, orderId, at } = place;
  const ids = connections.map(({ id }) => id);
  const { rows } = await world.store.jobs(
    { orgId: identity.orgId, connectionIds: ids, subject: orderSubject(orderId) },
    { limit: JOBS_SHOWN, offset: 0, sort: 'newest' },
  );
  const viewer = jobViewer(world, identity, connections);
  return {
    orderId,
    sentence: sentence(place),
    whyNotSent: at.find((one) => !isThere(one) && !isUnderWay(one) && one.whyNot !== null)?.whyNot ?? null,
    warehouses: at.map(warehouseRow),
    parcels: (await Promise.all(at.map(({ connection }) => parcelsOf(world, connection, orderId)))).flat(),
    jobs: await Promise.all(rows.map((job) => jobRow(viewer, job))),
    actions: mayAct(identity, 'operator') ? at.filter(mayBeSent).map(sendAction) : [],
  };
}

function sentence({ order, at }: Place): string {
  if (order === null) return 'Tallyman has not heard of this order yet.';
  const [first, ...others] = at;
  if (first === undefined)
    return 'No warehouse is connected yet. Connect one under WooCommerce → Tallyman → Connections.';
  const main = [first, ...others].find(isThere) ?? first;
  if (isThere(main))
    return `At ${main.connection.name} as ${main.mapping?.remoteLabel ?? main.mapping?.remoteId ?? ''}${statusOf(main)}.`;
  const { push, connection } = main;
  if (push?.state === 'dead')
    return `Needs attention: ${push.lastFailure?.summary ?? push.sentence ?? 'it was not sent.'}`;
  if (main.whyNot !== null) return main.whyNot;
  if (isUnderWay(main)) return push?.sentence ?? `On its way to ${connection.name}.`;
  return `Due at ${connection.name}; it goes with the next look at the queue.`;
}

const statusOf = ({ remote }: AtWarehouse): string =>
  remote === null ? '' : `, there it is "${remote.status.replaceAll('_', ' ')}"`;
const isThere = ({ mapping }: AtWarehouse): boolean => mapping?.state === 'known';
const isUnderWay = ({ push, whyNot }: AtWarehouse): boolean =>
  whyNot === null && push !== null && (LIVE_STATES as readonly string[]).includes(push.state);

/** Not there, nothing under way, and it would go. What died is retried, what was settled is re-opened. */
function mayBeSent(one: AtWarehouse): boolean {
  return !isThere(one) && !isUnderWay(one) && one.sendable && one.push?.state !== 'dead';
}

function sendAction({ connection: { id, name } }: AtWarehouse): OrderView['actions'][number] {
  return { action: 'send', connectionId: id, label: `Send to ${name} now` };
}

function warehouseRow({ connection, mapping, remote, settlement }: AtWarehouse): OrderView['warehouses'][number] {
  return {
    connectionId: connection.id,
    name: connection.name,
    remoteId: mapping?.remoteId ?? null,
    remoteNumber: mapping?.remoteLabel ?? remote?.number ?? null,
    status: remote?.status ?? null,
    settledBy: settlement === null ? null : `${settlement.by}: ${settlement.reason}`,
  };
}

async function parcelsOf({ store }: HttpWorld, { id }: Connection, orderId: number): Promise<OrderView['parcels']> {
  const records = await store.records({ connectionId: id, type: 'shipment', lookup: String(orderId), limit: 100 });
  const parcels = records.flatMap(({ body }) => (body === null ? [] : [body as Parcel]));
  return parcels.map(({ number, carrier, tracking, shippedAt }) => ({ number, carrier, tracking, shippedAt }));
}

async function sendOrder({ world, identity, orderId, order, at }: Place, connectionId: string): Promise<void> {
  const warehouse = at.find(({ connection }) => connection.id === connectionId);
  if (warehouse === undefined) throw notFound('connection');
  if (order === null)
    throw new ApiFailure(
      409,
      'illegal_move',
      'Tallyman has not heard of this order yet. It goes by itself once it has.',
    );
  if (isThere(warehouse))
    throw new ApiFailure(409, 'illegal_move', `The order is at ${warehouse.connection.name} already.`);
  if (!warehouse.sendable && warehouse.settlement === null) {
    throw new ApiFailure(409, 'illegal_move', warehouse.whyNot ?? 'This order cannot be sent.');
  }
  const by = { who: identity.who, reason: null, now: world.now(), traceId: world.newId() };
  accepted(await world.operator.sendNow(connectionId, orderId, by));
}
