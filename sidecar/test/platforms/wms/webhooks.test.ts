import { createHash, createHmac } from 'node:crypto';
import { wmsWebhooks } from '../../../src/platforms/wms/webhooks.js';
import { rawSample, sample } from './samples.js';

interface Vector {
  file: string;
  bytes: number;
  bodySha256: string;
  secret: string;
  value: string;
}

const { vectors } = sample('signatures.json') as { vectors: Vector[] };
const [first] = vectors as [Vector];
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a signature', () => {
  test.each(vectors)('of $file is accepted', ({ file, secret, value, bodySha256 }) => {
    const raw = rawSample(file);
    expect(createHash('sha256').update(raw).digest('hex')).toBe(bodySha256);
    expect(wmsWebhooks.verify({ 'x-hmac-sha256': value }, raw, secret)).toBe(true);
    expect(wmsWebhooks.verify({ 'X-Hmac-Sha256': value }, raw, secret)).toBe(true);
  });

  test('is over the bytes: one changed byte anywhere is refused', () => {
    const raw = rawSample(first.file);
    for (let at = 0; at < raw.length; at += 7) {
      const changed = Buffer.from(raw);
      changed[at] = changed[at]! ^ 1;
      expect(wmsWebhooks.verify({ 'x-hmac-sha256': first.value }, changed, first.secret)).toBe(false);
    }
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['shorter', first.value.slice(0, -2)],
    ['longer', `${first.value}=`],
    ['in other letters', first.value.toLowerCase()],
    ['in hex', Buffer.from(first.value, 'base64').toString('hex')],
    ['without padding', first.value.replace('=', '')],
  ])('that is %s is refused', (_how, value) => {
    expect(wmsWebhooks.verify({ 'x-hmac-sha256': value }, rawSample(first.file), first.secret)).toBe(false);
  });

  test('made with no secret is refused, even if it is right', () => {
    const raw = rawSample(first.file);
    const value = createHmac('sha256', '').update(raw).digest('base64');
    expect(wmsWebhooks.verify({ 'x-hmac-sha256': value }, raw, '')).toBe(false);
  });
});

test('the delivery id is read whatever the case of its header, and may be missing', () => {
  expect(wmsWebhooks.deliveryId({ 'X-Webhook-ID': ' d-1 ' })).toBe('d-1');
  expect(wmsWebhooks.deliveryId({ 'x-webhook-id': 'd-1' })).toBe('d-1');
  expect(wmsWebhooks.deliveryId({ 'x-webhook-id': '' })).toBeNull();
  expect(wmsWebhooks.deliveryId({})).toBeNull();
});

describe('a body', () => {
  test.each([
    [
      'webhook-order.shipped.raw.json',
      { type: 'order', topic: 'order.shipped', order: { reference: 'WC-727', stage: 'shipped' }, modifiedAt: null },
    ],
    [
      'webhook-order.updated-cancelled.raw.json',
      { type: 'order', topic: 'order.updated', order: { stage: 'cancelled' } },
    ],
    [
      'webhook-order.updated-totally_new_status.raw.json',
      { order: { status: 'totally_new_status', stage: 'unknown' } },
    ],
    [
      'webhook-shipment.updated.raw.json',
      {
        type: 'shipment',
        topic: 'shipment.updated',
        parcel: { tracking: [{}, {}], modifiedAt: '2022-02-12T11:00:00.000Z' },
      },
    ],
    ['webhook-stock.updated.raw.json', { type: 'other', topic: 'stock.updated' }],
    ['webhook-inbound.completed.raw.json', { type: 'other', topic: 'inbound.completed' }],
  ])('%s says what happened', (file, event) => {
    expect(wmsWebhooks.read(rawSample(file))).toMatchObject(event);
  });

  test('with the other name for a change of stock means the same', () => {
    expect(wmsWebhooks.read(bytes('{"group":"stock","action":"adjustment","body":{}}'))).toEqual({
      type: 'other',
      topic: 'stock.updated',
    });
  });

  test('of a topic nobody knows is no error', () => {
    expect(wmsWebhooks.read(bytes('{"group":"moon","action":"landed","body":null}'))).toEqual({
      type: 'other',
      topic: 'moon.landed',
    });
  });

  test.each([
    ['no JSON', bytes('group=order')],
    ['empty', bytes('')],
    ['no object', bytes('[1,2]')],
    ['without a group', bytes('{"action":"created","body":{}}')],
    ['an order without an id', bytes('{"group":"order","action":"created","body":{"status":"created"}}')],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['very deep', bytes('['.repeat(100_000))],
  ])('that is %s cannot be decoded', (_what, raw) => {
    expect(() => wmsWebhooks.read(raw)).toThrow();
  });
});
