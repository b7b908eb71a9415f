/** Log in, refresh, and who may call. */
import { randomBytes } from 'node:crypto';
import { forbidden, objectOf, ok, textOf, unauthorized, type Asked, type Reply } from './replies.js';
import type { Warehouse } from './warehouse.js';

export function login(warehouse: Warehouse, asked: Asked): Reply {
  const { username, password, wmsCode } = warehouse.options;
  const given = objectOf(asked.body);
  if (asked.headers['x-wms-code'] !== wmsCode) return forbidden('Unknown WMS code.');
  if (given['username'] !== username || given['password'] !== password) return unauthorized('Invalid credentials.');
  return ok(grant(warehouse));
}

/** A refresh token is good once. */
export function refresh(warehouse: Warehouse, asked: Asked): Reply {
  const given = textOf(objectOf(asked.body)['refresh_token']);
  if (!warehouse.refreshTokens.delete(given)) return unauthorized('Invalid JWT Refresh Token');
  return ok(grant(warehouse));
}

/** @returns why the call is refused, or null. */
export function refusal(warehouse: Warehouse, { headers }: Asked): Reply | null {
  const { wmsCode, customerCode } = warehouse.options;
  const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
  if (token === '') return unauthorized('JWT Token not found');
  const endsAt = warehouse.tokens.get(token);
  if (endsAt === undefined) return unauthorized('Invalid JWT Token');
  if (endsAt <= warehouse.clock() / 1000) return unauthorized('Expired JWT Token');
  if (headers['x-wms-code'] !== wmsCode) return forbidden('Unknown WMS code.');
  return headers['x-customer-code'] === customerCode ? null : forbidden('No access to this customer.');
}

/** Every token is refused from now on; refresh tokens stay good. */
export function expireTokens(warehouse: Warehouse): void {
  warehouse.tokens.clear();
}

function grant(warehouse: Warehouse): Record<string, unknown> {
  const iat = Math.floor(warehouse.clock() / 1000);
  const exp = iat + warehouse.options.tokenLifeSeconds;
  const token = [
    { typ: 'JWT', alg: 'RS256' },
    { iat, exp, username: warehouse.options.username },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat(randomBytes(32).toString('base64url'))
    .join('.');
  const refreshToken = randomBytes(64).toString('hex');
  warehouse.tokens.set(token, exp);
  warehouse.refreshTokens.add(refreshToken);
  return { token, iat, exp, refresh_token: refreshToken };
}
