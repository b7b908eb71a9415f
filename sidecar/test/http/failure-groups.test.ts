/** What failed, put together by what it has in common. */
import type { FailureNote } from '../../src/domain/job.js';
import type { FailureList } from '../../src/http/api.js';
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
});
afterEach(() => sidecar.stop());

let sequence = 0;
/** One order whose push dies of this. */
async function anOrderDies(kind: string, changes: Partial<FailureNote> = {}): Promise<void> {
  sequence += 1;
  const id = 1000 + sequence;
  const rows = [aRow(sequence, { entityId: String(id) })];
  await sidecar.signed('/v1/outbox', shop, aBatch(rows, { [id]: aWcOrder({ id, number: String(id) }) }));
  await aJobsFailure(sidecar.store, 'order.push', kind, sidecar.clock.now, changes);
}
const groups = async (query = ''): Promise<FailureList> =>
  (await sidecar.api('GET', `/failures${query}`)).json as FailureList;

test('forty refusals for one reason are one line, whatever ids they name, with the latest as an example', async () => {
  await anOrderDies('rejected', { summary: 'The warehouse answered 400: Reference "WC-1" is not unique.' });
  sidecar.clock.now += 60_000;
  await anOrderDies('rejected', { summary: 'The warehouse answered 400: Reference "WC-2" is not unique.' });
  await anOrderDies('rejected', { summary: 'The warehouse answered 400: zip code invalid.' });
  const { rows, total } = await groups();
  expect(total).toBe(3);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({
    count: 2,
    title: 'Send an order to Warehouse North',
    sentence: 'The warehouse answered 400: Reference "WC-2" is not unique.',
    cure: 'Correct what the message names, in WooCommerce or with Correct and retry, then retry these 2.',
    connection: { id: north, name: 'Warehouse North' },
    firstAt: new Date(NOON).toISOString(),
    lastAt: new Date(NOON + 60_000).toISOString(),
    fix: null,
    actions: ['retryNow', 'forceDone', 'cancel'],
  });
  expect(rows[1]).toMatchObject({ count: 1, cure: expect.stringMatching(/then retry it\.$/) });
});

test('a group leads to its own jobs, and a press on it moves those alone', async () => {
  await anOrderDies('rejected', { summary: 'The warehouse answered 400: Reference "WC-1" is not unique.' });
  await anOrderDies('rejected', { summary: 'The warehouse answered 400: zip code invalid.' });
  const { filter } = (await groups()).rows.find(({ sentence }) => sentence.includes('zip'))!;
  const query = new URLSearchParams(filter).toString();
  expect((await sidecar.api('GET', `/jobs?${query}`)).json.rows).toMatchObject([
    { failure: { summary: 'The warehouse answered 400: zip code invalid.' } },
  ]);
  const draft = await sidecar.api('POST', '/batches', { move: 'retryNow', filter, dryRun: true }, 'operator');
  expect(draft.json.total).toBe(1);
});

test('what a wait was for is said, and where it is brought about', async () => {
  await anOrderDies('mapping_missing', { code: 'wait_expired', summary: 'What the job waits for did not come.' });
  const { rows: jobs } = await sidecar.store.jobs({ states: ['dead'] }, { limit: 1, offset: 0, sort: 'oldest' });
  const [row] = (await groups()).rows;
  expect(row!.sentence).toBe(jobs[0]!.sentence);
  expect(row).toMatchObject({ fix: { screen: 'articles', connection: north } });
});

test('refused credentials lead to the connection', async () => {
  await anOrderDies('unauthorized');
  expect((await groups()).rows[0]).toMatchObject({ fix: { screen: 'connection', connection: north } });
});

test('a failure of a kind that this version does not know keeps the cure it came with', async () => {
  await anOrderDies('haunted', { cure: 'Call somebody.' });
  expect((await groups()).rows[0]?.cure).toBe('Call somebody.');
});

test('one connection can be looked at alone', async () => {
  await anOrderDies('rejected');
  expect((await groups(`?connection=${north}`)).rows).toHaveLength(1);
  expect(await groups(`?connection=${shop.connectionId}`)).toEqual({ rows: [], total: 0 });
});

test('a viewer reads them and is offered no press; another organisation sees none', async () => {
  await anOrderDies('rejected');
  expect((await sidecar.api('GET', '/failures', null, 'viewer')).json.rows).toMatchObject([{ actions: [] }]);
  expect((await sidecar.api('GET', '/failures', null, 'admin', 'other')).json).toEqual({ rows: [], total: 0 });
});
