import { orderIn, orderSchema } from '../../../src/platforms/wms/order-in.js';
import { createBody, updateBody } from '../../../src/platforms/wms/order-out.js';
import { parcelIn, parcelSchema } from '../../../src/platforms/wms/parcel-in.js';
import { stepOf } from '../../../src/platforms/wms/statuses.js';
import { dateBefore, toUtc } from '../../../src/platforms/wms/time.js';
import { draft, lineOf } from '../../contracts/platform/warehouse.js';
import { sample } from './samples.js';

const readOrder = (body: unknown) => orderIn(orderSchema.parse(body));
const readParcel = (body: unknown) => parcelIn(parcelSchema.parse(body));
const orderSample = sample('order-single.response.json') as Record<string, unknown>;
const parcelSample = sample('shipment-single.response.json') as Record<string, unknown>;

describe('an order we send', () => {
  const cents = { orderAmountUnit: 'minor' } as const;
  const anOrder = draft({ lines: [lineOf('green_jacket', 7)] });

  test('carries only fields the API takes', () => {
    const documented = sample('order-create.request.json') as { order_lines: object[]; shipping_address: object };
    const body = createBody({ ...anOrder, hold: true }, cents);
    const [line] = body['order_lines'] as object[];
    expect(Object.keys(documented)).toEqual(expect.arrayContaining(Object.keys(body)));
    expect(Object.keys(documented.order_lines[0]!).sort()).toEqual(Object.keys(line!).sort());
    const address = [
      ...Object.keys(documented.shipping_address),
      'contact_person',
      'street2',
      'street_number_addition',
    ];
    expect(address).toEqual(expect.arrayContaining(Object.keys(body['shipping_address'] as object)));
  });

  test('has our reference, uuid and the number shoppers see', () => {
    expect(createBody(anOrder, cents)).toMatchObject({
      external_id: '4711',
      external_reference: 'SHOP-4711',
      currency: 'EUR',
      order_amount: 2935,
      customer_note: 'Please ring twice',
      order_lines: [{ article_code: 'green_jacket', quantity: 7, price: 12.5 }],
      shipping_address: {
        addressed_to: 'Anna de Vries',
        street: 'Voorbeeldstraat',
        street_number: '12',
        street_number_addition: 'A',
      },
      meta_data: { tallyman_uuid: anOrder.uuid, order_number: '4711', tallyman_hold: 'no' },
    });
  });

  test('goes to the company where there is one, with the person as contact', () => {
    const body = createBody(draft({ address: { ...anOrder.address, company: 'Example B.V.' } }), cents);
    expect(body['shipping_address']).toMatchObject({ addressed_to: 'Example B.V.', contact_person: 'Anna de Vries' });
  });

  test.each([
    ['EUR', 2935, 'minor', 2935],
    ['EUR', 2935, 'major', 29],
    ['JPY', 2935, 'major', 2935],
    ['KWD', 29350, 'major', 29],
  ] as const)('of %s %i in %s units has the amount %i', (currency, totalMinor, orderAmountUnit, amount) => {
    expect(createBody(draft({ currency, totalMinor }), { orderAmountUnit })['order_amount']).toBe(amount);
  });

  test.each([
    ['EUR', 12.5],
    ['JPY', 1250],
    ['KWD', 1.25],
  ])('in %s has line prices in whole units', (currency, price) => {
    expect(createBody(draft({ currency, lines: [lineOf('a', 1)] }), cents)['order_lines']).toMatchObject([{ price }]);
  });

  test('again, as a change, leaves its reference out: it would be compared with itself', () => {
    const body = updateBody(anOrder, cents);
    expect(body).not.toHaveProperty('external_reference');
    expect(body).not.toHaveProperty('external_id');
  });

  test('on hold says so to people and machines, and takes it back', () => {
    const held = updateBody({ ...anOrder, hold: true }, cents);
    expect(held['note']).toMatch(/HOLD/);
    expect(held['meta_data']).toMatchObject({ tallyman_hold: 'yes' });
    expect(updateBody(anOrder, cents)).toMatchObject({ note: '', meta_data: { tallyman_hold: 'no' } });
    expect(createBody(anOrder, cents)).not.toHaveProperty('note');
  });
});

describe('an order of the warehouse', () => {
  test('is read with its lines, their article codes inside the variant', () => {
    expect(readOrder(orderSample)).toEqual({
      id: 'c9165f93-8301-4aaa-9f64-27f191c0c778',
      number: 'ORD00000003029',
      reference: 'WC-727',
      uuid: null,
      status: 'created',
      stage: 'accepted',
      rank: 10,
      lines: [
        { articleCode: 'green_jacket', quantity: 7 },
        { articleCode: 'VBTS_001', quantity: 15 },
      ],
    });
  });

  test('has no lines where the answer carried none, or carried them reduced to ids', () => {
    expect(readOrder(sample('order-create.response-201.json')).lines).toBeNull();
    const ids = [{ variant: '87557e7a-4f4d-44eb-bbf1-c9d83df90099', quantity: 7, description: 'Green jacket' }];
    expect(readOrder({ ...orderSample, order_lines: ids }).lines).toBeNull();
  });

  test('half understood has no lines at all: half of them would complete it too early', () => {
    const lines = [...(orderSample['order_lines'] as unknown[]), { quantity: 1 }];
    expect(readOrder({ ...orderSample, order_lines: lines }).lines).toBeNull();
  });

  test.each([
    [{ tallyman_uuid: 'u-1' }, 'u-1'],
    [[], null],
    [null, null],
    [{}, null],
    [{ tallyman_uuid: 7 }, null],
  ])('with meta data %j carries the uuid %p', (meta_data, uuid) => {
    expect(readOrder({ ...orderSample, meta_data }).uuid).toBe(uuid);
  });

  test('made by hand there has no reference of ours', () => {
    expect(readOrder({ ...orderSample, external_reference: null }).reference).toBe('');
  });

  test('list rows are read as well', () => {
    const rows = sample('orders-list.response.json') as unknown[];
    expect(rows.map(readOrder).map(({ stage }) => stage)).toEqual(['picking', 'shipped']);
  });
});

