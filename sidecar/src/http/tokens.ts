/** Tokens of the management API. Shown once, when they are made; kept as their hash. */
import { z } from 'zod';
import type { Role, Token } from '../stores/store.js';
import type { Api } from './api-scope.js';
import { sha256 } from './auth.js';
import { notFound } from './errors.js';
import { demandWholeOrg, type Identity } from './identity.js';
import type { HttpWorld } from './world.js';

const TOKEN_BYTES = 32;
const input = z.object({ name: z.string().trim().min(1).max(60), role: z.enum(['viewer', 'operator', 'admin']) });

/** @param chance 32 random bytes. */
export const newToken = (chance: Uint8Array): string => `tally_${Buffer.from(chance).toString('base64url')}`;

export function tokenRoutes(api: Api, world: HttpWorld): void {
  api.get('/tokens', { config: { role: 'admin' } }, async ({ identity }) => {
    demandWholeOrg(identity);
    return { rows: (await tokensOf(world, identity)).map(row) };
  });
  api.post('/tokens', { config: { role: 'admin' }, schema: { body: input } }, async ({ identity, body }) => {
    demandWholeOrg(identity);
    const token = newToken(world.chance(TOKEN_BYTES));
    const kept = tokenRow(world, identity.orgId, body, token);
    await world.store.apply({
      now: world.now(),
      guards: [],
      writes: [{ write: 'putToken', token: kept }, told(identity, `token "${body.name}" made`)],
    });
    return { ...row(kept), token };
  });
  api.delete(
    '/tokens/:id',
    { config: { role: 'admin' }, schema: { params: z.object({ id: z.string() }) } },
    async ({ identity, params }) => {
      demandWholeOrg(identity);
      const held = (await tokensOf(world, identity)).find(({ id }) => id === params.id);
      if (held === undefined) throw notFound('token');
      await world.store.apply({
        now: world.now(),
        guards: [],
        writes: [{ write: 'dropToken', id: held.id }, told(identity, `token "${held.name}" removed`)],
      });
      return { ok: true };
    },
  );
}

function tokenRow(world: HttpWorld, orgId: string, { name, role }: { name: string; role: Role }, token: string): Token {
  return { id: world.newId(), orgId, name, role, hash: sha256(token), createdAt: world.now() };
}

async function tokensOf({ store }: HttpWorld, { orgId }: Identity): Promise<Token[]> {
  return (await store.tokens()).filter((token) => token.orgId === orgId);
}

function row({ id, name, role, createdAt }: Token) {
  return { id, name, role, createdAt: new Date(createdAt).toISOString() };
}

function told({ orgId, who }: Identity, what: string) {
  const activity = {
    orgId,
    connectionId: null,
    jobId: null,
    subject: `organisation:${orgId}`,
    who,
    what,
    why: null,
    before: null,
    after: null,
  };
  return { write: 'insertActivity', activity } as const;
}
