import {
  aBatch,
  aPair,
  aRow,
  aWcOrder,
  connectWarehouse,
  pairShop,
  SITE_HASH,
  startSidecar,
  type TestSidecar,
} from './sidecar.js';

let sidecar: TestSidecar;
beforeEach(async () => {
  sidecar = await startSidecar();
});
afterEach(() => sidecar.stop());

const newCode = async () => (await sidecar.api('POST', '/pairing-codes', {})).json.code as string;
const pair = (code: string, changes: Record<string, unknown> = {}) =>
  sidecar.ask('POST', '/v1/pair', JSON.stringify(aPair(code, changes)));

test('a code pairs a shop once: connection, sealed credentials, schedules and the first pull', async () => {
  const code = await newCode();
  const answer = await pair(code);
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({
    connectionId: expect.any(String),
    secret: expect.stringMatching(/^whsec_/),
    protocol: 1,
  });
  const id = answer.json.connectionId as string;
  expect(await sidecar.store.connection(id)).toMatchObject({
    platform: 'woocommerce',
    name: 'Oak & Pine',
    storeId: id,
    state: 'active',
    settings: { storeCode: 'WC', siteHash: SITE_HASH },
  });
  const row = await sidecar.store.credentials(id);
  expect(Buffer.from(row!.sealed).toString('latin1')).not.toContain('cs_1');
  expect((await sidecar.world.vault.read(id)).values).toMatchObject({
    consumerKey: 'ck_1',
    consumerSecret: 'cs_1',
    secret: answer.json.secret,
  });
  expect((await sidecar.store.schedules()).map(({ name }) => name)).toContain('outbox.pull');
  const { rows } = await sidecar.store.jobs({ kinds: ['outbox.pull'] }, { limit: 5, offset: 0, sort: 'oldest' });
  expect(rows).toMatchObject([{ connectionId: id, state: 'queued' }]);
  expect((await pair(code, { siteHash: 'f'.repeat(64), storeCode: 'B' })).json).toMatchObject({ error: 'bad_code' });
});

test('the shop is not called before it can have stored the secret', async () => {
  await pairShop(sidecar);
  const { rows } = await sidecar.store.jobs({ kinds: ['outbox.pull'] }, { limit: 5, offset: 0, sort: 'oldest' });
  const firstCalls = [
    ...rows.map(({ runAt }) => runAt),
    ...(await sidecar.store.schedules()).map(({ nextAt }) => nextAt),
  ];
  expect(Math.min(...firstCalls)).toBe(sidecar.clock.now + 3_000);
});

test.each([
  ['typed in small letters and without the dash', (code: string) => code.toLowerCase().replace('-', ' ')],
  ['with look-alike letters', (code: string) => code.replaceAll('0', 'O').replaceAll('1', 'l')],
])('a code %s is the same code', async (_name, typed) => {
  expect((await pair(typed(await newCode()))).status).toBe(200);
});

test('a wrong code and one older than 10 minutes are refused alike', async () => {
  const old = await newCode();
  sidecar.clock.now += 10 * 60_000 + 1;
  const [expired, wrong] = [await pair(old), await pair('AAAAA-AAAAA')];
  expect([expired.status, wrong.status]).toEqual([401, 401]);
  expect(expired.text).toBe(wrong.text);
});

test('after ten wrong guesses in a minute the guesser has to wait', async () => {
  const statuses: number[] = [];
  for (let guess = 0; guess < 12; guess += 1) statuses.push((await pair(`WRONG-0000${guess % 10}`)).status);
  expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
});

test('two shops cannot have one store code, and the code stays good for another try', async () => {
  await pairShop(sidecar);
  const code = await newCode();
  const other = { siteHash: 'e'.repeat(64), siteUrl: 'https://pine.example', restUrl: 'https://pine.example/wp-json/' };
  expect((await pair(code, { ...other, storeCode: 'wc' })).json).toMatchObject({ error: 'store_code_taken' });
  expect((await pair(code, { ...other, storeCode: 'PINE' })).status).toBe(200);
});

test('shops of another organisation may have the same store code', async () => {
  await pairShop(sidecar);
  await expect(pairShop(sidecar, { siteHash: 'e'.repeat(64) }, 'other')).resolves.toMatchObject({
    connectionId: expect.any(String),
  });
});

test('pairing the same site again keeps its connection and data; the old secret is good for ten more minutes', async () => {
  const first = await pairShop(sidecar);
  await sidecar.signed('/v1/outbox', first, aBatch([aRow(1)], { '727': aWcOrder() }));
  const warehouse = await connectWarehouse(sidecar, first);
  sidecar.clock.now += 60_000;
  const second = await pairShop(sidecar, { siteName: 'Oak and Pine', consumerKey: 'ck_2', consumerSecret: 'cs_2' });
  expect(second.connectionId).toBe(first.connectionId);
  expect(second.secret).not.toBe(first.secret);
  expect(await sidecar.store.record(first.connectionId, 'order', '727')).not.toBeNull();
  expect((await sidecar.store.connection(warehouse.connection.id))?.storeId).toBe(first.connectionId);
  expect((await sidecar.store.connection(first.connectionId))?.startsAt).toBe(sidecar.clock.now - 60_000);
  expect((await sidecar.signed('/v1/outbox', first, aBatch([]))).status).toBe(200);
  expect((await sidecar.signed('/v1/outbox', second, aBatch([]))).status).toBe(200);
  sidecar.clock.now += 11 * 60_000;
  expect((await sidecar.signed('/v1/outbox', first, aBatch([]))).status).toBe(401);
  expect((await sidecar.signed('/v1/outbox', second, aBatch([]))).status).toBe(200);
});

test('a shop that moved to another address keeps its connection when it is paired with a new code', async () => {
  const first = await pairShop(sidecar);
  const moved = { siteHash: 'e'.repeat(64), siteUrl: 'https://new.example', restUrl: 'https://new.example/wp-json/' };
  const second = await pairShop(sidecar, moved);
  expect(second.connectionId).toBe(first.connectionId);
  expect((await sidecar.store.connection(first.connectionId))?.settings).toMatchObject({ siteHash: moved.siteHash });
  const stranger = { ...moved, siteHash: 'f'.repeat(64), epoch: 'another-life' };
  expect((await pair(await newCode(), stranger)).json).toMatchObject({ error: 'store_code_taken' });
});

test('a paired shop keeps its store code: its references at the warehouse start with it', async () => {
  await pairShop(sidecar);
  const answer = await pair(await newCode(), { storeCode: 'NEW' });
  expect(answer.status).toBe(409);
  expect(answer.json.message).toContain('"WC"');
});

test.each([
  ['a store code with spaces', { storeCode: 'my shop' }],
  ['an address that is none', { siteUrl: 'javascript:alert(1)' }],
  ['no hash of its address', { siteHash: 'abc' }],
])('%s is refused with the field named', async (_name, changes) => {
  const answer = await pair(await newCode(), changes);
  expect(answer.status).toBe(400);
  expect(answer.json.message).toContain(Object.keys(changes)[0]!);
});

test('only an admin of the whole installation makes codes', async () => {
  const shop = await pairShop(sidecar);
  expect((await sidecar.api('POST', '/pairing-codes', {}, 'operator')).status).toBe(403);
  expect((await sidecar.call(shop, 'POST', '/api/v1/pairing-codes', { body: {} })).status).toBe(403);
});
