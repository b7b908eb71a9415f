import { createHmac } from 'node:crypto';
import type { WmsSimulatorOptions } from '../../../src/simulators/wms/index.js';
import { call, draft, expectFailure, lineOf } from '../../contracts/platform/warehouse.js';
import { startBench, startReceiver, type Bench } from './harness.js';
import { sample } from './samples.js';

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

let bench: Bench;
let receiver: Receiver;

async function start(options: WmsSimulatorOptions = {}): Promise<void> {
  receiver = await startReceiver();
  bench = await startBench(options);
  await bench.port.ensureWebhooks(receiver.url, 'secret', call());
}
afterEach(async () => {
  await bench.stop();
  await receiver.stop();
});

const place = (reference = 'SHOP-1', quantity = 2) =>
  bench.port.createOrder(draft({ reference, lines: [lineOf('WH-OAK-CHAIR', quantity)] }), call());
const topics = (): string[] =>
  receiver.deliveries
    .map(({ raw }) => JSON.parse(Buffer.from(raw).toString()) as { group: string; action: string })
    .map(({ group, action }) => `${group}.${action}`);
const effects = (name: string): string[] =>
  bench.simulator.ledger().effects.flatMap(({ effect, detail }) => (effect === name ? [detail] : []));
const until = (effect: string, detail?: string) =>
  bench.simulator.until((one) => one.effect === effect && (detail ?? one.detail) === one.detail);

