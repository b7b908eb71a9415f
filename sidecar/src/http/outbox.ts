/** POST /v1/outbox: a store hands its changes over. What is answered with 200 survives a power cut. */
import type { FastifyInstance } from 'fastify';
import { acceptBatch } from '../queue/accept-batch.js';
import { assertNever } from '../domain/assert-never.js';
import { signedStore } from './auth.js';
import { ApiFailure } from './errors.js';
import type { InTurn } from './in-turn.js';
import type { Limiter } from './limit.js';
import type { Connection } from '../domain/connection.js';
import type { Applied, Guard, Unit } from '../stores/store.js';
import type { HttpWorld } from './world.js';

interface Answer {
  status: 200 | 202;
  acknowledged: string[];
}

export function outboxRoute(server: FastifyInstance, world: HttpWorld, refused: Limiter, inTurn: InTurn): void {
  server.post('/v1/outbox', async (request, reply) => {
    const raw = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const store = await signedStore(world, refused, request, raw);
    // One batch of a store at a time: the next must see which rows the one before has brought.
    const { status, acknowledged } = await inTurn(`outbox:${store.id}`, () => takeBatch(world, store, raw));
    world.nudge();
    world.noteActivity(store.id);
    return reply.code(status).send({ acknowledged, now: new Date(world.now()).toISOString() });
  });
}

/** What taking in needs of the world; the simulation has no more than this. */
export type BatchWorld = Pick<HttpWorld, 'store' | 'readOrder' | 'now' | 'newId'> & {
  logger: Pick<HttpWorld['logger'], 'warn'>;
};

/** @throws ApiFailure when nothing of it was kept. */
export async function takeBatch(world: BatchWorld, connection: Connection, raw: Uint8Array): Promise<Answer> {
  const { store, readOrder } = world;
  const warehouses = (await store.connections(connection.orgId)).filter(
    (one) => one.storeId === connection.id && one.platform !== 'woocommerce',
  );
  const arrival = {
    reads: store,
    connection,
    warehouses,
    readOrder,
    raw,
    now: world.now(),
    newId: () => world.newId(),
  };
  const verdict = await acceptBatch(arrival);
  switch (verdict.verdict) {
    case 'forked':
      world.logger.warn({ event: 'outbox.forked', connectionId: connection.id, why: verdict.why });
      throw new ApiFailure(
        409,
        'forked',
        `${verdict.why} Nothing was taken over. Pair this site anew, or remove Tallyman from the copy.`,
      );
    case 'undecodable':
      world.logger.warn({ event: 'outbox.undecodable', connectionId: connection.id, why: verdict.why });
      await store.apply(verdict.unit);
      return { status: 202, acknowledged: [] };
    case 'accept':
      if (verdict.unit !== null) assertKept(verdict.unit, await store.apply(verdict.unit));
      return { status: 200, acknowledged: verdict.acknowledged };
    default:
      return assertNever(verdict);
  }
}

/** Refused because the same bytes were stored a moment ago is as good as stored; refused for anything else is not kept. */
function assertKept(unit: Unit, answer: Applied): void {
  if (answer.applied) return;
  const { failed } = answer;
  const again = unit.guards.some((guard) => guard.guard === 'newDelivery' && isSame(guard, failed));
  if (!again) throw new ApiFailure(503, 'busy', 'The changes could not be stored just now. Hand them over again.');
}

function isSame(
  guard: Extract<Guard, { guard: 'newDelivery' }>,
  failed: Extract<Applied, { applied: false }>['failed'],
): boolean {
  return failed.guard === 'newDelivery' && failed.dedupeKey === guard.dedupeKey;
}
