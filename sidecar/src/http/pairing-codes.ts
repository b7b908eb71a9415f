/** One-time codes for pairing: made by an admin of the installation, typed once into the shop's settings. */
import { z } from 'zod';
import type { Api } from './api-scope.js';
import { sha256 } from './auth.js';
import { demandWholeOrg } from './identity.js';
import type { HttpWorld } from './world.js';

export const CODE_LIFE_MS = 10 * 60_000;

/** Without letters that are taken for others when read aloud or typed. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 10;

/** @returns "4F7KM-Q2X9R": 50 bits, in two groups. @param chance ten random bytes. */
export function newCode(chance: Uint8Array): string {
  const signs = [...chance.slice(0, CODE_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '0').join('');
  return `${signs.slice(0, 5)}-${signs.slice(5)}`;
}

/** @returns the hash of a code as typed: case, dashes, spaces and look-alike letters do not matter. */
export function codeHash(typed: string): string {
  const signs = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return sha256(`pairing:${signs}`);
}

/** The port can only say whether a code is good; whose it is stands here. */
export const codeOrgKey = (hash: string): string => `pairing-code:${hash}`;

export function pairingCodeRoutes(api: Api, world: HttpWorld): void {
  api.post(
    '/pairing-codes',
    { config: { role: 'admin' }, schema: { body: z.object({}).nullish() } },
    async ({ identity }) => {
      demandWholeOrg(identity);
      const code = newCode(world.chance(CODE_LENGTH));
      const now = world.now();
      const expiresAt = now + CODE_LIFE_MS;
      await world.store.apply({
        now,
        guards: [],
        writes: [
          { write: 'putPairingCode', codeHash: codeHash(code), orgId: identity.orgId, expiresAt },
          { write: 'putMeta', key: codeOrgKey(codeHash(code)), value: identity.orgId },
        ],
      });
      return { code, expiresAt: new Date(expiresAt).toISOString(), publicUrl: world.publicUrl };
    },
  );
}
