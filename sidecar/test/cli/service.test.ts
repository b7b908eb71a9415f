/** The whole sidecar as `serve` runs it, between a simulated shop and a simulated warehouse. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callSidecar } from '../../src/cli/local-access.js';
import { startService, type Service } from '../../src/cli/service.js';
import { readConfig } from '../../src/config.js';
import type { ConnectionRow, JobList, OrderView } from '../../src/http/api.js';
import { startShopSimulator, type ShopSimulator } from '../../src/simulators/shop/server.js';
import { startWmsSimulator, type WmsSimulator } from '../../src/simulators/wms/index.js';

const PATIENCE_MS = 30_000;

let dataDir: string;
let service: Service;
let shop: ShopSimulator;
let warehouse: WmsSimulator;

const config = (changes: Record<string, string> = {}) =>
  readConfig({ TALLYMAN_DATA_DIR: dataDir, TALLYMAN_PORT: '0', TALLYMAN_LOG_LEVEL: 'silent', ...changes });
const get = <T>(path: string) => callSidecar<T>(dataDir, { method: 'GET', path });
const post = <T>(path: string, body: unknown) => callSidecar<T>(dataDir, { method: 'POST', path, body });

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tallyman-service-'));
  shop = await startShopSimulator();
  warehouse = await startWmsSimulator({
    shipAfterMs: 200,
    articles: [{ code: 'WH-OAK', name: 'Oak chair', sku: 'OAK-CHAIR' }],
  });
});
afterEach(async () => {
  await service.stop();
  await Promise.all([shop.stop(), warehouse.stop()]);
  rmSync(dataDir, { recursive: true });
});

/** Resolves when it is so. Gives up before the test's own time limit: a loop left behind would keep the run from ending. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  while (!(await isSo())) {
    if (patience.aborted) throw new Error(`Waited ${PATIENCE_MS / 1000} s for: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function pair(): Promise<void> {
  const { code } = await post<{ code: string }>('/pairing-codes', {});
  await shop.pair(service.url, code, 'OAK');
}

const connect = (secrets: Record<string, string> = warehouse.credentials) =>
  post<ConnectionRow>('/connections', {
    platform: 'wms',
    name: 'Warehouse North',
    settings: warehouse.settings,
    secrets,
  });

const line = { product_id: 21, sku: 'OAK-CHAIR', name: 'Oak chair', quantity: 2 };

async function freePort(): Promise<string> {
  const probe = await startShopSimulator();
  await probe.stop();
  return new URL(probe.url).port;
}

test('an order goes to the warehouse, its webhook brings the parcel, and the order is completed with one mail', async () => {
  const port = await freePort();
  service = await startService(config({ TALLYMAN_PORT: port, TALLYMAN_PUBLIC_URL: `http://127.0.0.1:${port}` }));
  await pair();
  const { id } = await connect();
  expect(await post(`/connections/${id}/test`, {})).toMatchObject({ ok: true });
  await until(async () => (await get<ConnectionRow>(`/connections/${id}`)).webhooks === 'registered');
  const order = shop.shop.place({ lines: [line] });
  expect(await shop.handOver()).toBe(200);
  await until(() => shop.shop.orders.get(order.id)?.status === 'completed');
  expect(shop.shop.notes.filter((note) => note.customer_note)).toHaveLength(1);
  expect(warehouse.ledger().effects.filter(({ effect }) => effect === 'order.created')).toHaveLength(1);
  const view = await get<OrderView>(`/orders/${order.id}`);
  expect(view).toMatchObject({ whyNotSent: null, parcels: [{ tracking: [{ code: expect.any(String) }] }] });
  expect(view.sentence).toMatch(/^At Warehouse North as ORD/);
}, 60_000);

test('an order nobody pushed is fetched from the outbox', async () => {
  service = await startService(config());
  shop.shop.place({ lines: [line] });
  await pair();
  await connect();
  await until(() => warehouse.orders().length === 1);
  expect(shop.shop.waiting()).toEqual([]);
}, 60_000);

test('wrong warehouse credentials pause the connection, said once, and nothing is lost', async () => {
  service = await startService(config());
  await pair();
  const { id } = await connect({ ...warehouse.credentials, password: 'wrong' });
  for (let placed = 0; placed < 3; placed += 1) shop.shop.place({ lines: [line] });
  await shop.handOver();
  await until(async () => (await get<ConnectionRow>(`/connections/${id}`)).state === 'paused');
  const paused = await get<ConnectionRow>(`/connections/${id}`);
  expect(paused.sentence).toMatch(/401|refused|password|credentials/i);
  // Those under way when it was paused go back untouched; those that ran wait for the article list nobody could read.
  await until(async () => (await get<JobList>('/jobs?kind=order.push')).counts.running === 0);
  const { rows, counts } = await get<JobList>('/jobs?kind=order.push');
  expect(counts.queued + counts.blocked).toBe(3);
  expect(rows.map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
  await changePassword(id);
  await post(`/connections/${id}/resume`, {});
  await until(() => warehouse.orders().length === 3);
}, 60_000);

async function changePassword(id: string): Promise<void> {
  const body = {
    platform: 'wms',
    name: 'Warehouse North',
    settings: warehouse.settings,
    secrets: { password: warehouse.credentials.password },
  };
  await callSidecar(dataDir, { method: 'PUT', path: `/connections/${id}`, body });
}

test('what waits when it stops goes on after the next start', async () => {
  service = await startService(config());
  await pair();
  const { id } = await connect();
  await post(`/connections/${id}/pause`, { reason: 'stop' });
  shop.shop.place({ lines: [line] });
  await shop.handOver();
  await service.stop();
  service = await startService(config());
  await post(`/connections/${id}/resume`, {});
  await until(() => warehouse.orders().length === 1);
}, 60_000);
