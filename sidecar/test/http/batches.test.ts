/** One press on many, as the screen and tokens ask for it. */
import type { JobList } from '../../src/http/api.js';
import { BatchRunner } from '../../src/queue/batches.js';
import { FakeWorld } from '../fake-world.js';
import { aJobsFailure } from './failures.js';
import {
  aBatch,
  aRow,
  aWcOrder,
  connectWarehouse,
  NOON,
  pairShop,
  startSidecar,
  type Shop,
  type TestSidecar,
} from './sidecar.js';

let sidecar: TestSidecar;
let shop: Shop;
let north: string;

beforeEach(async () => {
  sidecar = await startSidecar();
  shop = await pairShop(sidecar);
  north = (await connectWarehouse(sidecar, shop)).connection.id;
  const ids = [727, 728, 729];
  const rows = ids.map((id, at) => aRow(at + 1, { entityId: String(id) }));
  const orders = Object.fromEntries(ids.map((id) => [String(id), aWcOrder({ id, number: String(id + 1000) })]));
  await sidecar.signed('/v1/outbox', shop, aBatch(rows, orders));
  for (const _ of ids) await aJobsFailure(sidecar.store, 'order.push', 'rejected', NOON);
});
afterEach(() => sidecar.stop());

const DEAD_PUSHES = { state: 'dead', kind: 'order.push' };
const post = (body: object, role: 'viewer' | 'operator' | 'admin' = 'operator') =>
  sidecar.api('POST', '/batches', body, role);

async function carriedOut(): Promise<void> {
  const world = new FakeWorld(NOON);
  const runner = new BatchRunner({ store: sidecar.store, world, nudge: () => undefined });
  runner.start();
  await world.quiet();
  await runner.stop();
}

test('a dry run says how many it would be, names some, and does nothing', async () => {
  const { status, json } = await post({ move: 'retryNow', filter: DEAD_PUSHES, dryRun: true });
  expect(status).toBe(200);
  expect(json).toMatchObject({ state: 'draft', title: 'Retry 3 jobs that need attention', total: 3 });
  expect(json.examples[0]).toMatchObject({ title: 'Send order #1727 to Warehouse North' });
  expect((await sidecar.store.countByState({})).dead).toBe(3);
  expect((await sidecar.api('GET', '/batches')).json).toEqual({ rows: [] });
});

test('started, it can be watched until it has ended', async () => {
  const { status, json: started } = await post({ move: 'retryNow', filter: DEAD_PUSHES });
  expect(status).toBe(201);
  expect(started).toMatchObject({ state: 'processing', total: 3, moved: 0, who: 'token operator', actions: ['stop'] });
  await carriedOut();
  expect((await sidecar.api('GET', `/batches/${started.id}`)).json).toMatchObject({
    moved: 3,
    sentence: '3 under way.',
    counts: { queued: 3 },
    expectedEndAt: null,
  });
  expect((await sidecar.api('GET', `/jobs?batch=${started.id}`)).json.total).toBe(3);
});

test('it says when it should be through, at the pace so far', async () => {
  const { json: started } = await post({ move: 'retryNow', filter: DEAD_PUSHES });
  await carriedOut();
  await aJobsFailure(sidecar.store, 'order.push', 'rejected', NOON);
  sidecar.clock.now = NOON + 60_000;
  expect((await sidecar.api('GET', `/batches/${started.id}`)).json).toMatchObject({
    sentence: '1 needs attention, 2 under way.',
    durationMs: 60_000,
    expectedEndAt: '2026-11-20T12:03:00.000Z',
  });
});

test('the list of jobs tells what may be pressed on all that match, and what is going on', async () => {
  const dead = (await sidecar.api('GET', '/jobs?state=dead')).json;
  expect(dead.bulk).toEqual([
    { move: 'retryNow', count: 3 },
    { move: 'forceDone', count: 3 },
    { move: 'cancel', count: 3 },
  ]);
  expect(dead.batches).toEqual([]);
  await post({ move: 'retryNow', filter: DEAD_PUSHES });
  expect((await sidecar.api('GET', '/jobs')).json.batches).toMatchObject([
    { title: 'Retry 3 jobs that need attention' },
  ]);
});

test('a list that nothing narrows offers no press on all there are, and a viewer is offered none', async () => {
  expect((await sidecar.api('GET', '/jobs')).json.bulk).toEqual([]);
  expect((await sidecar.api('GET', '/jobs?state=dead', null, 'viewer')).json.bulk).toEqual([]);
  expect(await post({ move: 'retryNow', filter: {} })).toMatchObject({ status: 400 });
  expect(await post({ move: 'retryNow' })).toMatchObject({ status: 400 });
  expect(await post({ move: 'retryNow', filter: { state: 'dead', colour: 'red' } })).toMatchObject({ status: 400 });
});

