/** POST /webhook/:platform/:connectionId: verified on the raw bytes, stored with its jobs in one unit, answered, then worked on. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Connection } from '../domain/connection.js';
import type { WarehouseEvent, WarehousePlatform } from '../platforms/platform.js';
import { acceptEvent, eventKey, type AcceptedEvent } from '../queue/accept-event.js';
import type { NewDelivery } from '../stores/store.js';
import { refuse } from './auth.js';
import { notFound } from './errors.js';
import type { InTurn } from './in-turn.js';
import type { Limiter } from './limit.js';
import type { HttpWorld } from './world.js';

/** What taking in needs of the world; the simulation has no more than this. */
export type DeliveryWorld = Pick<HttpWorld, 'store' | 'now' | 'newId'> & { logger: Pick<HttpWorld['logger'], 'info'> };

interface Arrival {
  platform: WarehousePlatform;
  connection: Connection;
  raw: Uint8Array;
  headers: Record<string, string | undefined>;
}

export function webhookRoute(server: FastifyInstance, world: HttpWorld, refused: Limiter, inTurn: InTurn): void {
  server.post<{ Params: { platform: string; connectionId: string } }>(
    '/webhook/:platform/:connectionId',
    async (request) => {
      const arrival = await identify(world, request);
      await verified(world, refused, arrival);
      const answer = await takeDelivery(world, arrival, inTurn);
      world.nudge();
      return answer;
    },
  );
}

async function identify(
  world: HttpWorld,
  request: FastifyRequest<{ Params: { platform: string; connectionId: string } }>,
): Promise<Arrival> {
  const { platform: key, connectionId } = request.params;
  const platform = world.warehouses.find((one) => one.key === key);
  const connection = platform === undefined ? null : await world.store.connection(connectionId);
  if (platform === undefined || connection?.platform !== platform.key) throw notFound('connection');
  const raw = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  return { platform, connection, raw, headers };
}

async function verified(
  world: HttpWorld,
  refused: Limiter,
  { platform, connection, raw, headers }: Arrival,
): Promise<void> {
  const { values } = await world.vault.read(connection.id);
  const secret = values['webhookSecret'] ?? '';
  // Without a secret everything would be accepted that was signed with an empty one.
  if (secret !== '' && platform.webhooks.verify(headers, raw, secret)) return;
  world.logger.warn({ event: 'auth.refused', connectionId: connection.id }, 'A webhook signature was missing or wrong');
  throw refuse(refused, connection.id);
}

/** @param arrival verified already. */
export async function takeDelivery(
  world: DeliveryWorld,
  arrival: Pick<Arrival, 'connection' | 'raw' | 'headers'> & { platform: Pick<WarehousePlatform, 'webhooks'> },
  inTurn: InTurn,
): Promise<{ ok: true; duplicate?: true }> {
  const { connection, raw, platform, headers } = arrival;
  const sent = platform.webhooks.deliveryId(headers);
  const dedupeKey = sent === null ? `body:${createHash('sha256').update(raw).digest('hex')}` : `id:${sent}`;
  const event = readEvent(arrival);
  const stored = await inTurn(`${connection.id}:${eventKey(event, dedupeKey)}`, () =>
    storeDelivery(world, arrival, dedupeKey, event),
  );
  if (stored === 'new') return { ok: true };
  await world.store.countDuplicate(connection.id, dedupeKey);
  return { ok: true, duplicate: true };
}

/** @returns null when its bytes cannot be decoded: they are kept for a person. */
function readEvent({
  platform,
  raw,
}: Pick<Arrival, 'raw'> & { platform: Pick<WarehousePlatform, 'webhooks'> }): WarehouseEvent | null {
  try {
    return platform.webhooks.read(raw);
  } catch {
    return null;
  }
}

async function storeDelivery(
  world: DeliveryWorld,
  { connection, raw }: Pick<Arrival, 'connection' | 'raw'>,
  dedupeKey: string,
  event: WarehouseEvent | null,
): Promise<'new' | 'duplicate'> {
  const traceId = world.newId();
  const { state, note, writes } = await become(world, connection, event, traceId);
  const delivery: NewDelivery = {
    id: traceId,
    orgId: connection.orgId,
    connectionId: connection.id,
    dedupeKey,
    topic: event?.topic ?? 'undecodable',
    state,
    body: raw,
    note,
  };
  const applied = await world.store.apply({
    now: world.now(),
    guards: [{ guard: 'newDelivery', connectionId: connection.id, dedupeKey }],
    writes: [{ write: 'insertDelivery', delivery }, ...writes],
  });
  if (!applied.applied) return 'duplicate';
  if (state !== 'processed')
    world.logger.info({ event: `webhook.${state}`, connectionId: connection.id, topic: delivery.topic, note });
  return 'new';
}

type Became = Omit<AcceptedEvent, 'state'> & { state: AcceptedEvent['state'] | 'dead' };

async function become(
  world: DeliveryWorld,
  connection: Connection,
  event: WarehouseEvent | null,
  traceId: string,
): Promise<Became> {
  if (event === null) return { state: 'dead', note: 'The body cannot be decoded.', writes: [] };
  const store = await world.store.connection(connection.storeId);
  if (store === null) return { state: 'ignored', note: 'The store of this warehouse is gone.', writes: [] };
  const news = { reads: world.store, connection, store, now: world.now(), traceId, origin: `webhook ${event.topic}` };
  return acceptEvent(news, event);
}
