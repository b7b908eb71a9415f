/** The shop over HTTP: the part of wc/v3 and of the plugin's routes that the sidecar uses, with a ledger and faults. */
import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { post } from '../post.js';
import { batchOf, outboxBatch } from './batch.js';
import type { FulfilmentRequest } from './fulfilments.js';
import { createShop, type OutboxRow, type Shop, type ShopOrder } from './shop.js';

export interface ShopFaults {
  /** Share of writes that are done but whose answer is lost. */
  loseAnswers: number;
  /** Share of calls answered 503. */
  unavailable: number;
}

export interface LedgerLine {
  at: number;
  method: string;
  path: string;
  status: number;
  body: string;
}

export interface ShopSimulator {
  url: string;
  restUrl: string;
  shop: Shop;
  ledger: LedgerLine[];
  faults: ShopFaults;
  /** Pairs as the plugin does. @returns the connection's id. */
  pair(sidecarUrl: string, code: string, storeCode: string): Promise<string>;
  /** Hands over what waits, once. @returns the sidecar's status, or 0 when nobody answered. */
  handOver(): Promise<number>;
  /** Hands over these rows, the same bytes as many times as said, all at once. @returns the answer to each, 0 where there was none. */
  handOverRows(rows: readonly OutboxRow[], copies: number): Promise<number[]>;
  /** Builds the hand-over of these rows as the shop is now. @returns how to send it, whenever and as often as wanted. */
  prepare(rows: readonly OutboxRow[]): () => Promise<number>;
  /** Headers of a call of this shop with exactly these bytes. @throws before it is paired. */
  sign(body: Uint8Array): Record<string, string>;
  stop(): Promise<void>;
}

interface Pairing {
  sidecarUrl: string;
  connectionId: string;
  secret: string;
}

const KEY = 'ck_simulated';
const TIMEOUT_MS = 2_000;

export async function startShopSimulator(
  options: { port?: number; now?: () => number; chance?: () => number } = {},
): Promise<ShopSimulator> {
  const { now = Date.now, chance = Math.random } = options;
  const ledger: LedgerLine[] = [];
  const faults: ShopFaults = { loseAnswers: 0, unavailable: 0 };
  let pairing: Pairing | null = null;
  // The address is known after listening; the shop after the address.
  const held: { shop: Shop | null } = { shop: null };
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const { shop } = held;
    if (shop === null) return void response.writeHead(503).end();
    const asked = readRequest(request, body);
    const answer =
      chance() < faults.unavailable
        ? { status: 503, json: { code: 'down', message: 'Busy' } }
        : route(shop, asked, pairing);
    ledger.push({ at: now(), method: asked.method, path: asked.path, status: answer.status, body });
    if (asked.method !== 'GET' && answer.status < 300 && chance() < faults.loseAnswers)
      return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.json));
  };
  const url = await listen(server, options.port ?? 0);
  const site = createHash('sha256').update(url.replace('http://', '')).digest('hex');
  const shop = createShop(site, now);
  held.shop = shop;
  return {
    url,
    restUrl: `${url}/wp-json/`,
    shop,
    ledger,
    faults,
    async pair(sidecarUrl, code, storeCode) {
      const answer = await post({
        url: `${sidecarUrl}/v1/pair`,
        headers: { 'tallyman-protocol': '1' },
        body: JSON.stringify(pairBody(url, shop, code, storeCode)),
        timeoutMs: TIMEOUT_MS,
      });
      if (answer.status !== 200) throw new Error(`Pairing failed: ${answer.status} ${answer.text}`);
      const { connectionId, secret } = JSON.parse(answer.text) as { connectionId: string; secret: string };
      pairing = { sidecarUrl, connectionId, secret };
      return connectionId;
    },
    handOver: () => (pairing === null ? Promise.resolve(0) : send(shop, pairing, outboxBatch(shop, now()), now())),
    async handOverRows(rows, copies) {
      if (pairing === null) return [];
      const batch = batchOf(shop, now(), rows, rows.length);
      const paired = pairing;
      return Promise.all(Array.from({ length: copies }, () => send(shop, paired, batch, now())));
    },
    prepare(rows) {
      const batch = batchOf(shop, now(), rows, rows.length);
      const paired = pairing;
      return () => (paired === null ? Promise.resolve(0) : send(shop, paired, batch, now()));
    },
    sign(body) {
      if (pairing === null) throw new Error('The simulated shop is not paired.');
      return signed(body, pairing, now());
    },
    stop: () => new Promise((done) => void server.close(() => done()).closeAllConnections()),
  };
}