test('it is stopped and let go on', async () => {
  const { json } = await post({ move: 'cancel', filter: DEAD_PUSHES, reason: 'Old season' });
  const stopped = await sidecar.api('POST', `/batches/${json.id}/stop`, {}, 'operator');
  expect(stopped.json).toMatchObject({ state: 'stopped', actions: ['resume'] });
  expect(stopped.json.sentence).toBe('Stopped by token operator. 0 of 3 were set going; what is queued runs on.');
  await carriedOut();
  expect((await sidecar.store.countByState({})).dead).toBe(3);
  expect((await sidecar.api('POST', `/batches/${json.id}/stop`, {}, 'operator')).status).toBe(409);
  await sidecar.api('POST', `/batches/${json.id}/resume`, {}, 'operator');
  await carriedOut();
  expect((await sidecar.store.countByState({})).cancelled).toBe(3);
});

test('ticked jobs go as one batch', async () => {
  const { rows } = (await sidecar.api('GET', '/jobs?state=dead')).json as JobList;
  const ids = rows.slice(0, 2).map(({ id }) => id);
  const { json } = await post({ move: 'forceDone', ids, reason: 'Sent by hand' });
  expect(json).toMatchObject({ title: 'Force done 2 jobs', total: 2 });
  await carriedOut();
  expect(await sidecar.store.countByState({})).toMatchObject({ dead: 1 });
  expect(await post({ move: 'forceDone', ids, reason: 'Again' })).toMatchObject({ status: 409 });
  expect(await post({ move: 'forceDone', ids, filter: DEAD_PUSHES, reason: 'x' })).toMatchObject({ status: 400 });
});

test('force done of many needs a reason', async () => {
  const answer = await post({ move: 'forceDone', filter: DEAD_PUSHES });
  expect(answer).toMatchObject({ status: 400, json: { message: 'Say why: the reason is kept with each job.' } });
});

test('a viewer may watch a batch and press nothing', async () => {
  const { json } = await post({ move: 'retryNow', filter: DEAD_PUSHES });
  expect((await post({ move: 'retryNow', filter: DEAD_PUSHES, dryRun: true }, 'viewer')).status).toBe(403);
  expect((await sidecar.api('POST', `/batches/${json.id}/stop`, {}, 'viewer')).status).toBe(403);
  expect((await sidecar.api('GET', `/batches/${json.id}`, null, 'viewer')).json).toMatchObject({ actions: [] });
});

test('nothing of another organisation or another shop is moved, seen or stopped', async () => {
  const { json } = await post({ move: 'retryNow', filter: DEAD_PUSHES });
  expect((await sidecar.api('GET', `/batches/${json.id}`, null, 'admin', 'other')).status).toBe(404);
  expect(
    (await sidecar.api('POST', '/batches', { move: 'retryNow', filter: DEAD_PUSHES }, 'admin', 'other')).status,
  ).toBe(409);
  const second = await pairShop(sidecar, {
    siteUrl: 'https://pine.example',
    siteHash: 'b'.repeat(64),
    storeCode: 'PI',
  });
  expect((await sidecar.call(second, 'GET', '/api/v1/batches')).json.rows).toEqual([]);
  expect((await sidecar.call(second, 'POST', `/api/v1/batches/${json.id}/stop`, { body: {} })).status).toBe(404);
  const body = { move: 'retryNow', filter: { connection: north, state: 'dead' } };
  expect((await sidecar.call(second, 'POST', '/api/v1/batches', { body })).status).toBe(409);
  const { rows } = (await sidecar.api('GET', '/jobs?state=dead')).json as JobList;
  const ticked = { move: 'retryNow', ids: rows.map(({ id }) => id) };
  expect((await sidecar.call(second, 'POST', '/api/v1/batches', { body: ticked })).status).toBe(409);
  expect((await sidecar.call(shop, 'GET', '/api/v1/batches')).json.rows).toMatchObject([{ id: json.id }]);
  const { json: ofBoth } = await post({ move: 'cancel', filter: { state: 'dead' }, reason: 'Old season' });
  expect((await sidecar.call(shop, 'GET', `/api/v1/batches/${ofBoth.id}`)).status).toBe(404);
});

test('time narrows the list: a span back from now, or a moment', async () => {
  sidecar.clock.now = NOON + 3 * 3_600_000;
  expect((await sidecar.api('GET', '/jobs?state=dead&since=1h')).json.total).toBe(0);
  expect((await sidecar.api('GET', '/jobs?state=dead&since=4h')).json.total).toBe(3);
  expect((await sidecar.api('GET', '/jobs?state=dead&until=2026-11-20T11:00:00Z')).json.total).toBe(0);
  expect((await sidecar.api('GET', '/jobs?state=dead&since=yesterday')).status).toBe(400);
});
