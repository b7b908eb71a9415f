import type { Alert } from '../../src/domain/alert.js';
import type { Write } from '../../src/stores/store.js';
import { aNewJob } from '../build.js';
import { connectWarehouse, NOON, pairShop, startSidecar, type TestSidecar } from './sidecar.js';

let sidecar: TestSidecar;
beforeEach(async () => {
  sidecar = await startSidecar();
});
afterEach(() => sidecar.stop());

const write = (...writes: Write[]) => sidecar.store.apply({ now: sidecar.clock.now, guards: [], writes });

async function open(connectionId: string, changes: Partial<Alert> = {}): Promise<void> {
  const id = sidecar.world.newId();
  const about = {
    id,
    orgId: 'default',
    connectionId,
    kind: 'breaker_open',
    key: `breaker_open:${connectionId}`,
  } as const;
  const alert: Alert = { ...about, sentence: 'It does not answer.', openedAt: NOON, clearedAt: null, ...changes };
  await write({ write: 'openAlert', alert });
}

test('open alerts come first, those that are over say so', async () => {
  const shop = await pairShop(sidecar);
  await open(shop.connectionId, { id: 'first' });
  await write({ write: 'clearAlert', id: 'first' });
  await open(shop.connectionId, { id: 'second' });
  const { json } = await sidecar.call(shop, 'GET', '/alerts');
  expect(json.open).toMatchObject([{ id: 'second', connection: { name: 'Oak & Pine' }, clearedAt: null, over: null }]);
  expect(json.recent).toMatchObject([
    { id: 'first', over: 'Oak & Pine answers again. What waited goes on by itself.' },
  ]);
});

test('a shop sees the alerts of its own connections, a token those of its organisation', async () => {
  const oak = await pairShop(sidecar);
  const pine = await pairShop(sidecar, {
    storeCode: 'PINE',
    siteHash: 'ab'.repeat(32),
    siteUrl: 'https://pine.example',
  });
  const elm = await pairShop(
    sidecar,
    { storeCode: 'ELM', siteHash: 'cd'.repeat(32), siteUrl: 'https://elm.example' },
    'others',
  );
  await open(oak.connectionId);
  await open(pine.connectionId);
  await open(elm.connectionId, { orgId: 'others' });
  const seen = async (answer: Promise<{ json: { open: { connection: { id: string } }[] } }>) =>
    (await answer).json.open.map(({ connection }) => connection.id).sort();
  expect(await seen(sidecar.call(oak, 'GET', '/alerts'))).toEqual([oak.connectionId]);
  expect(await seen(sidecar.api('GET', '/alerts'))).toEqual([oak.connectionId, pine.connectionId].sort());
  expect(await seen(sidecar.api('GET', '/alerts', null, 'viewer', 'others'))).toEqual([elm.connectionId]);
});

test('the overview carries alerts, the promise kept, and no forecast while there is no backlog', async () => {
  const shop = await pairShop(sidecar);
  const { connection } = await connectWarehouse(sidecar, shop);
  await open(connection.id);
  const job = aNewJob({ orgId: 'default', connectionId: connection.id, runAt: NOON, deadlineAt: NOON + 120_000 });
  await write({ write: 'enqueue', job, onDead: 'leave' });
  const { json } = await sidecar.call(shop, 'GET', '/overview');
  expect(json.alerts).toMatchObject([{ kind: 'breaker_open', connection: { id: connection.id } }]);
  expect(json.forecast).toBeNull();
  expect(json.sla).toMatchObject([{ label: 'Orders', percent: 100, late: 0, sentence: 'Orders: 100 % within 2 min.' }]);
});

test('a backlog that stands says how many will be late', async () => {
  const shop = await pairShop(sidecar);
  const { connection } = await connectWarehouse(sidecar, shop);
  const jobs = Array.from({ length: 60 }, (_, at): Write => {
    const key = { subject: `order:${at}`, orderingKey: `order:${at}` } as const;
    const job = aNewJob({
      ...key,
      orgId: 'default',
      connectionId: connection.id,
      runAt: NOON,
      deadlineAt: NOON + 120_000,
    });
    return { write: 'enqueue', job, onDead: 'leave' };
  });
  await write(...jobs);
  const { json } = await sidecar.call(shop, 'GET', '/overview');
  expect(json.forecast).toEqual({
    trend: 'stands',
    clearsAt: null,
    willBeLate: 60,
    sentence: expect.stringMatching(
      /^6\d jobs wait for Warehouse North; none was finished in the last 10 min\. At least 60 of them will be late\.$/,
    ),
  });
});