/** @returns the sidecar's status, or 0 when nobody answered. */
async function send(shop: Shop, pairing: Pairing, batch: Record<string, unknown>, now: number): Promise<number> {
  const body = JSON.stringify(batch);
  const nobody = { status: 0, text: '{}' };
  const headers = signed(body, pairing, now);
  const call = { url: `${pairing.sidecarUrl}/v1/outbox`, headers, body, timeoutMs: TIMEOUT_MS };
  const answer = await post(call).catch(() => nobody);
  if (answer.status === 200) shop.acknowledge((JSON.parse(answer.text) as { acknowledged: string[] }).acknowledged);
  return answer.status;
}

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}
interface Answer {
  status: number;
  json: unknown;
  headers?: Record<string, string>;
}

const ORDER_PATH = /^\/wp-json\/wc\/v3\/orders(?:\/(\d+)(?:\/(notes|fulfillments)(?:\/(\d+))?)?)?$/;
const NO_ROUTE: Answer = { status: 404, json: { code: 'rest_no_route', message: 'No route' } };

function route(shop: Shop, asked: Asked, pairing: Pairing | null): Answer {
  if (asked.path === '/wp-json/tallyman/v1/outbox/pull') return pull(shop, asked, pairing);
  const [, id, part, partId] = ORDER_PATH.exec(asked.path) ?? [];
  if (!asked.path.startsWith('/wp-json/wc/v3/orders')) return NO_ROUTE;
  if (part === 'fulfillments' && shop.fulfilments.feature === 'off') return NO_ROUTE;
  if (!isAuthorised(asked))
    return {
      status: 401,
      json: { code: 'woocommerce_rest_cannot_view', message: 'Sorry, you cannot list resources.' },
    };
  if (id === undefined) return list(shop, asked.query);
  const order = shop.orders.get(Number(id));
  if (order === undefined)
    return { status: 404, json: { code: 'woocommerce_rest_shop_order_invalid_id', message: 'Invalid ID.' } };
  if (part === 'notes') return orderNotes(shop, order, asked);
  if (part === 'fulfillments')
    return orderFulfilments(shop, order, partId === undefined ? null : Number(partId), asked);
  if (asked.method === 'PUT') return { status: 200, json: shop.json(update(shop, order, asked)) };
  return { status: 200, json: shop.json(order) };
}

function update(shop: Shop, order: ShopOrder, asked: Asked): ShopOrder {
  const { status, meta_data: meta = [] } = JSON.parse(asked.body) as {
    status?: string;
    meta_data?: ShopOrder['meta_data'];
  };
  const kept = order.meta_data.filter(({ key }) => !meta.some((one) => one.key === key));
  const change = { meta_data: [...kept, ...meta], ...(status === undefined ? {} : { status }) };
  return shop.edit(order.id, change, String(asked.headers['x-tallyman-write'] ?? '') || null);
}

function orderNotes(shop: Shop, order: ShopOrder, asked: Asked): Answer {
  if (asked.method === 'GET') return { status: 200, json: shop.notes.filter((note) => note.orderId === order.id) };
  const { note, customer_note: toCustomer } = JSON.parse(asked.body) as { note: string; customer_note: boolean };
  return { status: 201, json: shop.addNote(order.id, note, toCustomer) };
}

function orderFulfilments(shop: Shop, { id: orderId }: ShopOrder, id: number | null, asked: Asked): Answer {
  const known = shop.fulfilments.of(orderId);
  if (asked.method === 'GET') return { status: 200, json: id === null ? known : known.find((one) => one.id === id) };
  const saved = shop.fulfilments.save(orderId, id, JSON.parse(asked.body) as FulfilmentRequest);
  if (typeof saved === 'string') return { status: 400, json: { code: 0, message: saved } };
  // The store keeps with the order how far it is fulfilled.
  shop.edit(orderId, {}, String(asked.headers['x-tallyman-write'] ?? '') || null);
  return { status: id === null ? 201 : 200, json: saved };
}

