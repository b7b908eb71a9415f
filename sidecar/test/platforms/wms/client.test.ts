import type { HttpAnswer } from '../../../src/platforms/http.js';
import { wms } from '../../../src/platforms/wms/platform.js';
import { call, draft, expectFailure, lineOf, NOW } from '../../contracts/platform/warehouse.js';
import { keyring } from './harness.js';
import { sample } from './samples.js';
import { file, json, paths, scripted } from './scripted.js';

describe('every call', () => {
  test('names the warehouse, the customer and the trace, and asks for the nested parts', async () => {
    const { port, sent } = scripted({ answer: () => file(200, 'order-single.response.json') });
    await port.readOrder('c9165f93', call());
    expect(paths(sent)).toEqual(['POST /api/wms/auth/login/', 'GET /api/wms/orders/c9165f93/']);
    expect(sent[1]?.headers).toMatchObject({
      authorization: 'Bearer t-1',
      'x-wms-code': 'WMS-1',
      'x-customer-code': 'SHOP-1',
      'x-trace-id': 'trace-1',
      expand: 'order_lines,shipping_address,variants,meta_data',
    });
    expect(sent[0]?.headers).toMatchObject({ 'x-wms-code': 'WMS-1' });
  });

  test('keeps an id inside its place of the path', async () => {
    const { port, sent } = scripted({ answer: () => file(200, 'order-single.response.json') });
    await port.readOrder('../auth/login?x=', call());
    expect(paths(sent)[1]).toBe('GET /api/wms/orders/..%2Fauth%2Flogin%3Fx%3D/');
  });
});

describe('a look-up', () => {
  test('takes rows with exactly our reference only, though the filter found more', async () => {
    const rows = ['SHOP-47', 'SHOP-4711', 'SHOP-471'].map((external_reference, index) => ({
      id: `id-${index}`,
      external_reference,
      status: 'created',
    }));
    const { port, sent } = scripted({
      answer: ({ url }) =>
        url.includes('external_reference=')
          ? json(200, rows)
          : json(200, { ...rows[1], meta_data: { tallyman_uuid: 'u-1' } }),
    });
    expect(await port.findOrders('SHOP-4711', call())).toMatchObject([
      { id: 'id-1', reference: 'SHOP-4711', uuid: 'u-1' },
    ]);
    expect(paths(sent).filter((path) => path.includes('id-'))).toHaveLength(1);
  });
});

test('parcels of another order that came along are left out', async () => {
  const [parcel] = sample('shipments-list.response.json') as Record<string, unknown>[];
  const { order_id: _, ...older } = parcel!;
  const rows = [
    parcel,
    { ...parcel, id: 'another', order_id: 'another-order' },
    { ...older, id: 'older' },
    { ...older, id: 'another-older', order_external_reference: 'WC-7277' },
  ];
  const { port } = scripted({ answer: () => json(200, rows) });
  const found = await port.parcelsOf({ id: 'c9165f93-8301-4aaa-9f64-27f191c0c778', reference: 'WC-727' }, call());
  expect(found.map(({ id }) => id)).toEqual(['1701bf71-0b9a-4984-bee5-c9e83b7d2c1d', 'older']);
});

describe('what went wrong', () => {
  const create = (answer: Partial<HttpAnswer>): Promise<unknown> => {
    const { port } = scripted({ answer: () => answer });
    return port.createOrder(draft({ lines: [lineOf('a', 1)] }), call());
  };
  const read = (answer: Partial<HttpAnswer>): Promise<unknown> => {
    const { port } = scripted({ answer: () => answer });
    return port.readOrder('id-1', call());
  };

  test('a reference that is taken is a conflict', async () => {
    const failure = await expectFailure(create(file(400, 'error-400-reference-not-unique.json')), 'conflict');
    expect(failure).toMatchObject({ code: 'reference_not_unique', status: 400 });
    expect(failure.summary).toBe('The warehouse answered 400: externalReference: Reference is not unique');
  });

  test('a field that is wrong is named', async () => {
    const errors = {
      '0': 'This value is not a valid zipcode.',
      'shipping_address.zipcode': ['This value is not a valid zipcode.'],
    };
    const failure = await expectFailure(create(json(400, { errors })), 'invalid');
    expect(failure.code).toBe('shipping_address.zipcode');
    expect(failure.summary).toBe(
      'The warehouse answered 400: shipping_address.zipcode: This value is not a valid zipcode.',
    );
  });

  test.each([
    [403, 'unauthorized'],
    [404, 'not_found'],
    [405, 'rejected'],
    [408, 'unavailable'],
    [409, 'conflict'],
    [410, 'not_found'],
    [413, 'rejected'],
    [422, 'invalid'],
    [429, 'rate_limited'],
  ] as const)('%i is %s', async (status, kind) => {
    await expectFailure(create(json(status, { message: 'no' })), kind);
    await expectFailure(read(json(status, { message: 'no' })), kind);
  });

  test.each([500, 502, 503, 504, 520])('%i leaves a create open, and a read to be repeated', async (status) => {
    await expectFailure(create(file(status, 'error-500.json')), 'unknown_outcome');
    await expectFailure(read(file(status, 'error-500.json')), 'unavailable');
  });

  test('a firewall that answers 403 is no trouble with our account', async () => {
    const page = { status: 403, body: new TextEncoder().encode('<html><title>Attention Required!</title></html>') };
    const failure = await expectFailure(read(page), 'unavailable');
    expect(failure.summary).toContain('a web page ("Attention Required!")');
  });

  test('a success we cannot read leaves a create open: the order may well be there', async () => {
    await expectFailure(create(json(201, { hello: 'world' })), 'unknown_outcome');
    await expectFailure(create({ status: 201, body: new TextEncoder().encode('<html></html>') }), 'unknown_outcome');
    await expectFailure(read(json(200, { hello: 'world' })), 'unexpected');
  });

  test('429 says when to come again, by date or by seconds', async () => {
    const soon = new Date(NOW + 90_000).toUTCString();
    const failure = await expectFailure(read({ ...json(429, {}), headers: { 'retry-after': soon } }), 'rate_limited');
    expect(failure.retryAfterSeconds).toBe(90);
  });

  test('the excerpt is short and holds no mail address', async () => {
    const failure = await expectFailure(
      read(json(500, { detail: `anna@example.com ${'x'.repeat(2000)}` })),
      'unavailable',
    );
    expect(failure.excerpt?.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify([failure.excerpt, failure.summary])).not.toContain('anna@example.com');
  });
});

