/** A simulated shop, a simulated warehouse and real sidecars between them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startShopSimulator, type ShopSimulator } from '../../src/simulators/shop/server.js';
import { startWmsSimulator, type WmsSimulator, type WmsSimulatorOptions } from '../../src/simulators/wms/index.js';
import type { JobDetail, JobList } from '../../src/http/api.js';
import { startBalancer, type Balancer } from './balancer.js';
import { clockOf, type Clock } from './clock.js';
import { engineFor, type Engine } from './engines.js';
import { sidecarProcess, type SidecarProcess } from './sidecar-process.js';
import type { RunOptions } from './verdict.js';

export interface WorldOptions {
  warehouse?: WmsSimulatorOptions;
  store: RunOptions['store'];
  /** Instead of a plain one of that kind; removed with the world. */
  engine?: Engine;
  /** Compiled sidecar to run; default: the built one. */
  dist?: string;
  /** How many times as fast as the machine's clock. */
  speed?: number;
  /** On one database. Only PostgreSQL takes more than one. */
  sidecars?: number;
  env?: Readonly<Record<string, string>>;
  preload?: readonly string[];
  under?: readonly string[];
  /** Where the data folders are made; default: the system's folder for temporary files. */
  folder?: string;
  /** Calls a minute and jobs at one time of both connections. Default: so many that the machine is the limit. */
  limits?: { ratePerMinute: number; concurrency: number };
}

export interface FaultWorld {
  shop: ShopSimulator;
  warehouse: WmsSimulator;
  /** The first, or the only one. */
  sidecar: SidecarProcess;
  sidecars: SidecarProcess[];
  /** Where the shop and the warehouse reach them. */
  url: string;
  engine: Engine;
  clock: Clock;
  /** Calls the management API of a sidecar that is up. @throws when the answer is no success. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Jobs by state, as the management API counts them. */
  counts(): Promise<Record<string, number>>;
  jobs(query: string): Promise<JobList['rows']>;
  job(id: number): Promise<JobDetail>;
  /** To be ended with the world, however that ends. */
  closers: (() => Promise<void> | void)[];
  /** Ends everything and removes what it left on the disk. */
  stop(): Promise<void>;
}

export const ARTICLE = { code: 'WH-GREEN-JACKET', name: 'Green jacket', sku: 'green-jacket', stock: 1_000_000 };
export const STORE_CODE = 'OAK';
export const referenceOf = (orderId: number): string => `${STORE_CODE}-${orderId}`;

const UNLIMITED = { ratePerMinute: 120_000, concurrency: 16 };
/** The warehouse's webhooks a paired sidecar registers; fewer mean that it has not got round to it. */
const WEBHOOKS = 7;

export async function startFaultWorld(options: WorldOptions): Promise<FaultWorld> {
  const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'tallyman-faults-'));
  const clock = clockOf(options.speed ?? 1);
  const engine = options.engine ?? (await engineFor(options.store));
  await engine.keepTime(clock);
  const now = () => clock.now();
  const warehouse = await startWmsSimulator({ articles: [ARTICLE], shipAfterMs: 500, now, ...options.warehouse });
  const shop = await startShopSimulator({ now });
  const balancer = (options.sidecars ?? 1) > 1 ? await startBalancer() : null;
  const sidecars = await makeSidecars(
    options,
    folder,
    { ...engine.env, ...publicUrl(balancer), ...clock.sidecar.env },
    clock,
  );
  balancer?.spreadOver(sidecars.map(({ url }) => url));
  const [sidecar] = sidecars;
  if (sidecar === undefined) throw new Error('A world has at least one sidecar.');
  const api = apiOf(sidecars);
  const world: FaultWorld = {
    shop,
    warehouse,
    sidecar,
    sidecars,
    engine,
    clock,
    api,
    counts: async () => (await api<JobList>('GET', '/jobs?per_page=1')).counts,
    jobs: async (query) => (await api<JobList>('GET', `/jobs?${query}`)).rows,
    job: (id) => api('GET', `/jobs/${id}`),
    url: balancer?.url ?? sidecar.url,
    closers: [],
    async stop() {
      await Promise.all(world.closers.map(async (close) => close()));
      await Promise.all(sidecars.map((one) => one.kill()));
      await Promise.all([shop.stop(), warehouse.stop()]);
      await balancer?.stop();
      await engine.remove();
      if (process.env['FAULTS_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await connect(world, options.limits ?? UNLIMITED);
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}

/** Of several, the one address the shop and the warehouse know. */
const publicUrl = (balancer: Balancer | null): Record<string, string> =>
  balancer === null ? {} : { TALLYMAN_PUBLIC_URL: balancer.url };

async function makeSidecars(
  { sidecars = 1, env, preload = [], dist, under }: WorldOptions,
  folder: string,
  common: Readonly<Record<string, string>>,
  clock: Clock,
): Promise<SidecarProcess[]> {
  const shared = { ...common, TALLYMAN_SECRET_KEY: randomBytes(32).toString('hex'), ...env };
  const made: SidecarProcess[] = [];
  for (let number = 1; number <= sidecars; number += 1) {
    const dataDir = join(folder, `data-${number}`);
    mkdirSync(dataDir, { mode: 0o700 });
    made.push(
      await sidecarProcess(dataDir, {
        env: shared,
        preload: [...clock.sidecar.preload, ...preload],
        ...(dist === undefined ? {} : { dist }),
        ...(under === undefined ? {} : { under }),
      }),
    );
  }
  return made;
}

/** Pairs the shop, connects the warehouse, and lets both be driven as hard as the run wants. */
async function connect(world: FaultWorld, limits: Required<WorldOptions>['limits']): Promise<void> {
  const { sidecar, sidecars, shop, warehouse, api } = world;
  await sidecar.start();
  const { code } = JSON.parse(await sidecar.command('pair', '--json')) as { code: string };
  await shop.pair(world.url, code, STORE_CODE);
  const settings = { ...warehouse.settings, statuses: ['processing'] };
  const connection = { platform: 'wms', name: 'Simulated warehouse', settings, secrets: warehouse.credentials };
  await api('POST', '/connections', connection);
  await until(async () => (await webhooksAt(warehouse)) >= WEBHOOKS, 30_000, 'the webhooks are registered');
  await sidecar.stop();
  await setLimits(world, limits);
  for (const one of sidecars) await one.start();
}

/** The shop's limit is no setting of the API: only the shop's own host knows it. */
async function setLimits({ engine, sidecar, clock }: FaultWorld, limits: Record<string, number>): Promise<void> {
  const store = await engine.open(sidecar);
  for (const connection of await store.connections()) {
    const write = {
      write: 'putConnection',
      connection: { ...connection, settings: { ...connection.settings, ...limits } },
    } as const;
    await store.apply({ now: clock.now(), guards: [], writes: [write] });
  }
  await store.close();
}

async function webhooksAt({ url }: WmsSimulator): Promise<number> {
  return ((await (await fetch(`${url}_sim/webhooks`)).json()) as unknown[]).length;
}

function apiOf(sidecars: readonly SidecarProcess[]): FaultWorld['api'] {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const up = sidecars.find((one) => one.pid() !== null);
    if (up === undefined) throw new Error('No sidecar is up.');
    const answer = await fetch(`${up.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${up.token()}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  };
}

/** Waits for a state of affairs. @throws after `withinMs` real milliseconds. */
export async function until(holds: () => Promise<boolean> | boolean, withinMs: number, what: string): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
