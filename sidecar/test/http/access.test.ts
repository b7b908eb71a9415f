/** Who may do what, and that nothing crosses from one shop or organisation to another. */
import {
  aBatch,
  aRow,
  aWcOrder,
  connectWarehouse,
  pairShop,
  startSidecar,
  type Shop,
  type TestSidecar,
} from './sidecar.js';

let sidecar: TestSidecar;
let oak: Shop;
let pine: Shop;
let oakWarehouse: string;

beforeEach(async () => {
  sidecar = await startSidecar();
  oak = await pairShop(sidecar);
  pine = await pairShop(sidecar, {
    siteHash: 'e'.repeat(64),
    storeCode: 'PINE',
    siteName: 'Pine',
    siteUrl: 'https://pine.example',
  });
  oakWarehouse = (await connectWarehouse(sidecar, oak)).connection.id;
  await sidecar.signed('/v1/outbox', oak, aBatch([aRow(1)], { '727': aWcOrder() }));
});
afterEach(() => sidecar.stop());

const oaksJob = async () =>
  (await sidecar.store.jobs({ kinds: ['order.push'] }, { limit: 1, offset: 0, sort: 'oldest' })).rows[0]!;

test.each([
  ['nothing', {}],
  ['an unknown token', { authorization: 'Bearer tally_0123456789012345678901234567890123456789012' }],
  ['another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
  ['a made-up inner call', { 'tallyman-inner': 'id-1' }],
])('%s opens nothing of the management API', async (_name, headers) => {
  for (const path of ['/api/v1/overview', '/api/v1/jobs', '/api/v1/connections', '/api/v1/tokens']) {
    expect((await sidecar.ask('GET', path, null, headers as Record<string, string>)).status).toBe(401);
  }
});

test('a hundred wrong tokens in a minute are enough, and a right one still works', async () => {
  const wrong = { authorization: 'Bearer tally_wrong_0123456789' };
  const statuses: number[] = [];
  for (let guess = 0; guess < 101; guess += 1)
    statuses.push((await sidecar.ask('GET', '/api/v1/overview', null, wrong)).status);
  expect(statuses.at(-1)).toBe(429);
  expect((await sidecar.api('GET', '/overview')).status).toBe(200);
});

test.each([
  ['POST', '/connections/x/pause', 'viewer'],
  ['POST', '/connections', 'operator'],
  ['PUT', '/connections/x', 'operator'],
  ['POST', '/jobs/1/actions', 'viewer'],
  ['POST', '/schedules/run', 'viewer'],
  ['POST', '/connections/x/articles', 'viewer'],
  ['POST', '/orders/727/send', 'viewer'],
  ['GET', '/tokens', 'operator'],
  ['POST', '/pairing-codes', 'operator'],
] as const)('%s %s is not for a %s', async (method, path, role) => {
  const answer = await sidecar.api(method, path, method === 'GET' ? null : {}, role);
  expect(answer.status).toBe(403);
  expect(answer.json.error).toBe('forbidden');
});

test('a shop sees its own connections, jobs and orders only', async () => {
  const seen = await sidecar.call(pine, 'GET', '/api/v1/connections');
  expect((seen.json.rows as { name: string }[]).map(({ name }) => name)).toEqual(['Pine']);
  expect((await sidecar.call(pine, 'GET', '/api/v1/jobs', { query: { connection: oakWarehouse } })).json.rows).toEqual(
    [],
  );
  expect((await sidecar.call(pine, 'GET', '/api/v1/overview')).json.counts.queued).toBe(0);
  expect((await sidecar.call(pine, 'GET', '/api/v1/orders/727')).json.sentence).toContain('not heard of');
});

test('what belongs to another shop is not there for it', async () => {
  const { id } = await oaksJob();
  const tries = [
    await sidecar.call(pine, 'GET', `/api/v1/jobs/${id}`),
    await sidecar.call(pine, 'POST', `/api/v1/jobs/${id}/actions`, { body: { action: 'cancel', reason: 'x' } }),
    await sidecar.call(pine, 'GET', `/api/v1/connections/${oakWarehouse}`),
    await sidecar.call(pine, 'POST', `/api/v1/connections/${oakWarehouse}/pause`, { body: {} }),
    await sidecar.call(pine, 'GET', `/api/v1/connections/${oakWarehouse}/articles`),
    await sidecar.call(pine, 'POST', '/api/v1/orders/727/send', { body: { connectionId: oakWarehouse } }),
    await sidecar.call(pine, 'POST', '/api/v1/schedules/run', {
      body: { connectionId: oak.connectionId, name: 'store.sweep' },
    }),
  ];
  expect(tries.map(({ status }) => status)).toEqual(Array<number>(7).fill(404));
  expect((await oaksJob()).state).toBe('queued');
});

test('a token of another organisation sees nothing of this one', async () => {
  expect((await sidecar.api('GET', '/connections', null, 'admin', 'other')).json.rows).toEqual([]);
  expect((await sidecar.api('GET', `/jobs/${(await oaksJob()).id}`, null, 'admin', 'other')).status).toBe(404);
  const { rows } = (await sidecar.api('GET', '/tokens', null, 'admin', 'other')).json as { rows: { name: string }[] };
  expect(rows.every(({ name }) => name === 'admin')).toBe(true);
});

describe('a call of the screen', () => {
  test('is made in the name of its user and with the rights of their role', async () => {
    expect((await sidecar.call(oak, 'GET', '/api/v1/capabilities', { role: 'viewer' })).json.role).toBe('viewer');
    expect(
      (await sidecar.call(oak, 'POST', `/api/v1/connections/${oakWarehouse}/pause`, { body: {}, role: 'viewer' }))
        .status,
    ).toBe(403);
  });

  test('pressed again with a recorded signature does nothing twice', async () => {
    const press = () =>
      sidecar.call(oak, 'POST', `/api/v1/connections/${oakWarehouse}/pause`, { body: {}, id: 'recorded' });
    expect((await press()).status).toBe(200);
    expect((await press()).json.error).toBe('repeated');
  });

  test.each([
    '/v1/call',
    '/api/v1/../../health',
    'https://elsewhere.example/',
    '/api/v1/jobs?state=dead',
    '/%2e%2e/health',
  ])('cannot leave the management API: %s', async (path) => {
    const { status } = await sidecar.call(oak, 'GET', path);
    expect([400, 404]).toContain(status);
  });

  test('unsigned or for a role that does not exist is refused', async () => {
    const body = JSON.stringify({
      method: 'GET',
      path: '/api/v1/overview',
      query: {},
      body: null,
      user: { id: 1, name: 'x', role: 'owner' },
    });
    expect((await sidecar.ask('POST', '/v1/call', body, { 'tallyman-store': oak.connectionId })).status).toBe(401);
    expect((await sidecar.signed('/v1/call', oak, body)).status).toBe(400);
  });

  test('with an empty query as PHP writes it is understood', async () => {
    const body = JSON.stringify({
      method: 'GET',
      path: '/api/v1/overview',
      query: [],
      body: null,
      user: { id: 1, name: 'x', role: 'viewer' },
    });
    expect((await sidecar.signed('/v1/call', oak, body)).status).toBe(200);
  });
});

test('a token is shown once, works, and can be taken back', async () => {
  const made = (await sidecar.api('POST', '/tokens', { name: 'backup', role: 'viewer' })).json;
  const ask = () => sidecar.ask('GET', '/api/v1/overview', null, { authorization: `Bearer ${made.token}` });
  expect((await ask()).status).toBe(200);
  expect(JSON.stringify((await sidecar.api('GET', '/tokens')).json)).not.toContain(made.token);
  expect((await sidecar.api('DELETE', `/tokens/${made.id}`)).status).toBe(200);
  expect((await ask()).status).toBe(401);
});

test('health answers anybody; ready says what is wrong', async () => {
  expect((await sidecar.ask('GET', '/health', null)).json).toEqual({ ok: true, version: '1.2.3' });
  expect((await sidecar.ask('GET', '/ready', null)).json).toEqual({ ready: true, reasons: [] });
  const stuck = await startSidecar({ notReady: () => ['The worker has not looked at the queue for 90 seconds.'] });
  expect(await stuck.ask('GET', '/ready', null)).toMatchObject({
    status: 503,
    json: { ready: false, reasons: [expect.stringContaining('90 seconds')] },
  });
  await stuck.stop();
});

test('what is nowhere is answered in the same shape', async () => {
  expect(await sidecar.ask('GET', '/nowhere', null)).toMatchObject({ status: 404, json: { error: 'not_found' } });
});
