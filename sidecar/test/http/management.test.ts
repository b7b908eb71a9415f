/** The management API as the screen and tokens use it. */
import { articleMapped } from '../../src/domain/fact.js';
import type { NewJob } from '../../src/domain/job.js';
import { aJobsFailure } from './failures.js';
import {
  aBatch,
  aRow,
  aWcOrder,
  connectWarehouse,
  pairShop,
  startSidecar,
  WMS_INPUT,
  type Answer,
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
  await sidecar.signed('/v1/outbox', shop, aBatch([aRow(1)], { '727': aWcOrder() }));
});
afterEach(() => sidecar.stop());

const get = async (path: string): Promise<Answer['json']> => (await sidecar.api('GET', path)).json;
const push = async () =>
  (await sidecar.store.jobs({ kinds: ['order.push'] }, { limit: 1, offset: 0, sort: 'oldest' })).rows[0]!;

describe('jobs', () => {
  test('are titled, explained, and offer what the table allows', async () => {
    const { rows, total, counts } = await get('/jobs');
    expect(total).toBe(1);
    expect(rows).toMatchObject([
      {
        title: 'Send order #1727 to Warehouse North',
        state: 'queued',
        sentence: 'Waits for its turn.',
        attempts: 0,
        attemptsMax: 4,
        order: { id: 727, number: '1727' },
        connection: { id: north, name: 'Warehouse North' },
        actions: ['retryNow', 'correct', 'forceDone', 'cancel'],
      },
    ]);
    expect(counts).toMatchObject({ queued: 1, dead: 0 });
  });

  test('looking around is not listed unasked, only when it is stuck', async () => {
    expect((await get('/jobs?kind=outbox.pull')).total).toBe(1);
    await aJobsFailure(sidecar.store, 'outbox.pull', 'rejected', sidecar.clock.now);
    expect((await get('/jobs?state=dead')).rows).toMatchObject([{ kind: 'outbox.pull' }]);
    expect((await get('/jobs')).counts.dead).toBe(1);
  });

  test('are found by the order’s id, by its number in the shop with or without #, and not by part of that', async () => {
    for (const words of ['727', '1727', '%231727']) expect((await get(`/jobs?search=${words}`)).total).toBe(1);
    expect((await get('/jobs?search=172')).total).toBe(0);
  });

  test('a paused connection explains why they wait', async () => {
    await sidecar.api('POST', `/connections/${north}/pause`, { reason: 'stocktaking' });
    expect((await get('/jobs')).rows[0].sentence).toBe(
      'Waits: Warehouse North is paused. It goes on after it is resumed.',
    );
    await sidecar.api('POST', `/connections/${north}/resume`, {});
    expect((await get('/jobs')).rows[0].sentence).toBe('Waits for its turn.');
  });

  test('one shows its way, its failure with the cure, and what could be corrected', async () => {
    await aJobsFailure(sidecar.store, 'order.push', 'rejected', sidecar.clock.now);
    const detail = await get(`/jobs/${(await push()).id}`);
    expect(detail).toMatchObject({
      state: 'dead',
      failure: { kind: 'rejected', summary: 'The warehouse answered 400: zip code invalid.', cure: 'Correct it.' },
      path: [{ state: 'queued' }, { state: 'running' }, { state: 'dead' }],
      attemptsList: [{ outcome: 'failed', failure: { excerpt: 'zip' } }],
    });
    expect(detail.correctable).toContainEqual({
      field: 'address.zip',
      label: 'Postcode',
      value: '3511AA',
      sourceValue: '3511AA',
      correctedBy: null,
    });
    expect(detail.forceDonePreview[0]).toContain('Later changes of the order are not sent');
  });

  test('a viewer sees the failure but no payload and no button', async () => {
    await aJobsFailure(sidecar.store, 'order.push', 'rejected', sidecar.clock.now);
    const { json } = await sidecar.call(shop, 'GET', `/api/v1/jobs/${(await push()).id}`, { role: 'viewer' });
    expect(json).toMatchObject({ correctable: null, actions: [], attemptsList: [{ failure: { excerpt: null } }] });
    expect(JSON.stringify(json)).not.toContain('3511AA');
  });

  test('correct, force done and re-open go through the operator, with who and why', async () => {
    await aJobsFailure(sidecar.store, 'order.push', 'rejected', sidecar.clock.now);
    const { id } = await push();
    const act = (body: object) => sidecar.call(shop, 'POST', `/api/v1/jobs/${id}/actions`, { body });
    const corrected = await act({ action: 'correct', fields: { 'address.zip': '3512 BB' }, reason: 'shopper rang' });
    expect(corrected.json).toMatchObject({
      state: 'queued',
      correctable: expect.arrayContaining([
        expect.objectContaining({ value: '3512 BB', correctedBy: 'Anna (user 3)' }),
      ]),
    });
    expect((await act({ action: 'forceDone', reason: 'sent by hand' })).json).toMatchObject({ state: 'done' });
    expect((await sidecar.store.settlement(north, 'order:727'))?.by).toBe('Anna (user 3)');
    expect((await act({ action: 'reopen', reason: 'mistake' })).json.state).toBe('queued');
    const { activity } = (await sidecar.call(shop, 'GET', `/api/v1/jobs/${id}`)).json as {
      activity: { who: string }[];
    };
    expect(activity.map(({ who }) => who)).toContain('Anna (user 3)');
  });

  test('what the table forbids is answered 409 with the reason', async () => {
    const answer = await sidecar.api('POST', `/jobs/${(await push()).id}/actions`, { action: 'reopen', reason: 'x' });
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ error: 'illegal_move', message: expect.stringContaining('waiting') });
  });

  test('force done without a reason is refused', async () => {
    const answer = await sidecar.api('POST', `/jobs/${(await push()).id}/actions`, {
      action: 'forceDone',
      reason: ' ',
    });
    expect(answer.status).toBe(400);
    expect((await push()).state).toBe('queued');
  });
});

