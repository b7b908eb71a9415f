/** Two whole sidecars, as `serve` runs them, on one PostgreSQL, between a simulated shop and a simulated warehouse. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine } from '../../src/cli/doctor.js';
import { callSidecar } from '../../src/cli/local-access.js';
import { startService, type Service } from '../../src/cli/service.js';
import { readConfig } from '../../src/config.js';
import type { ConnectionRow, JobList } from '../../src/http/api.js';
import { startShopSimulator, type ShopSimulator } from '../../src/simulators/shop/server.js';
import { startWmsSimulator, type WmsSimulator } from '../../src/simulators/wms/index.js';
import { usePostgres } from '../stores/postgres-server.js';

const PATIENCE_MS = 30_000;
const KEY = 'ab'.repeat(32);
const line = { product_id: 21, sku: 'OAK-CHAIR', name: 'Oak chair', quantity: 2 };

const postgres = usePostgres();
let databases = 0;
let databaseUrl: string;
let folders: string[];
let running: Service[];
let publicPort: string;
let shop: ShopSimulator;
let warehouse: WmsSimulator;

beforeEach(async () => {
  databases += 1;
  databaseUrl = await postgres.server().newDatabase(`sidecars_${databases}`);
  folders = ['one', 'two'].map((name) => mkdtempSync(join(tmpdir(), `tallyman-${name}-`)));
  running = [];
  publicPort = await freePort();
  shop = await startShopSimulator();
  warehouse = await startWmsSimulator({
    shipAfterMs: 200,
    articles: [{ code: 'WH-OAK', name: 'Oak chair', sku: 'OAK-CHAIR' }],
  });
}, 30_000);
afterEach(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await Promise.all([shop.stop(), warehouse.stop()]);
  for (const folder of folders) rmSync(folder, { recursive: true });
}, 60_000);

async function freePort(): Promise<string> {
  const probe = await startShopSimulator();
  await probe.stop();
  return new URL(probe.url).port;
}

const folder = (number: number): string => folders[number] ?? '';
const environment = (number: number, changes: Record<string, string> = {}) => ({
  TALLYMAN_DATA_DIR: folder(number),
  TALLYMAN_DATABASE_URL: databaseUrl,
  TALLYMAN_SECRET_KEY: KEY,
  TALLYMAN_PORT: number === 1 ? publicPort : '0',
  TALLYMAN_PUBLIC_URL: `http://127.0.0.1:${publicPort}`,
  TALLYMAN_LOG_LEVEL: 'silent',
  ...changes,
});

async function start(number: number): Promise<Service> {
  const service = await startService(readConfig(environment(number)));
  running.push(service);
  return service;
}

async function stop(service: Service): Promise<void> {
  running = running.filter((one) => one !== service);
  await service.stop();
}

const post = <T>(number: number, path: string, body: unknown) =>
  callSidecar<T>(folder(number), { method: 'POST', path, body });
const get = <T>(number: number, path: string) => callSidecar<T>(folder(number), { method: 'GET', path });

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  while (!(await isSo())) {
    if (patience.aborted) throw new Error(`Waited ${PATIENCE_MS / 1000} s for: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const created = () => warehouse.ledger().effects.filter(({ effect }) => effect === 'order.created').length;
const mails = () => shop.shop.notes.filter((note) => note.customer_note).length;
const connect = (number: number) =>
  post<ConnectionRow>(number, '/connections', {
    platform: 'wms',
    name: 'Warehouse North',
    settings: { ...warehouse.settings, ratePerMinute: 6_000 },
    secrets: warehouse.credentials,
  });

test('paired at one and connected at the other, both carry the orders, each once, and the second goes on alone', async () => {
  const one = await start(0);
  await start(1);
  const { code } = await post<{ code: string }>(1, '/pairing-codes', {});
  await shop.pair(one.url, code, 'OAK');
  await connect(1);
  for (let placed = 0; placed < 30; placed += 1) {
    shop.shop.place({ lines: [line] });
    if (placed % 10 === 9) await shop.handOver();
  }
  await until(() => created() === 30);
  await stop(one);
  for (let placed = 0; placed < 5; placed += 1) shop.shop.place({ lines: [line] });
  // Nobody takes a hand-over at the first one any more; the second fetches what waits in the shop.
  await until(() => [...shop.shop.orders.values()].every(({ status }) => status === 'completed'));
  expect(created()).toBe(35);
  expect(mails()).toBe(35);
  expect((await get<JobList>(1, '/jobs')).counts).toMatchObject({ dead: 0 });
}, 120_000);

test('each has a local token of its own, which the other one leaves alone', async () => {
  const [one] = [await start(0), await start(1)];
  const tokens = async () => (await get<{ rows: { name: string }[] }>(1, '/tokens')).rows.map(({ name }) => name);
  expect(await get<JobList>(0, '/jobs')).toMatchObject({ rows: [] });
  expect(await tokens()).toEqual(['tallyman command', 'tallyman command']);
  await stop(one);
  expect(await tokens()).toEqual(['tallyman command']);
});

test('a sidecar with another key is refused with a sentence', async () => {
  await start(0);
  const other = readConfig(environment(1, { TALLYMAN_SECRET_KEY: 'cd'.repeat(32) }));
  await expect(startService(other)).rejects.toThrow(/TALLYMAN_SECRET_KEY is not the key of this database/);
  const changed = environment(1, { TALLYMAN_SECRET_KEY: 'cd'.repeat(32), TALLYMAN_SECRET_KEY_OLD: KEY });
  running.push(await startService(readConfig(changed)));
});

test('doctor looks at the shared database, and tells nobody its password', async () => {
  await start(0);
  await start(1);
  await until(async () => (await examine(environment(1))).some(({ sentence }) => /Seen on it.*,.*,.*,/.test(sentence)));
  const sentences = (await examine(environment(1))).map(({ sentence }) => sentence);
  expect(sentences.join('\n')).toMatch(/PostgreSQL database sidecars_\d+ on 127\.0\.0\.1:\d+ answers .*schema \d+/);
  const wrong = databaseUrl.replace('postgres@', 'nobody:a-planted-secret@').replace(/:\d+\//, ':1/');
  const findings = await examine(environment(1, { TALLYMAN_DATABASE_URL: wrong }));
  expect(findings.some(({ ok, sentence }) => !ok && sentence.includes('cannot be opened'))).toBe(true);
  expect(JSON.stringify(findings)).not.toContain('a-planted-secret');
  await expect(startService(readConfig(environment(1, { TALLYMAN_DATABASE_URL: wrong })))).rejects.not.toThrow(
    /a-planted-secret/,
  );
});
