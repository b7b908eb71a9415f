/**
 * wc/v3 with the pairing's key. The vendor's library builds and signs each request; our HTTP sends it, because the
 * library follows redirects (a POST becomes a GET) and lets an extra header replace the content type.
 */
// A CommonJS package with its class under `default`.
import library from '@woocommerce/woocommerce-rest-api';
import type { AdapterWorld, CallContext } from '../platform.js';
import { PlatformFailure } from '../failure.js';
import type { HttpAnswer, HttpRequest } from '../http.js';
import { readJson } from './errors.js';

const TIMEOUT_MS = 30_000;

export interface StoreAddress {
  /** https://shop.example/wp-json/ or https://shop.example/?rest_route=/ */
  restUrl: string;
}

export interface Answer {
  json: unknown;
  headers: Readonly<Record<string, string>>;
}

export interface WcClient {
  get(path: string, query: Readonly<Record<string, string | number | boolean>>, call: CallContext): Promise<Answer>;
  /** @param writeId comes back in the outbox rows this write causes. */
  send(method: 'POST' | 'PUT', path: string, body: unknown, writeId: string, call: CallContext): Promise<Answer>;
}

interface Signed {
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export function createWcClient(address: StoreAddress, world: AdapterWorld): WcClient {
  const sign = async (method: 'get' | 'post' | 'put', path: string, query: object, body: unknown): Promise<Signed> => {
    const { values } = await world.credentials.read();
    return signedRequest(address, values, method, path, query, body);
  };
  return {
    async get(path, query, call) {
      const signed = await sign('get', path, query, null);
      return answerOf(await world.http(request('GET', signed, call)), false, world.now());
    },
    async send(method, path, body, writeId, call) {
      const signed = await sign(method === 'POST' ? 'post' : 'put', path, {}, body);
      if (!(await call.mayStillSend())) throw lostLease();
      const asked = request(method, signed, call);
      return answerOf(
        await world.http({ ...asked, headers: { ...asked.headers, 'x-tallyman-write': writeId } }),
        true,
        world.now(),
      );
    },
  };
}

export function lostLease(): PlatformFailure {
  return new PlatformFailure({
    kind: 'unexpected',
    code: 'lost_lease',
    summary: 'The job was given to another worker before this call was sent.',
  });
}

function answerOf(answer: HttpAnswer, wrote: boolean, now: number): Answer {
  return { json: readJson(answer, wrote, now), headers: answer.headers };
}

function request(method: HttpRequest['method'], signed: Signed, call: CallContext): HttpRequest {
  const base = {
    method,
    url: signed.url,
    headers: signed.headers,
    timeoutMs: TIMEOUT_MS,
    signal: call.signal,
    remote: 'The store',
  };
  return signed.body === undefined ? base : { ...base, body: signed.body };
}

/** Lets the library sign, and catches the request where it would be sent. */
async function signedRequest(
  { restUrl }: StoreAddress,
  credentials: Readonly<Record<string, string>>,
  method: 'get' | 'post' | 'put',
  path: string,
  query: object,
  body: unknown,
): Promise<Signed> {
  let caught: Signed | null = null;
  const api = new library.default({
    ...libraryAddress(restUrl),
    consumerKey: credentials['consumerKey'] ?? '',
    consumerSecret: credentials['consumerSecret'] ?? '',
    version: 'wc/v3',
    axiosConfig: {
      adapter: (config: object) => {
        caught = toSigned(config as unknown as AxiosRequest);
        return Promise.resolve({ data: {}, status: 200, statusText: '', headers: {}, config });
      },
    },
  });
  await (method === 'get' ? api.get(path, query) : api[method](path, body));
  if (caught === null) throw new Error('The library sent nothing');
  return caught;
}

interface AxiosRequest {
  url: string;
  params?: Record<string, string>;
  auth?: { username: string; password: string };
  headers: { toJSON(): Record<string, unknown> };
  data?: string;
}

function toSigned({ url, params, auth, headers, data }: AxiosRequest): Signed {
  const address = new URL(url);
  for (const [name, value] of Object.entries(params ?? {})) address.searchParams.set(name, String(value));
  const kept = Object.entries(headers.toJSON()).filter(([, value]) => typeof value === 'string');
  const all = Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), String(value)]));
  if (auth !== undefined)
    all['authorization'] = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  return { url: address.toString(), headers: all, body: data };
}

/** The library joins url/prefix/version/path; plain permalinks need the route in the query instead. */
function libraryAddress(restUrl: string): { url: string; wpAPIPrefix: string } {
  const mark = restUrl.indexOf('?rest_route=');
  if (mark >= 0) return { url: restUrl.slice(0, mark), wpAPIPrefix: '?rest_route=' };
  const trimmed = restUrl.replace(/\/+$/, '');
  const cut = trimmed.lastIndexOf('/');
  return { url: trimmed.slice(0, cut), wpAPIPrefix: trimmed.slice(cut + 1) };
}