describe('connections', () => {
  test('the form of a platform comes from its own metadata', async () => {
    const { rows } = await get('/platforms');
    expect(rows).toMatchObject([
      { key: 'wms', fields: expect.arrayContaining([expect.objectContaining({ name: 'password', secret: true })]) },
    ]);
  });

  test('secrets never come back, only which are set', async () => {
    const { rows } = await get('/connections');
    const row = (rows as { id: string }[]).find(({ id }) => id === north);
    expect(row).toMatchObject({
      secretsSet: ['username', 'password'],
      webhooks: 'polling',
      actions: ['test', 'pause', 'edit'],
      settings: { wmsCode: 'NORTH' },
    });
    expect(JSON.stringify(rows)).not.toMatch(/a-password|cs_1|whsec_/);
  });

  test('an empty secret leaves it as it was; a filled one replaces it', async () => {
    const before = (await sidecar.world.vault.read(north)).values;
    await sidecar.api('PUT', `/connections/${north}`, {
      ...WMS_INPUT,
      name: 'North 2',
      secrets: { username: '', password: 'new' },
    });
    expect((await sidecar.world.vault.read(north)).values).toEqual({ ...before, password: 'new' });
    expect((await sidecar.store.connection(north))?.name).toBe('North 2');
  });

  test('a token renewed while the form was saved is not written over', async () => {
    const { vault } = sidecar.world;
    const { read } = vault;
    vault.read = async (id) => {
      const seen = await read(id);
      const renewed = vault.seal(id, { ...seen.values, token: 'renewed' });
      await sidecar.store.apply({
        now: 0,
        guards: [],
        writes: [{ write: 'putCredentials', connectionId: id, ...renewed }],
      });
      return seen;
    };
    const answer = await sidecar.api('PUT', `/connections/${north}`, WMS_INPUT);
    vault.read = read;
    expect(answer.json.error).toBe('changed');
    expect((await read(north)).values['token']).toBe('renewed');
  });

  test.each([
    ['a missing field', { settings: { ...WMS_INPUT.settings, wmsCode: '' } }, 'WMS code'],
    ['a missing password', { secrets: { username: 'api' } }, 'Password'],
    [
      'an address that is none',
      { settings: { ...WMS_INPUT.settings, baseUrl: 'file:///etc/passwd' } },
      'Address of the API',
    ],
  ])('%s is named by its label', async (_name, changes, label) => {
    const answer = await sidecar.api('POST', '/connections', { ...WMS_INPUT, ...changes });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain(label);
  });

  test('a test passes on the real answer', async () => {
    sidecar.answerOfTest.report = { ok: false, sentence: 'The warehouse answered 401: Invalid credentials.' };
    expect((await sidecar.api('POST', `/connections/${north}/test`, {})).json).toEqual({
      ok: false,
      sentence: 'The warehouse answered 401: Invalid credentials.',
    });
    expect((await get(`/connections/${north}`)).lastFailure.summary).toContain('Invalid credentials');
  });

  test('a new warehouse starts with the pairing, reads its articles and looks for due orders', async () => {
    expect((await sidecar.store.connection(north))?.startsAt).toBe(
      (await sidecar.store.connection(shop.connectionId))?.startsAt,
    );
    const { rows } = await sidecar.store.jobs({}, { limit: 50, offset: 0, sort: 'oldest' });
    expect(rows.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['warehouse.articles', 'warehouse.webhooks', 'store.net']),
    );
    const { rows: schedules } = await get('/schedules');
    expect(schedules).toContainEqual(
      expect.objectContaining({ name: 'warehouse.poll-orders', connectionId: north, label: expect.any(String) }),
    );
  });
});

