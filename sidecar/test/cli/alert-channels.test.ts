import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { alertChannels } from '../../src/cli/alert-channels.js';
import { verify } from '../../src/http/signature.js';
import { createHttp } from '../../src/platforms/http.js';
import type { ShopMessage, WebhookNews } from '../../src/queue/alert-courier.js';
import { aShop } from '../build.js';
import { FakeWorld } from '../fake-world.js';

const SECRET = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(24, 4).toString('base64')}`;

interface Heard {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

let server: Server;
let url: string;
let heard: Heard[];
let status: number;
const http = createHttp();
const world = new FakeWorld();

beforeEach(async () => {
  heard = [];
  status = 200;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"code":"x","message":"No."}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));
afterAll(() => http.close());

const vault = {
  port: () => ({ read: async () => ({ values: { secret: SECRET }, version: 1 }), replace: async () => true }),
};
const channels = () => alertChannels(http, vault, world, { url: `${url}/hook`, secret: OTHER_SECRET });
const shop = () => aShop({ settings: { restUrl: `${url}/wp-json/`, siteHash: 'the-site' } });
const message: ShopMessage = { asOf: '2026-03-02T08:00:00.000Z', news: [], passed: 0, notices: [] };
const news: WebhookNews = {
  id: 'a-1.opened',
  type: 'alert.opened',
  timestamp: '2026-03-02T08:00:00.000Z',
  data: {
    id: 'a-1',
    kind: 'breaker_open',
    organisation: 'default',
    connection: { id: 'north', name: 'Warehouse North' },
    sentence: 'Warehouse North does not answer.',
    openedAt: '2026-03-02T08:00:00.000Z',
    clearedAt: null,
  },
};

function verdict({ headers, body }: Heard, secret: string): string {
  const text = (name: string) => String(headers[name]);
  const signed = { id: text('webhook-id'), timestamp: text('webhook-timestamp'), signature: text('webhook-signature') };
  return verify(signed, Buffer.from(body), [secret], world.now() / 1000);
}

test('the shop is told by a signed call that names the site it is for', async () => {
  await channels().shop(shop(), message);
  const [call] = heard;
  expect(call?.path).toBe('/wp-json/tallyman/v1/alert');
  expect(call?.headers['tallyman-store']).toBe('shop');
  expect(JSON.parse(call?.body ?? '')).toEqual({ ...message, site: 'the-site' });
  expect(verdict(call!, SECRET)).toBe('valid');
});

test('two tries are two calls for the shop, which takes each id once, and one for the webhook', async () => {
  await channels().shop(shop(), message);
  await channels().shop(shop(), message);
  await channels().webhook?.(news);
  await channels().webhook?.(news);
  const ids = heard.map(({ headers }) => headers['webhook-id']);
  expect(ids[0]).not.toBe(ids[1]);
  expect(ids.slice(2)).toEqual(['a-1.opened', 'a-1.opened']);
});

test('the webhook gets what happened, signed with its own secret', async () => {
  await channels().webhook?.(news);
  expect(JSON.parse(heard[0]?.body ?? '')).toEqual({ type: news.type, timestamp: news.timestamp, data: news.data });
  expect(verdict(heard[0]!, OTHER_SECRET)).toBe('valid');
  expect(verdict(heard[0]!, SECRET)).toBe('wrong');
});

test.each([404, 409, 500, 503])('an answer of %i means: not told', async (answered) => {
  status = answered;
  await expect(channels().shop(shop(), message)).rejects.toMatchObject({ status: answered });
  await expect(channels().webhook?.(news)).rejects.toMatchObject({ kind: 'unavailable', status: answered });
});

test('without an address there is no webhook', () => {
  expect(alertChannels(http, vault, world, null).webhook).toBeNull();
});
