/** The adapter on answers written down beforehand: for what no simulator would say. */
import type { HttpAnswer, HttpRequest } from '../../../src/platforms/http.js';
import type { WarehousePort } from '../../../src/platforms/platform.js';
import { wms } from '../../../src/platforms/wms/platform.js';
import { NOW } from '../../contracts/platform/warehouse.js';
import { keyring, type Keyring } from './harness.js';
import { rawSample } from './samples.js';

const SETTINGS = { baseUrl: 'https://warehouse.example/api', wmsCode: 'WMS-1', customerCode: 'SHOP-1' };

type Script = (request: HttpRequest) => Partial<HttpAnswer> | Error;

/** Log-ins succeed by themselves unless the script says otherwise. */
export function scripted(
  script: Script,
  keys: Keyring = keyring({ username: 'u', password: 'p' }),
): { port: WarehousePort; sent: HttpRequest[] } {
  const sent: HttpRequest[] = [];
  const http = (request: HttpRequest): Promise<HttpAnswer> => {
    sent.push(request);
    const given = script(request);
    if (given instanceof Error) return Promise.reject(given);
    const login = request.url.includes('/auth/') && given.status === undefined;
    const answer = login ? json(200, { token: 't-1', refresh_token: 'r-1', iat: 0, exp: 3600 }) : given;
    return Promise.resolve({ status: 200, headers: {}, body: new Uint8Array(), ...answer });
  };
  const world = { http, now: () => NOW, newId: () => 'id', credentials: keys, log: () => undefined };
  return { port: wms.connect(SETTINGS, world), sent };
}

export const json = (status: number, value: unknown): Partial<HttpAnswer> => ({
  status,
  body: new TextEncoder().encode(JSON.stringify(value)),
});
export const file = (status: number, name: string): Partial<HttpAnswer> => ({ status, body: rawSample(name) });
export const paths = (sent: readonly HttpRequest[]): string[] =>
  sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