describe('the states of the warehouse', () => {
  const WORDS = {
    created: ['accepted', 10],
    plannable: ['accepted', 20],
    planned: ['planned', 30],
    backorder: ['waiting', 35],
    awaiting_documents: ['waiting', 35],
    restock: ['waiting', 35],
    shipment_waiting_for_ewh: ['waiting', 35],
    on_hold: ['held', 35],
    problem: ['held', 35],
    invalid_address: ['held', 35],
    processing: ['picking', 40],
    partially_shipped: ['partly_shipped', 50],
    shipped: ['shipped', 60],
    cancelled: ['cancelled', 60],
    invalid: ['cancelled', 60],
  };
  test.each(Object.entries(WORDS))('%s is %j', (word, [stage, rank]) => {
    expect(stepOf(word)).toEqual({ stage, rank });
  });

  test.each(['totally_new_status', '', 'constructor', 'Shipped'])('"%s" is kept as unknown', (word) => {
    expect(stepOf(word)).toEqual({ stage: 'unknown', rank: 0 });
    expect(readOrder({ ...orderSample, status: word }).status).toBe(word);
  });
});

describe('a shipment', () => {
  test('is read as a parcel with lines, carrier and number', () => {
    expect(readParcel(parcelSample)).toEqual({
      id: '1701bf71-0b9a-4984-bee5-c9e83b7d2c1d',
      number: 'SHP00000001234',
      orderRemoteId: 'c9165f93-8301-4aaa-9f64-27f191c0c778',
      orderReference: 'WC-727',
      carrier: 'PostNL',
      tracking: [{ code: '3STEST000000001', url: 'https://tracking.example.test/3STEST000000001' }],
      lines: [{ articleCode: 'green_jacket', quantity: 7 }],
      shippedAt: '2022-02-12T10:44:51.000Z',
      modifiedAt: '2022-02-12T10:44:51.000Z',
    });
  });

  test('in the older shape is read as well; a pick-up has no link', () => {
    expect(readParcel(sample('shipment-single-legacy-shape.response.json'))).toMatchObject({
      number: '1701bf71-0b9a-4984-bee5-c9e83b7d2c1d',
      orderReference: 'MW_ORD_001',
      carrier: 'eWarehousing',
      tracking: [{ code: 'ewh-pick-up', url: null }],
      lines: [{ articleCode: 'f2894c16-399e-4ca1-9151-489775a6519c', quantity: 1 }],
    });
  });

  test.each(['shipments-list.response.json', 'shipments-list-legacy-shape.response.json'])(
    '%s is understood',
    (file) => {
      expect((sample(file) as unknown[]).map(readParcel).every(({ tracking }) => tracking.length > 0)).toBe(true);
    },
  );

  test.each([
    [[{ tracking_code: 'T1', tracking_url: 'javascript:alert(1)' }], [{ code: 'T1', url: null }]],
    [[{ tracking_code: null, label_code: 'L1', tracking_url: null }], [{ code: 'L1', url: null }]],
    [[{ tracking_code: ' ', label_code: '' }], []],
    [
      [{ tracking_code: 'T1' }, { tracking_code: 'T1' }, { tracking_code: 'T2' }],
      [
        { code: 'T1', url: null },
        { code: 'T2', url: null },
      ],
    ],
    [null, []],
  ])('with labels %j has the numbers %j', (shipment_labels, tracking) => {
    expect(readParcel({ ...parcelSample, shipment_labels }).tracking).toEqual(tracking);
  });

  test('without expanded parts has no lines and no numbers yet', () => {
    const { id, created_at } = parcelSample;
    expect(readParcel({ id, created_at })).toMatchObject({ lines: [], tracking: [], carrier: '' });
  });
});

describe('times', () => {
  test.each([
    ['2022-02-11T17:45:01+0000', '2022-02-11T17:45:01.000Z'],
    ['2022-02-11T17:45:01+00:00', '2022-02-11T17:45:01.000Z'],
    ['2022-02-11T17:45:01-0530', '2022-02-11T23:15:01.000Z'],
    ['yesterday', null],
    [null, null],
  ])('%s is %s', (given, utc) => {
    expect(toUtc(given)).toBe(utc);
  });

  test('list filters get the date some days earlier', () => {
    expect(dateBefore('2026-03-01T00:30:00.000Z', 1)).toBe('2026-02-28');
  });
});
