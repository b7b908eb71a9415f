/** A store's screen, through its plugin: one signed call that is passed on to the management API under the user's name. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { signedStore, unauthorized } from './auth.js';
import { ApiFailure, invalid } from './errors.js';
import type { Identity } from './identity.js';
import type { Limiter } from './limit.js';
import type { HttpWorld } from './world.js';

const INNER_HEADER = 'tallyman-inner';
const REMEMBERED_MS = 10 * 60_000;

const call = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  path: z
    .string()
    .regex(/^\/[\w/.:~@-]*$/)
    .refine((path) => !path.includes('..')),
  // PHP writes an empty map as [].
  query: z.union([z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), z.array(z.never())]).nullish(),
  body: z.unknown(),
  user: z.object({ id: z.number().int(), name: z.string().max(200), role: z.enum(['viewer', 'admin']) }),
});
type Call = z.output<typeof call>;

/** Identities of calls under way, by a key nobody outside can guess; each is good for one request. */
export function innerIdentities(newId: () => string) {
  const held = new Map<string, Identity>();
  return {
    give(identity: Identity): Record<string, string> {
      const key = newId();
      held.set(key, identity);
      return { [INNER_HEADER]: key };
    },
    take(request: FastifyRequest): Identity | null {
      const key = request.headers[INNER_HEADER];
      if (typeof key !== 'string') return null;
      const identity = held.get(key) ?? null;
      held.delete(key);
      return identity;
    },
  };
}
export type InnerIdentities = ReturnType<typeof innerIdentities>;

export function callRoute(server: FastifyInstance, world: HttpWorld, refused: Limiter, inner: InnerIdentities): void {
  const repeated = memoryOfIds(world);
  const isRepeated = async (id: string) => repeated(id) || (await world.isFirst?.(`call:${id}`)) === false;
  server.post('/v1/call', async (request, reply) => {
    const raw = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const store = await signedStore(world, refused, request, raw);
    const asked = readCall(raw);
    // Reading twice does no harm; pressing a button twice with a recorded call would.
    if (asked.method !== 'GET' && (await isRepeated(String(request.headers['webhook-id'])))) {
      throw new ApiFailure(409, 'repeated', 'This call has been made already.');
    }
    const { id, name, role } = asked.user;
    const identity: Identity = { orgId: store.orgId, storeId: store.id, who: `${name} (user ${id})`, role };
    const answer = await server.inject({ ...target(asked), headers: inner.give(identity) });
    if (answer.statusCode === 401) throw unauthorized();
    return reply.code(answer.statusCode).type('application/json').send(answer.rawPayload);
  });
}

function readCall(raw: Uint8Array): Call {
  try {
    return call.parse(JSON.parse(Buffer.from(raw).toString('utf8')));
  } catch {
    throw invalid('The call is not in the agreed shape.');
  }
}

function target({ method, path, query, body }: Call) {
  const url = path.startsWith('/api/v1/') ? path : `/api/v1${path}`;
  const words = Array.isArray(query) ? {} : (query ?? {});
  const asked = {
    method,
    url,
    query: Object.fromEntries(Object.entries(words).map(([name, value]) => [name, String(value)])),
  };
  return method === 'GET' || body == null || Array.isArray(body) ? asked : { ...asked, payload: body };
}

/** @returns whether an id was seen within the time in which its signature would still be accepted. */
function memoryOfIds(world: Pick<HttpWorld, 'now'>) {
  const seen = new Map<string, number>();
  return (id: string): boolean => {
    const now = world.now();
    for (const [known, at] of seen) {
      if (at + REMEMBERED_MS > now) break;
      seen.delete(known);
    }
    if (seen.has(id)) return true;
    seen.set(id, now);
    return false;
  };
}