function list(shop: Shop, query: URLSearchParams): Answer {
  const size = Number(query.get('per_page') ?? 10);
  const page = Number(query.get('page') ?? 1);
  const rows = query.get('include') === null && shop.memory === 'gone' ? [] : found(shop, query);
  const shown = rows.slice((page - 1) * size, page * size).map((order) => shop.json(order));
  const headers = { 'x-wp-total': String(rows.length), 'x-wp-totalpages': String(Math.ceil(rows.length / size)) };
  return { status: 200, json: shown, headers };
}

function found(shop: Shop, query: URLSearchParams): ShopOrder[] {
  const include = query.get('include');
  const since = query.get('modified_after') ?? '';
  const before = query.get('modified_before') ?? '~';
  const wanted = include === null ? null : new Set(include.split(',').map(Number));
  const status = query.get('status') ?? 'any';
  // As in WooCommerce, "any" is every status but the trash.
  const hasStatus = (of: string) =>
    status.split(',').includes('any') ? of !== 'trash' : status.split(',').includes(of);
  const isWithin = (time: string) => time > since && time < before;
  const rows = [...shop.orders.values()].filter(
    (order) => (wanted?.has(order.id) ?? true) && hasStatus(order.status) && isWithin(order.date_modified_gmt),
  );
  const byTime = query.get('orderby') === 'id' ? () => 0 : olderFirst;
  return rows.sort((a, b) => byTime(a, b) || a.id - b.id);
}

const olderFirst = (a: ShopOrder, b: ShopOrder): number => a.date_modified_gmt.localeCompare(b.date_modified_gmt);

function pull(shop: Shop, asked: Asked, pairing: Pairing | null): Answer {
  if (pairing === null || !isSigned(asked, pairing))
    return { status: 401, json: { code: 'tallyman_unsigned', message: 'Not signed.' } };
  const { acknowledge, site, fromSequence } = JSON.parse(asked.body) as PullBody;
  if (site !== shop.site) return { status: 409, json: { code: 'not_this_site', message: 'Another site.' } };
  shop.acknowledge(acknowledge);
  return { status: 200, json: outboxBatch(shop, Date.now(), fromSequence) };
}

interface PullBody {
  acknowledge: string[];
  site: string;
  fromSequence: number | null;
}

function pairBody(url: string, shop: Shop, code: string, storeCode: string): Record<string, unknown> {
  const versions = { wordpress: 'simulated', woocommerce: 'simulated', php: 'none', plugin: 'none' };
  return {
    code,
    protocol: 1,
    siteUrl: url,
    restUrl: `${url}/wp-json/`,
    siteHash: shop.site,
    siteName: 'Simulated shop',
    storeCode,
    epoch: shop.epoch,
    consumerKey: KEY,
    consumerSecret: 'cs_simulated',
    versions,
  };
}

function signed(body: string | Uint8Array, { connectionId, secret }: Pairing, now: number): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(now / 1000));
  return {
    'tallyman-protocol': '1',
    'tallyman-store': connectionId,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac(secret, Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]))}`,
  };
}

function isSigned({ headers, body }: Asked, { secret }: Pairing): boolean {
  const expected = Buffer.from(
    `v1,${hmac(secret, `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`)}`,
  );
  const given = Buffer.from(String(headers['webhook-signature'] ?? ''));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const hmac = (secret: string, text: string | Uint8Array): string =>
  createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(text)
    .digest('base64');

function isAuthorised({ query, headers }: Asked): boolean {
  const basic = Buffer.from(String(headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
  return query.get('oauth_consumer_key') === KEY || basic.startsWith(`${KEY}:`);
}

function readRequest(request: IncomingMessage, body: string): Asked {
  const url = new URL(request.url ?? '/', 'http://shop');
  return {
    method: request.method ?? 'GET',
    path: url.pathname.replace(/\/$/, ''),
    query: url.searchParams,
    headers: request.headers,
    body,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((done) => {
    server.listen(port, '127.0.0.1', () => {
      done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