describe('webhooks', () => {
  test('of others are left alone, outdated ones of ours go, and the new stand before the old are gone', async () => {
    const ours = 'https://shop.example/tallyman/webhook/wms/5b0e7c1a-0000-4000-8000-000000000001';
    const rows = [
      {
        id: 'old-host',
        url: 'https://old.example/webhook/wms/5b0e7c1a-0000-4000-8000-000000000001',
        group: 'order',
        action: 'updated',
      },
      { id: 'others', url: 'https://erp.example/webhook', group: 'order', action: 'updated' },
    ];
    const { port, sent } = scripted({
      answer: ({ method, body }) => {
        if (method === 'GET') return json(200, { count: 2, next: null, results: rows });
        return method === 'DELETE'
          ? { status: 204 }
          : json(201, { id: 'new', ...(JSON.parse(body as string) as object) });
      },
    });
    const sentence = await port.ensureWebhooks(ours, 'secret', call());
    expect(sentence).toBe('All 7 webhooks are registered at the warehouse (7 new, 1 outdated ones removed).');
    expect(paths(sent).filter((path) => path.startsWith('DELETE'))).toEqual(['DELETE /api/webhooks/old-host/']);
    expect(paths(sent).at(-1)).toBe('DELETE /api/webhooks/old-host/');
    expect(sent.map(({ body }) => String(body ?? '')).join()).toContain('"hash_secret":"secret"');
  });

  test('in the list as the vendor shows it are understood', async () => {
    const { port } = scripted({
      answer: ({ method }) =>
        method === 'GET'
          ? file(200, 'webhooks-list.response.json')
          : json(201, sample('webhook-create.response-201.json')),
    });
    expect(await port.ensureWebhooks('https://shop.example/webhook/wms/c-1', 's', call())).toMatch(/7 new, 0 outdated/);
  });
});

describe('articles', () => {
  test('are the variants of the list', async () => {
    const { port } = scripted({ answer: () => file(200, 'articles-list.response.json') });
    expect((await port.listArticles(1, call())).rows).toEqual([
      {
        id: 'b80e4926-a6ba-4686-91ca-0b5b1c6933a2',
        code: 'VBTS_001',
        sku: 'VBTS_001',
        ean: '8710400311141',
        name: 'T-shirt - Blauw',
      },
      {
        id: 'cdb36dc6-c8e5-4ee4-afd9-fc0caa801bb3',
        code: 'VBB_001',
        sku: null,
        ean: '8710400311144',
        name: 'Broek - Zwart',
      },
    ]);
  });
});

describe('settings', () => {
  const world = {
    http: () => Promise.reject(new Error('no')),
    now: () => NOW,
    newId: () => 'id',
    credentials: keyring({}),
    log: () => undefined,
  };
  test.each([
    [{}, 'The address of the API is missing.'],
    [{ baseUrl: 'https://w.example/' }, 'The WMS code is missing.'],
    [{ baseUrl: 'https://w.example/', wmsCode: 'W' }, 'The customer code is missing.'],
    [{ baseUrl: 'http://169.254.169.254/', wmsCode: 'W', customerCode: 'C' }, 'is never called'],
    [{ baseUrl: 'warehouse', wmsCode: 'W', customerCode: 'C' }, 'not a complete web address'],
  ])('%j are refused with a sentence', (settings, sentence) => {
    expect(() => wms.connect(settings, world)).toThrow(sentence);
  });

  test('the form asks for everything a connection needs', () => {
    const required = wms.fields.filter((field) => field.required).map((field) => field.name);
    expect(required).toEqual(['baseUrl', 'wmsCode', 'customerCode', 'username', 'password', 'statuses']);
    expect(wms.fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['username', 'password']);
  });
});
