/** The real HTTP side on a free port, over the memory store, with a clock and ids of its own and no worker behind it. */
import { createHash, createHmac } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Connection } from '../../src/domain/connection.js';
import { sha256 } from '../../src/http/auth.js';
import { createServer } from '../../src/http/server.js';
import { sign } from '../../src/http/signature.js';
import type { HttpWorld } from '../../src/http/world.js';
import type { TestReport } from '../../src/platforms/platform.js';
import { wms } from '../../src/platforms/wms/platform.js';
import { translateOrder } from '../../src/platforms/woocommerce/translate.js';
import { createOperator } from '../../src/queue/operator.js';
import { scheduleBook } from '../../src/schedule.js';
import { sealedBox, sealingKey } from '../../src/secrets/sealed-box.js';
import { vault } from '../../src/secrets/vault.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Role, Store } from '../../src/stores/store.js';

export const NOON = Date.parse('2026-11-20T12:00:00Z');
export const EPOCH = 'e1';
export const SITE = 'https://oak.example';
export const SITE_HASH = createHash('sha256').update('oak.example').digest('hex');

export interface Answer {
  status: number;
  json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what an answer holds is said by the assertion that follows
  text: string;
}

export interface Shop {
  connectionId: string;
  secret: string;
}

export type TestSidecar = Awaited<ReturnType<typeof startSidecar>>;

export async function startSidecar(changes: Partial<HttpWorld> = {}) {
  const store = changes.store ?? memoryStore();
  const clock = { now: NOON };
  const log: Record<string, unknown>[] = [];
  const nudges = { count: 0 };
  const answerOfTest: { report: TestReport } = { report: { ok: true, sentence: 'It answered.' } };
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const chance = (bytes: number) => createHash('shake256', { outputLength: bytes }).update(newId()).digest();
  const nudge = () => void (nudges.count += 1);
  const world: HttpWorld = {
    version: '1.2.3',
    publicUrl: null,
    store,
    now: () => clock.now,
    newId,
    chance,
    logger: pino({ level: 'debug' }, collecting(log)),
    vault: vault(store, sealedBox(sealingKey('11'.repeat(32)), [], chance), () => clock.now),
    readOrder: translateOrder,
    warehouses: [wms],
    adapters: {
      warehouse: () => ({ test: async () => answerOfTest.report }) as never,
      shop: () => ({ test: async () => answerOfTest.report }) as never,
    },
    operator: createOperator({ store, nudge }),
    schedules: scheduleBook(newId),
    nudge,
    noteActivity: () => undefined,
    notReady: () => [],
    rate: () => ({ perMinute: 60, limit: 60, usedShare: 0 }),
    ...changes,
  };
  const server = createServer(world);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });

  async function ask(
    method: string,
    path: string,
    body: string | Uint8Array | null,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(url + path, {
      method,
      body,
      headers: { ...(body === null ? {} : { 'content-type': 'application/json' }), ...headers },
    });
    const text = await answer.text();
    return { status: answer.status, text, json: text === '' ? null : JSON.parse(text) };
  }

  async function token(role: Role, orgId = 'default'): Promise<string> {
    const plain = `tally_${role}_${newId()}_0123456789`;
    const row = { id: newId(), orgId, name: role, role, hash: sha256(plain), createdAt: clock.now };
    await store.apply({ now: clock.now, guards: [], writes: [{ write: 'putToken', token: row }] });
    return plain;
  }

  async function api(
    method: string,
    path: string,
    body: unknown = null,
    role: Role = 'admin',
    orgId = 'default',
  ): Promise<Answer> {
    const headers = { authorization: `Bearer ${await token(role, orgId)}` };
    return ask(method, `/api/v1${path}`, body === null ? null : JSON.stringify(body), headers);
  }

  /** Signed as the plugin does it. */
  async function signed(
    path: string,
    shop: Shop,
    body: string,
    given: { id?: string; at?: number; protocol?: string } = {},
  ): Promise<Answer> {
    const id = given.id ?? newId();
    const timestamp = Math.floor((given.at ?? clock.now) / 1000);
    return ask('POST', path, body, {
      'tallyman-protocol': given.protocol ?? '1',
      'tallyman-store': shop.connectionId,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': sign(shop.secret, id, timestamp, body),
    });
  }

  return {
    url,
    store,
    clock,
    log,
    nudges,
    world,
    answerOfTest,
    ask,
    api,
    token,
    signed,
    call: (
      shop: Shop,
      method: string,
      path: string,
      options: { body?: unknown; query?: object; role?: 'viewer' | 'admin'; id?: string } = {},
    ) => {
      const user = { id: 3, name: 'Anna', role: options.role ?? 'admin' };
      const body = JSON.stringify({ method, path, query: options.query ?? {}, body: options.body ?? null, user });
      return signed('/v1/call', shop, body, options.id === undefined ? {} : { id: options.id });
    },
    stop: () => server.close(),
  };
}

