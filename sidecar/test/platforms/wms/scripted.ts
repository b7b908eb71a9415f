/** The adapter on answers written down beforehand: for what no simulator would say. */
import type { HttpAnswer, HttpRequest } from '../../../src/platforms/http.js';
import type { WarehousePort } from '../../../src/platforms/platform.js';
import { wms } from '../../../src/platforms/wms/platform.js';
import { NOW } from '../../contracts/platform/warehouse.js';
import { keyring, type Keyring } from './harness.js';
import { rawSample } from './samples.js';

const SETTINGS = { baseUrl: 'https://warehouse.example/api', wmsCode: 'WMS-1', customerCode: 'SHOP-1' };

type Answer = Partial<HttpAnswer> | Error;

interface Script {
  /** Default: a token, good for an hour. */
  auth?: () => Answer;
  answer: (request: HttpRequest) => Answer;
  keys?: Keyring;
}

export function scripted({
  auth = () => json(200, { token: 't-1', refresh_token: 'r-1', iat: 0, exp: 3600 }),
  answer,
  keys = keyring({ username: 'u', password: 'p' }),
}: Script): { port: WarehousePort; sent: HttpRequest[] } {
  const sent: HttpRequest[] = [];
  const http = (request: HttpRequest): Promise<HttpAnswer> => {
    sent.push(request);
    const given = request.url.includes('/auth/') ? auth() : answer(request);
    if (given instanceof Error) return Promise.reject(given);
    return Promise.resolve({ status: 200, headers: {}, body: new Uint8Array(), ...given });
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
