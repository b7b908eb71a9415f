import { readFileSync } from 'node:fs';
import { createInstruments } from '../../src/http/instruments.js';
import { connectWarehouse, pairShop, startSidecar, type TestSidecar } from './sidecar.js';

const DASHBOARD = new URL('../../../docs/grafana-dashboard.json', import.meta.url);
const PAGE = new URL('../../../docs/metrics.md', import.meta.url);

let sidecar: TestSidecar;
let instruments: ReturnType<typeof createInstruments>;
let clock = 0;

async function start(access: 'token' | 'open' | 'off'): Promise<void> {
  clock = 0;
  instruments = createInstruments('1.2.3', () => (clock += 2));
  sidecar = await startSidecar({ metrics: { access, instruments } });
}
afterEach(() => sidecar.stop());

async function scrape(token: string | null = null): Promise<{ status: number; text: string; type: string }> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${sidecar.url}/metrics`, { headers });
  return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') ?? '' };
}

const namesIn = (text: string) => new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name));

/** Something of everything, so that every metric has a row. */
async function aBusyShop() {
  const shop = await pairShop(sidecar);
  const { connection } = await connectWarehouse(sidecar, shop);
  const job = { jobId: 1, kind: 'order.push', outcome: 'failed', failure: 'unavailable', runMs: 1_500, queueMs: 250 };
  const log = instruments.watched({ log: () => undefined } as never).log;
  log('job.settled', job);
  log('worker.lapsed', { jobs: 3 });
  await instruments
    .timed(sidecar.store)
    .claim({ now: 0, owner: 'me', perConnection: new Map(), leaseMs: 1, order: 'priority' });
  return { shop, connection };
}

test('nobody scrapes without a token, and a viewer is enough', async () => {
  await start('token');
  expect((await scrape()).status).toBe(401);
  expect((await scrape('tally_wrong_0123456789')).status).toBe(401);
  const { status, type } = await scrape(await sidecar.token('viewer'));
  expect(status).toBe(200);
  expect(type).toContain('text/plain; version=0.0.4');
});

test('opened it asks nobody, switched off it is not there', async () => {
  await start('open');
  expect((await scrape()).status).toBe(200);
  await sidecar.stop();
  await start('off');
  expect((await scrape(await sidecar.token('admin'))).status).toBe(404);
});

test("the shop's screen cannot reach it through its own door", async () => {
  await start('token');
  const shop = await pairShop(sidecar);
  expect((await sidecar.call(shop, 'GET', '/metrics')).status).toBe(404);
});

test('what was settled, taken back and waited for is counted', async () => {
  await start('open');
  const { connection } = await aBusyShop();
  const { text } = await scrape();
  expect(text).toContain('tallyman_build_info{version="1.2.3"} 1');
  expect(text).toContain('tallyman_job_runs_total{kind="order.push",outcome="failed",failure="unavailable"} 1');
  expect(text).toContain('tallyman_job_lapses_total 3');
  expect(text).toContain('tallyman_job_run_seconds_sum{kind="order.push"} 1.5');
  expect(text).toContain('tallyman_job_wait_seconds_sum{kind="order.push"} 0.25');
  expect(text).toContain('tallyman_store_seconds_sum{operation="claim"} 0.002');
  expect(text).toContain(`tallyman_breaker_open{connection="${connection.id}",platform="wms"} 0`);
  expect(text).toContain('tallyman_alerts_open{kind="breaker_open"} 0');
  expect(text).toMatch(/tallyman_jobs\{connection="[^"]+",platform="wms",state="dead"\} 0/);
});

test('a token sees the connections of its own organisation only', async () => {
  await start('token');
  const { connection } = await aBusyShop();
  expect((await scrape(await sidecar.token('viewer'))).text).toContain(connection.id);
  expect((await scrape(await sidecar.token('viewer', 'others'))).text).not.toContain(connection.id);
});

test('scraping more often than every ten seconds costs the store nothing', async () => {
  await start('open');
  await pairShop(sidecar);
  let asked = 0;
  const { countByState } = sidecar.store;
  sidecar.store.countByState = (filter) => {
    asked += 1;
    return countByState(filter);
  };
  await scrape();
  const once = asked;
  await Promise.all([scrape(), scrape(), scrape()]);
  expect(asked).toBe(once);
  sidecar.clock.now += 10_000;
  await scrape();
  expect(asked).toBe(2 * once);
});

test('no label speaks of people, and unknown kinds are one', async () => {
  await start('open');
  await aBusyShop();
  const log = instruments.watched({ log: () => undefined } as never).log;
  log('job.settled', { kind: 'made.up eva@example.com', outcome: 'done', failure: null, runMs: 1 });
  const { text } = await scrape();
  expect(text).not.toMatch(/eva|Oak|North|@|https?:/i);
  expect(text).toContain('tallyman_job_runs_total{kind="other",outcome="done",failure="none"} 1');
});

test('every metric of the dashboard and of the page exists, and the page names every metric of ours', async () => {
  await start('open');
  await aBusyShop();
  const names = namesIn((await scrape()).text);
  const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  const known = (name: string) => names.has(name) || names.has(base(name));
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: { targets?: { expr: string }[] }[] };
  const used = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n');
  const inDashboard = [...used.matchAll(/\b(tallyman|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
  expect(inDashboard.length).toBeGreaterThan(10);
  expect(inDashboard.filter((name) => !known(name))).toEqual([]);
  const page = new Set(readFileSync(PAGE, 'utf8').match(/\b(tallyman|nodejs|process)_[a-z0-9_]+/g));
  expect([...page].filter((name) => !known(name))).toEqual([]);
  expect([...names].filter((name) => name.startsWith('tallyman_') && !page.has(name))).toEqual([]);
});