export function aPair(code: string, changes: Record<string, unknown> = {}) {
  return {
    code,
    protocol: 1,
    siteUrl: SITE,
    restUrl: `${SITE}/wp-json/`,
    siteHash: SITE_HASH,
    siteName: 'Oak & Pine',
    storeCode: 'WC',
    epoch: EPOCH,
    consumerKey: 'ck_1',
    consumerSecret: 'cs_1',
    versions: { wordpress: '7.1', woocommerce: '11.0.1', php: '8.2', plugin: '0.1.0' },
    ...changes,
  };
}

export async function pairShop(
  sidecar: TestSidecar,
  changes: Record<string, unknown> = {},
  orgId = 'default',
): Promise<Shop> {
  const { json: made } = await sidecar.api('POST', '/pairing-codes', {}, 'admin', orgId);
  const answer = await sidecar.ask('POST', '/v1/pair', JSON.stringify(aPair(made.code as string, changes)));
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json as Shop;
}

export const WMS_INPUT = {
  platform: 'wms',
  name: 'Warehouse North',
  settings: { baseUrl: 'https://wms.example/', wmsCode: 'NORTH', customerCode: 'OAK', statuses: ['processing'] },
  secrets: { username: 'api', password: 'a-password' },
};

/** @returns the connection and the secret the warehouse signs with. */
export async function connectWarehouse(
  sidecar: TestSidecar,
  shop: Shop,
): Promise<{ connection: Connection; secret: string }> {
  const answer = await sidecar.call(shop, 'POST', '/api/v1/connections', { body: WMS_INPUT });
  if (answer.status !== 201) throw new Error(answer.text);
  const connection = await sidecar.store.connection(answer.json.id as string);
  const { values } = await sidecar.world.vault.read(connection!.id);
  return { connection: connection!, secret: values['webhookSecret'] ?? '' };
}

export function aRow(sequence: number, changes: Record<string, unknown> = {}) {
  return {
    id: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
    sequence,
    kind: 'order',
    entityId: '727',
    op: 'changed',
    occurredAt: '2026-11-20T11:59:58Z',
    writeId: null,
    traceId: `trace-${sequence}`,
    ...changes,
  };
}

export function aBatch(
  rows: object[],
  orders: Record<string, unknown> = {},
  changes: Record<string, unknown> = {},
): string {
  const tail = rows.length;
  return JSON.stringify({
    protocol: 1,
    epoch: EPOCH,
    site: SITE_HASH,
    sentAt: '2026-11-20T12:00:00Z',
    tail,
    waiting: 0,
    rows,
    orders,
    ...changes,
  });
}

export function aWcOrder(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 727,
    number: '1727',
    order_key: 'wc_order_abc',
    status: 'processing',
    currency: 'EUR',
    total: '29.35',
    date_created_gmt: '2026-11-20T12:00:01',
    date_modified_gmt: '2026-11-20T12:00:02',
    customer_note: '',
    billing: {
      first_name: 'Eva',
      last_name: 'de Vries',
      address_1: 'Kerkstraat 1',
      city: 'Utrecht',
      postcode: '3511AA',
      country: 'NL',
      email: 'eva@example.com',
    },
    shipping: {},
    line_items: [
      { id: 1, name: 'Oak chair', product_id: 21, variation_id: 0, quantity: 2, sku: 'OAK-CHAIR', price: 10 },
    ],
    tallyman: { sequence: 1, lines: { '1': { refunded: 0, needs_shipping: true, own_sku: 'OAK-CHAIR' } } },
    ...changes,
  };
}

export const hmac = (secret: string, body: string | Uint8Array): string =>
  createHmac('sha256', secret).update(body).digest('base64');

/** Everything that was stored, for "nothing changed". */
export async function whatIsStored(store: Store, connectionId: string) {
  const deliveries = await store.deliveries({ connectionId }, 100);
  const { rows: jobs } = await store.jobs({}, { limit: 100, offset: 0, sort: 'oldest' });
  return { deliveries, jobs: jobs.map(({ id, state }) => ({ id, state })) };
}

function collecting(lines: Record<string, unknown>[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
}
