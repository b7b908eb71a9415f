/** /health: the process answers. /ready: it also gets work done, or says why not. */
import type { FastifyInstance } from 'fastify';
import type { HttpWorld } from './world.js';

export function healthRoutes(server: FastifyInstance, world: HttpWorld): void {
  server.get('/health', async () => ({ ok: true, version: world.version }));
  server.get('/ready', async (_request, reply) => {
    const reasons = [...(await storeTrouble(world)), ...world.notReady()];
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
}

async function storeTrouble({ store }: HttpWorld): Promise<string[]> {
  try {
    await store.meta('ready');
    return [];
  } catch {
    return ['The database does not answer.'];
  }
}