describe('an order', () => {
  const view = async (id = 727): Promise<Answer['json']> =>
    (await sidecar.call(shop, 'GET', `/api/v1/orders/${id}`)).json;
  const change = (order: Record<string, unknown>) =>
    sidecar.signed(
      '/v1/outbox',
      shop,
      aBatch([aRow(2)], { '727': aWcOrder({ date_modified_gmt: '2026-11-20T12:00:30', ...order }) }),
    );

  test('that waits says so', async () => {
    expect(await view()).toMatchObject({
      sentence: 'On its way to Warehouse North.',
      whyNotSent: null,
      warehouses: [{ name: 'Warehouse North', remoteId: null }],
      jobs: [{ kind: 'order.push' }],
      actions: [],
    });
  });

  test('nobody has heard of says so', async () => {
    expect((await view(999)).sentence).toBe('Tallyman has not heard of this order yet.');
  });

  test.each([
    ['is not paid', { status: 'pending' }, 'not paid'],
    ['is older than the connection', { date_created_gmt: '2020-01-01T00:00:00' }, 'before the warehouse was connected'],
    [
      'needs no shipping',
      { tallyman: { sequence: 2, lines: { '1': { refunded: 0, needs_shipping: false, own_sku: '' } } } },
      'needs shipping',
    ],
  ])('that %s says why it is not sent', async (_name, order, words) => {
    await change(order);
    const { sentence, whyNotSent } = await view();
    expect(whyNotSent).toContain(words);
    expect(sentence).toBe(whyNotSent);
  });

  test('that is too old goes by Send now, once', async () => {
    await change({ date_created_gmt: '2020-01-01T00:00:00' });
    const { id } = await push();
    await sidecar.store.apply({
      now: sidecar.clock.now,
      guards: [],
      writes: [{ write: 'moveJob', jobId: id, move: 'cancel', patch: {} }],
    });
    expect((await view()).actions).toEqual([
      { action: 'send', connectionId: north, label: 'Send to Warehouse North now' },
    ]);
    const sent = await sidecar.call(shop, 'POST', '/api/v1/orders/727/send', { body: { connectionId: north } });
    expect(sent.json).toMatchObject({ whyNotSent: null, actions: [], sentence: 'On its way to Warehouse North.' });
    expect(
      (await sidecar.call(shop, 'POST', '/api/v1/orders/727/send', { body: { connectionId: north }, role: 'viewer' }))
        .status,
    ).toBe(403);
  });

  test('that is not due at all is not sent by Send now either', async () => {
    await change({ status: 'pending' });
    const answer = await sidecar.call(shop, 'POST', '/api/v1/orders/727/send', { body: { connectionId: north } });
    expect(answer.status).toBe(409);
    expect(answer.json.message).toContain('not paid');
  });
});

describe('articles', () => {
  const putArticle = (code: string, name: string, sku: string | null) => {
    const body = { id: code, code, sku, ean: null, name };
    const record = {
      orgId: 'default',
      connectionId: north,
      type: 'article',
      remoteId: code,
      version: { modifiedAt: '', sequence: 0 },
      fingerprint: code,
      body,
      lookup: sku,
      final: false,
      updatedAt: 0,
    } as const;
    return sidecar.store.apply({
      now: sidecar.clock.now,
      guards: [],
      writes: [{ write: 'putRecord', record, authoritative: 'yes', onNew: [], onTie: [] }],
    });
  };
  beforeEach(async () => {
    await putArticle('WH-OAK', 'Oak chair', 'OAK-CHAIR');
    await putArticle('WH-PINE', 'Pine table', null);
    const fact = articleMapped(north, 21, 0);
    await sidecar.store.claim({
      now: sidecar.clock.now,
      owner: 'test',
      perConnection: new Map([[north, 50]]),
      leaseMs: 60_000,
      order: 'priority',
    });
    await sidecar.store.apply({
      now: sidecar.clock.now,
      guards: [],
      writes: [
        {
          write: 'moveJob',
          jobId: (await push()).id,
          move: 'block',
          patch: { blockedOn: fact, blockedUntil: sidecar.clock.now + 3_600_000, sentence: 'Waits for an article.' },
        },
      ],
    });
  });

  test('what orders wait for is listed first, with suggestions', async () => {
    const { rows } = await get(`/connections/${north}/articles`);
    expect(rows).toEqual([
      {
        productId: 21,
        variationId: 0,
        name: 'Oak chair',
        sku: 'OAK-CHAIR',
        articleCode: null,
        origin: null,
        ordersWaiting: 1,
        suggestions: [{ code: 'WH-OAK', name: 'Oak chair', why: 'same SKU' }],
      },
    ]);
  });

  test('choosing one lets the waiting order go by itself', async () => {
    const { json } = await sidecar.call(shop, 'POST', `/api/v1/connections/${north}/articles`, {
      body: { productId: 21, variationId: 0, articleCode: 'WH-OAK' },
    });
    expect(json.rows).toMatchObject([{ productId: 21, articleCode: 'WH-OAK', origin: 'chosen by Anna (user 3)' }]);
    expect((await push()).state).toBe('queued');
  });

  test('an article that does not exist or is taken is refused', async () => {
    const choose = (productId: number, articleCode: string) =>
      sidecar.api('POST', `/connections/${north}/articles`, { productId, variationId: 0, articleCode });
    expect((await choose(21, 'NOWHERE')).status).toBe(400);
    await choose(21, 'WH-OAK');
    const taken = await choose(22, 'WH-OAK');
    expect(taken.status).toBe(409);
    expect(taken.json.message).toContain('21:0');
  });
});

