/** The three doors: a token of the management API, a call signed by a paired store, and a call the sidecar makes to itself for one. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Connection } from '../domain/connection.js';
import { PROTOCOL } from './api.js';
import { ApiFailure } from './errors.js';
import type { Identity } from './identity.js';
import type { Limiter } from './limit.js';
import { verify } from './signature.js';
import type { HttpWorld } from './world.js';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** How a missing, a wrong and an unknown signature are answered alike. */
export const unauthorized = (): ApiFailure =>
  new ApiFailure(401, 'unauthorized', 'The signature or token is missing, wrong or unknown here.');
const tooMany = (): ApiFailure =>
  new ApiFailure(429, 'too_many', 'Too many requests without a valid signature. Wait a minute.');

/** @returns what to answer a request that could not prove who it is. */
export function refuse(limiter: Limiter, key: string): ApiFailure {
  return limiter.isOver(key) ? tooMany() : unauthorized();
}

export async function tokenIdentity(
  world: Pick<HttpWorld, 'store'>,
  header: string | undefined,
): Promise<Identity | null> {
  const token = /^Bearer (\S{16,200})$/.exec(header ?? '')?.[1];
  if (token === undefined) return null;
  // Looked up by its hash: how long the look-up takes tells nothing about a token.
  const row = await world.store.tokenByHash(sha256(token));
  return row === null ? null : { orgId: row.orgId, storeId: null, who: `token ${row.name}`, role: row.role };
}

/** For a store nobody knows a signature is computed all the same, so that the answer takes as long. */
const NOBODY = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

/**
 * @returns the paired store that signed the request.
 * @throws ApiFailure 401, with the server's time when only the clock is wrong; 429 when there are too many of those; 400 for
 *   a protocol we do not speak.
 */
export async function signedStore(
  world: HttpWorld,
  limiter: Limiter,
  request: FastifyRequest,
  raw: Uint8Array,
): Promise<Connection> {
  const storeId = one(request, 'tallyman-store');
  const connection = storeId === '' ? null : await world.store.connection(storeId);
  const store = connection?.platform === 'woocommerce' ? connection : null;
  const secrets = store === null ? [NOBODY] : await secretsOf(world, store.id);
  const headers = {
    id: one(request, 'webhook-id'),
    timestamp: one(request, 'webhook-timestamp'),
    signature: one(request, 'webhook-signature'),
  };
  const verdict = verify(headers, raw, secrets, Math.floor(world.now() / 1000));
  if (store === null || verdict === 'wrong') {
    request.log.warn({ event: 'auth.refused', storeId: store?.id ?? null }, 'A signature was missing or wrong');
    throw refuse(limiter, store?.id ?? request.ip);
  }
  if (verdict === 'stale') throw stale(world.now());
  assertProtocol(one(request, 'tallyman-protocol'));
  return store;
}

export function assertProtocol(spoken: string | number): void {
  if (Number(spoken) === PROTOCOL) return;
  const message = `The plugin speaks protocol ${String(spoken) || '(none)'}, this sidecar speaks ${PROTOCOL}. Update the older of the two.`;
  throw new ApiFailure(400, 'protocol', message);
}

async function secretsOf(world: HttpWorld, connectionId: string): Promise<string[]> {
  const { values } = await world.vault.read(connectionId);
  const { secret, previousSecret, previousUntil } = values;
  const overlaps = previousSecret !== undefined && Number(previousUntil ?? 0) > world.now();
  return [secret, overlaps ? previousSecret : undefined].filter((one) => one !== undefined && one !== '') as string[];
}

function stale(now: number): ApiFailure {
  const serverTime = new Date(now).toISOString();
  const message = `The request is more than 5 minutes off. The sidecar's clock says ${serverTime}; check the clock of the shop.`;
  return new ApiFailure(401, 'stale', message, { serverTime });
}

/** @returns the header's value, '' when it is missing or there are several. */
function one(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