async function control(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${bench.simulator.url}_sim/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('left alone, the warehouse', () => {
  test('takes an order through its states to a parcel, and tells every step, signed', async () => {
    await start({ shipAfterMs: 30 });
    await place();
    await until('order.status', 'shipped');
    await bench.simulator.webhooksSent();
    expect(effects('order.status')).toEqual(['planned', 'processing', 'shipped']);
    expect(topics()).toEqual([
      ...['order.created', 'order.updated', 'order.planned', 'order.updated', 'order.processing'],
      ...['shipment.created', 'shipment.updated', 'order.updated', 'order.shipped'],
    ]);
    for (const { headers, raw } of receiver.deliveries) {
      expect(headers['x-hmac-sha256']).toBe(createHmac('sha256', 'secret').update(raw).digest('base64'));
    }
  });

  test('ships in two parcels when it is set to', async () => {
    await start({ shipAfterMs: 15, parcels: 2 });
    await place();
    await until('order.status', 'shipped');
    expect(effects('order.status')).toEqual(['planned', 'processing', 'partially_shipped', 'shipped']);
    expect(effects('shipment.created')).toHaveLength(2);
  });

  test('gives the number later when it is set to', async () => {
    await start({ labels: 'later' });
    await place();
    bench.simulator.ship('SHOP-1');
    await bench.simulator.webhooksSent();
    expect(effects('shipment.created')).toEqual(['']);
    expect(effects('shipment.updated')).toEqual([expect.stringMatching(/^3STEST/)]);
  });

  test('does not ship what is cancelled or held', async () => {
    await start({ shipAfterMs: 30 });
    const { simulator } = bench;
    const at = (reference: string, status: string) =>
      simulator
        .until((one) => one.reference === reference && one.effect === 'order.created')
        .then(() => simulator.setStatus(reference, status));
    await Promise.all([at('SHOP-1', 'cancelled'), at('SHOP-2', 'on_hold'), place('SHOP-1'), place('SHOP-2')]);
    await place('SHOP-3');
    await simulator.until(({ reference, detail }) => reference === 'SHOP-3' && detail === 'shipped');
    expect(simulator.orders().map(({ status }) => status)).toEqual(['cancelled', 'on_hold', 'shipped']);
  });
});

describe('its answers', () => {
  const keysOf = (value: unknown): string[] => Object.keys(value as object).sort();

  test('have the fields of the real ones', async () => {
    await start();
    const { id } = await place();
    bench.simulator.ship('SHOP-1');
    const { token = '' } = bench.keys.values;
    const { wmsCode, customerCode } = bench.simulator.settings;
    const get = async (path: string, expand: string): Promise<unknown> => {
      const headers = {
        authorization: `Bearer ${token}`,
        'x-wms-code': wmsCode,
        'x-customer-code': customerCode,
        expand,
      };
      return (await fetch(bench.simulator.url + path, { headers })).json();
    };
    const order = await get(`wms/orders/${id}/`, 'order_lines,shipping_address,variants,meta_data');
    expect(keysOf(order)).toEqual(keysOf(sample('order-single.response.json')));
    expect(keysOf(await get(`wms/orders/${id}/`, ''))).toEqual(keysOf(sample('order-create.response-201.json')));
    const [row] = (await get('wms/orders/?limit=5', 'order_lines')) as unknown[];
    expect(keysOf(row)).toEqual(keysOf((sample('orders-list.response.json') as unknown[])[0]));
    const [shipment] = (await get(
      'wms/shipments/',
      'shipment_lines,shipment_labels,shipping_address,shipping_method,variant',
    )) as unknown[];
    expect(keysOf(shipment)).toEqual(keysOf((sample('shipments-list.response.json') as unknown[])[0]));
    const [stock] = (await get('wms/stock/?article_code=WH-OAK-CHAIR', 'variant')) as unknown[];
    expect(keysOf(stock)).toEqual(keysOf((sample('stock-list.response.json') as unknown[])[0]));
    const [article] = (await get('wms/articles/', 'variants')) as unknown[];
    expect(keysOf(article)).toEqual(keysOf((sample('articles-list.response.json') as unknown[])[0]));
    expect(keysOf(await get('webhooks/', ''))).toEqual(keysOf(sample('webhooks-list.response.json')));
  });

  test('refuse strangers: no token, another warehouse, another customer', async () => {
    await start();
    const { token = '' } = bench.keys.values;
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${bench.simulator.url}wms/orders/`, { headers })).status;
    const right = { authorization: `Bearer ${token}`, 'x-wms-code': 'DEMO-WMS', 'x-customer-code': 'DEMO-SHOP' };
    expect(await status(right)).toBe(200);
    expect(await status({})).toBe(401);
    expect(await status({ ...right, 'x-wms-code': 'OTHER' })).toBe(403);
    expect(await status({ ...right, 'x-customer-code': 'OTHER' })).toBe(403);
  });

  test.each(['', 'REJECT', '0000 XX', '0000xx'])('refuse the postcode "%s"', async (zip) => {
    await start();
    const { address } = draft();
    const failure = await expectFailure(
      bench.port.createOrder(draft({ address: { ...address, zip }, lines: [lineOf('WH-OAK-CHAIR', 1)] }), call()),
      'invalid',
    );
    expect(failure.code).toBe('shipping_address.zipcode');
  });

  test('know articles added later', async () => {
    await start();
    await control('POST', 'articles', [{ code: 'NEW-1', name: 'New one', sku: 'N1' }]);
    await bench.port.createOrder(draft({ lines: [lineOf('NEW-1', 1)] }), call());
    expect(effects('order.created')).toHaveLength(1);
  });
});

describe('its webhooks', () => {
  test('are tried again twice, with the same delivery id, then given up', async () => {
    await start();
    receiver.answers.push(500, 302, 503);
    await place();
    await bench.simulator.webhooksSent();
    expect(effects('webhook.failed')).toEqual(['order.created 500', 'order.created 302', 'order.created 503']);
    expect(new Set(receiver.deliveries.map(({ headers }) => headers['x-webhook-id'])).size).toBe(1);
  });

  test('come twice, or never, as the faults ask', async () => {
    await start();
    bench.simulator.faults({ duplicateWebhooks: 1 });
    await place('SHOP-1');
    await bench.simulator.webhooksSent();
    expect(topics()).toEqual(['order.created', 'order.created']);
    bench.simulator.faults({ duplicateWebhooks: 0, dropWebhooks: 1 });
    await place('SHOP-2');
    await bench.simulator.webhooksSent();
    expect(topics()).toHaveLength(2);
    expect(effects('webhook.dropped')).toEqual(['order.created']);
  });

  test('overtake one another when they are to', async () => {
    await start();
    bench.simulator.faults({ reorderWebhooks: 0.5, seed: 3 });
    await place();
    bench.simulator.ship('SHOP-1');
    await bench.simulator.webhooksSent();
    const inOrder = [
      'order.created',
      'order.updated',
      'order.planned',
      'order.updated',
      'order.processing',
      'shipment.created',
      'shipment.updated',
      'order.updated',
      'order.shipped',
    ];
    expect(topics()).not.toEqual(inOrder);
    expect([...topics()].sort()).toEqual([...inOrder].sort());
  });

  test('can be sent again', async () => {
    await start();
    await place();
    await bench.simulator.webhooksSent();
    expect((await control('POST', 'webhook', { reference: 'SHOP-1' })).body).toEqual({ sent: 1 });
    await bench.simulator.webhooksSent();
    const [first, again] = receiver.deliveries;
    expect(again?.headers['x-webhook-id']).toBe(first?.headers['x-webhook-id']);
  });
});

describe('its ledger', () => {
  test('tells every call and what came of it, lost answers included', async () => {
    await start();
    bench.simulator.faults({ loseAnswerAfterCreate: { next: 1 } });
    await expectFailure(place(), 'unknown_outcome');
    const { calls } = (await control('GET', 'ledger')).body as { calls: Record<string, unknown>[] };
    expect(calls.at(-1)).toMatchObject({
      method: 'POST',
      path: '/wms/orders/',
      status: null,
      answer: 'lost',
      headers: { 'x-customer-code': 'DEMO-SHOP', 'x-trace-id': 'trace-1', authorization: 'given' },
      bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(effects('order.created')).toHaveLength(1);
    expect(JSON.stringify(calls)).not.toContain(bench.keys.values['token']);
  });

  test('two hundred lost answers are two hundred orders, each found by its reference', async () => {
    await start();
    bench.simulator.faults({ loseAnswerAfterCreate: { share: 1 } });
    const references = Array.from({ length: 200 }, (_, index) => `SHOP-${index}`);
    for (const reference of references) {
      await expectFailure(place(reference), 'unknown_outcome');
      expect(await bench.port.findOrders(reference, call())).toHaveLength(1);
    }
    expect(effects('order.created')).toHaveLength(200);
  });

  test('plays the same chances again for the same seed', async () => {
    await start();
    const drawn = async (): Promise<(number | null)[]> => {
      bench.simulator.faults({ serverErrors: { share: 0.3, moment: 'before' }, seed: 7 });
      const before = bench.simulator.ledger().calls.length;
      for (let index = 0; index < 30; index += 1) await bench.port.findOrders('SHOP-0', call()).catch(() => undefined);
      return bench.simulator
        .ledger()
        .calls.slice(before)
        .map(({ status }) => status);
    };
    const first = await drawn();
    expect(new Set(first)).toEqual(new Set([200, 504]));
    expect(await drawn()).toEqual(first);
  });
});

describe('its switches', () => {
  test('ship an order now, part of it first', async () => {
    await start();
    await place();
    expect((await control('POST', 'ship/SHOP-1', { parcels: 2, only: 'first' })).body).toMatchObject({
      status: 'partially_shipped',
    });
    expect((await control('POST', 'ship/SHOP-1')).body).toMatchObject({ status: 'shipped' });
    expect((await control('GET', 'orders')).body).toMatchObject([{ shipments: [{}, {}] }]);
    expect((await control('POST', 'ship/NOBODY')).status).toBe(404);
  });

  test('set any state, and break every connection off', async () => {
    await start();
    const { id } = await place();
    await control('POST', 'status/SHOP-1', { status: 'invalid_address' });
    expect((await bench.port.readOrder(id, call())).stage).toBe('held');
    await control('POST', 'faults', { down: true });
    await expectFailure(bench.port.readOrder(id, call()), 'unavailable');
    await control('POST', 'faults', { down: false });
    expect((await bench.port.readOrder(id, call())).id).toBe(id);
  });

  test('put its clock wrong, and the adapter does not mind', async () => {
    await start({ faults: { clockSkewMs: -7_200_000 } });
    await place();
    bench.clock.now += 60_000;
    await bench.port.findOrders('SHOP-1', call());
    expect(bench.simulator.ledger().calls.filter(({ path }) => path.includes('/auth/'))).toHaveLength(1);
  });
});
