/** What came in, as it came: list, look at one, work through it again. */
import { z } from 'zod';
import type { Connection } from '../domain/connection.js';
import { eventKey } from '../queue/accept-event.js';
import { noted } from '../queue/press.js';
import { reworkEvent, reworkHandOver, type Reworked } from '../queue/rework.js';
import type { Delivery, DeliveryFilter, WriteResult } from '../stores/store.js';
import type { Api } from './api-scope.js';
import type { DeliveryList, ReplayAnswer } from './api.js';
import { deliveryDetail, deliveryRow, type DeliveryViewer } from './delivery-view.js';
import { ApiFailure, notFound } from './errors.js';
import type { Identity } from './identity.js';
import type { InTurn } from './in-turn.js';
import { viewerOf, type JobViewer } from './job-view.js';
import type { HttpWorld } from './world.js';

const list = z.object({
  connection: z.string().max(100).optional(),
  state: z.enum(['received', 'processed', 'dead', 'ignored']).optional(),
  topic: z.string().max(100).optional(),
  search: z.string().trim().max(200).optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(20),
});
type ListQuery = z.output<typeof list>;
const params = z.object({ id: z.string().max(100) });

export function deliveryRoutes(inTurn: InTurn): (api: Api, world: HttpWorld) => void {
  return (api, world) => {
    api.get('/deliveries', { schema: { querystring: list } }, async ({ identity, query }) =>
      listDeliveries(await viewerOf(world, identity), query),
    );
    api.get('/deliveries/:id', { schema: { params } }, async ({ identity, params: { id } }) => {
      const viewer = await deliveryViewer(world, identity);
      return deliveryDetail(viewer, await visibleDelivery(viewer, id));
    });
    api.post(
      '/deliveries/:id/replay',
      { config: { role: 'operator' }, schema: { params } },
      async ({ identity, params: { id } }): Promise<ReplayAnswer> => {
        const viewer = await deliveryViewer(world, identity);
        const sentence = await replay(viewer, await visibleDelivery(viewer, id), inTurn);
        return { sentence, delivery: await deliveryDetail(viewer, await visibleDelivery(viewer, id)) };
      },
    );
  };
}

async function listDeliveries(viewer: JobViewer, query: ListQuery): Promise<DeliveryList> {
  const { page, per_page: limit } = query;
  const filter = filterOf(viewer, query);
  const { rows, total } = await viewer.world.store.deliveryPage(filter, { limit, offset: (page - 1) * limit });
  return { rows: rows.map((row) => deliveryRow(viewer, row)), total };
}

/** Always within what the asker may see, whatever the query names. */
function filterOf(
  { identity, connections }: JobViewer,
  { connection, state, topic, search }: ListQuery,
): DeliveryFilter {
  const reachable = [...connections.keys()];
  return {
    orgId: identity.orgId,
    connectionIds: connection === undefined ? reachable : reachable.filter((id) => id === connection),
    ...(state === undefined ? {} : { states: [state] }),
    ...(topic === undefined || topic === '' ? {} : { topic }),
    ...(search === undefined || search === '' ? {} : { search }),
  };
}

async function deliveryViewer(world: HttpWorld, identity: Identity): Promise<DeliveryViewer> {
  return { ...(await viewerOf(world, identity)), world };
}

async function visibleDelivery({ world, identity, connections }: DeliveryViewer, id: string): Promise<Delivery> {
  const delivery = await world.store.delivery(id);
  if (delivery === null || delivery.orgId !== identity.orgId || !connections.has(delivery.connectionId))
    throw notFound('delivery');
  return delivery;
}

/** In one unit, and in turn with what arrives about the same thing. @returns what came of it. */
async function replay(viewer: DeliveryViewer, delivery: Delivery, inTurn: InTurn): Promise<string> {
  const { body } = delivery;
  const connection = viewer.connections.get(delivery.connectionId);
  const store = connection === undefined ? undefined : viewer.connections.get(connection.storeId);
  if (connection === undefined || store === undefined) throw notFound('delivery');
  if (body === null)
    throw new ApiFailure(409, 'illegal_move', 'It cannot be worked through again: its body has been deleted.');
  return inTurn(turnOf(viewer.world, connection, delivery, body), async () => {
    const reworked = await reworkedOf(viewer, { connection, store, delivery, body });
    return keep(viewer, delivery, reworked);
  });
}

/** The same as where it came in. */
function turnOf(
  { warehouses }: HttpWorld,
  { id, platform, storeId }: Connection,
  { dedupeKey }: Delivery,
  body: Uint8Array,
): string {
  if (id === storeId) return `outbox:${id}`;
  try {
    const event = warehouses.find(({ key }) => key === platform)?.webhooks.read(body) ?? null;
    return `${id}:${eventKey(event, dedupeKey)}`;
  } catch {
    return `${id}:${dedupeKey}`;
  }
}

interface Held {
  connection: Connection;
  store: Connection;
  delivery: Delivery;
  body: Uint8Array;
}

function reworkedOf(
  { world, connections }: DeliveryViewer,
  { connection, store, delivery, body }: Held,
): Promise<Reworked> {
  const now = world.now();
  if (connection.id !== store.id) {
    const platform = world.warehouses.find(({ key }) => key === connection.platform);
    const readEvent = () => {
      if (platform === undefined) throw new Error(`No platform is called ${connection.platform}.`);
      return platform.webhooks.read(body);
    };
    return reworkEvent({ reads: world.store, delivery, connection, store, readEvent, now });
  }
  const warehouses = [...connections.values()].filter((one) => one.storeId === store.id && one.id !== store.id);
  const { store: reads, readOrder } = world;
  return reworkHandOver({ reads, delivery, body, connection, warehouses, readOrder, now, newId: () => world.newId() });
}

async function keep(
  { world, identity }: DeliveryViewer,
  delivery: Delivery,
  { state, note, writes }: Reworked,
): Promise<string> {
  const { id, orgId, connectionId, state: before } = delivery;
  const by = { who: identity.who, reason: note, now: world.now() };
  const activity = {
    ...noted(by, 'Worked through again.'),
    orgId,
    connectionId,
    jobId: null,
    subject: `delivery:${id}`,
    before,
    after: state,
  };
  const answer = await world.store.apply({
    now: by.now,
    guards: [],
    writes: [...writes, { write: 'insertActivity', activity }],
  });
  if (!answer.applied) throw new ApiFailure(503, 'busy', 'It could not be stored just now. Try again.');
  world.nudge();
  if (state !== 'processed') return `Worked through again. ${note ?? ''}`.trim();
  const queued = answer.results.reduce((sum, result) => sum + jobsIn(result), 0);
  if (queued === 0) return 'Worked through again. Nothing new came of it: all of it is known already.';
  return `Worked through again: ${queued === 1 ? '1 job' : `${queued} jobs`} queued.`;
}

function jobsIn(result: WriteResult): number {
  if (result.kind === 'record') return result.jobIds.length;
  return result.kind === 'enqueued' && result.how !== 'left_dead' ? 1 : 0;
}