describe('the overview', () => {
  test('says in a sentence that all is well', async () => {
    const { sentence, mood, counts, hours, connections, checklist } = await get('/overview');
    expect({ sentence, mood }).toEqual({
      sentence: 'Everything is flowing. 0 orders reached the warehouse today.',
      mood: 'flowing',
    });
    expect(counts.queued).toBe(1);
    expect(hours).toHaveLength(24);
    expect(connections).toHaveLength(2);
    expect((checklist as { id: string; done: boolean }[]).map(({ id, done }) => `${id} ${done}`)).toEqual([
      'store true',
      'warehouse false',
      'webhooks false',
      'articles false',
      'first-order false',
    ]);
  });

  test('names what is stuck and why', async () => {
    await aJobsFailure(sidecar.store, 'order.push', 'rejected', sidecar.clock.now);
    expect(await get('/overview')).toMatchObject({
      mood: 'attention',
      sentence: '1 job needs attention: The warehouse answered 400: zip code invalid.',
    });
  });

  test('names a paused connection', async () => {
    await sidecar.api('POST', `/connections/${north}/pause`, { reason: 'stocktaking' });
    expect(await get('/overview')).toMatchObject({
      mood: 'attention',
      sentence: expect.stringContaining('stocktaking'),
    });
  });
});

test('a schedule can be run now', async () => {
  const answer = await sidecar.call(shop, 'POST', '/api/v1/schedules/run', {
    body: { connectionId: shop.connectionId, name: 'store.sweep' },
  });
  expect(answer.status).toBe(200);
  const { rows } = await sidecar.store.jobs({ kinds: ['store.sweep'] }, { limit: 5, offset: 0, sort: 'oldest' });
  expect(rows).toMatchObject<Partial<NewJob>[]>([{ origin: expect.stringContaining('Anna') as string }]);
  expect((await sidecar.api('POST', '/schedules/run', { connectionId: north, name: 'store.sweep' })).status).toBe(404);
});

test('a schedule that waits for its next try runs now as well, when somebody presses Run now', async () => {
  const body = { connectionId: shop.connectionId, name: 'store.sweep' };
  const press = () => sidecar.call(shop, 'POST', '/api/v1/schedules/run', { body });
  const theJob = async () =>
    (await sidecar.store.jobs({ kinds: ['store.sweep'] }, { limit: 1, offset: 0, sort: 'oldest' })).rows[0];
  await press();
  const { now } = sidecar.clock;
  const perConnection = new Map([[shop.connectionId, 100]]);
  const claimed = await sidecar.store.claim({ now, owner: 'test', perConnection, leaseMs: 60_000, order: 'priority' });
  const sweep = claimed.find(({ kind }) => kind === 'store.sweep');
  const patch = { runAt: now + 300_000 };
  const retry = { write: 'moveJob', jobId: sweep?.id ?? 0, move: 'retry', patch } as const;
  await sidecar.store.apply({ now, guards: [], writes: [retry] });
  expect(await theJob()).toMatchObject({ state: 'retrying', runAt: now + 300_000 });
  await press();
  expect(await theJob()).toMatchObject({ state: 'queued', runAt: now });
});

test('capabilities say protocol, version and role', async () => {
  expect(await get('/capabilities')).toMatchObject({ protocol: 1, version: '1.2.3', role: 'admin' });
});
