import { withCorrections } from '../../src/domain/corrections.js';
import { dueAtWarehouse, wishFor, type DueRules } from '../../src/domain/due.js';
import { orderIdOf, orderUuid } from '../../src/domain/identity.js';
import type { OrderLine, StoreOrder } from '../../src/domain/order.js';
import { compareRecord } from '../../src/domain/record.js';
import { allShipped, matchOurs, warehouseDraft } from '../../src/domain/shipping.js';
import type { Parcel, WarehouseOrder } from '../../src/domain/warehouse-order.js';

const line: OrderLine = {
  id: 1,
  productId: 11,
  variationId: 0,
  sku: 'A',
  name: 'Jacket',
  quantity: 2,
  refunded: 0,
  unitPriceMinor: 1000,
  needsShipping: true,
};
const address = {
  firstName: 'Ada',
  lastName: 'E',
  company: '',
  line1: 'Street 1',
  line2: '',
  zip: '3511AA',
  city: 'Utrecht',
  state: '',
  country: 'NL',
  phone: '',
  email: '',
};

function order(changes: Partial<StoreOrder> = {}): StoreOrder {
  return {
    id: 4711,
    number: '4711',
    key: 'k',
    status: 'processing',
    createdAt: '2026-11-23T08:00:00Z',
    modifiedAt: '2026-11-23T08:00:00Z',
    currency: 'EUR',
    totalMinor: 2000,
    customerNote: '',
    address,
    lines: [line],
    ...changes,
  };
}

const rules: DueRules = {
  statuses: ['processing'],
  startsAt: Date.parse('2026-11-01'),
  settlement: null,
  sendNow: false,
};

describe('Whether an order is due', () => {
  it.each<[string, Partial<StoreOrder>, Partial<DueRules>, string]>([
    ['unpaid', { status: 'pending' }, {}, 'not paid yet'],
    ['completed', { status: 'completed' }, {}, 'already completed'],
    ['in a status of another plugin', { status: 'packing' }, {}, '"packing"'],
    ['in the trash', { status: 'trash' }, {}, 'in the trash'],
    ['deleted', { status: 'deleted' }, {}, 'deleted'],
    ['fully refunded', { lines: [{ ...line, refunded: 2 }] }, {}, 'refunded'],
    ['only virtual', { lines: [{ ...line, needsShipping: false }] }, {}, 'needs shipping'],
    ['older than the connection', { createdAt: '2026-10-01T00:00:00Z' }, {}, 'Send now'],
    ['settled by a person', {}, { settlement: { kind: 'not_to_be_sent', reason: 'test order', by: 'Anna' } }, 'Anna'],
  ])('is no when it is %s, and says why', (_, changes, more, words) => {
    expect(dueAtWarehouse(order(changes), { ...rules, ...more })).toMatchObject({
      due: false,
      sentence: expect.stringContaining(words) as string,
    });
  });

  it('is yes for one of the very second in which the connection starts, since stores write whole seconds', () => {
    const startsAt = Date.parse('2026-11-23T08:00:00.900Z');
    expect(dueAtWarehouse(order({ createdAt: '2026-11-23T08:00:00Z' }), { ...rules, startsAt })).toEqual({ due: true });
  });

  it('is yes for a paid one with goods, and for an old one a person sends', () => {
    expect(dueAtWarehouse(order(), rules)).toEqual({ due: true });
    expect(dueAtWarehouse(order({ createdAt: '2026-10-01T00:00:00Z' }), { ...rules, sendNow: true })).toEqual({
      due: true,
    });
  });
});

describe('What an order at the warehouse asks for', () => {
  it.each([
    ['processing', null, 'ship'],
    ['on-hold', null, 'hold'],
    // Our own on-hold is not a person's.
    ['on-hold', 'on-hold', 'ship'],
    ['cancelled', null, 'cancel'],
    ['refunded', null, 'cancel'],
    ['trash', null, 'cancel'],
    ['completed', null, 'leave'],
    ['packing', null, 'leave'],
  ])('when it is %s (last written by us: %s) is to %s', (status, own, wish) => {
    expect(wishFor(order({ status }), ['processing'], own)).toBe(wish);
  });

  it('is not to cancel a completed order whose lines were refunded after shipping', () => {
    expect(wishFor(order({ status: 'completed', lines: [{ ...line, refunded: 2 }] }), ['processing'], null)).toBe(
      'leave',
    );
  });
});

describe('Two reads of one thing', () => {
  const held = { version: { modifiedAt: '2026-11-23T08:00:00Z', sequence: 5 }, fingerprint: 'a' };
  it.each([
    ['2026-11-23T08:00:01Z', 1, 'b', 'new'],
    ['2026-11-23T08:00:00Z', 6, 'b', 'new'],
    ['2026-11-23T08:00:00Z', 5, 'b', 'tie'],
    ['2026-11-23T08:00:00Z', 4, 'b', 'older'],
    ['2026-11-23T07:59:59Z', 9, 'b', 'older'],
    ['2026-11-23T07:59:59Z', 9, 'a', 'same'],
  ])('at %s, sequence %i, content %s: %s', (modifiedAt, sequence, fingerprint, comparison) => {
    expect(compareRecord({ version: { modifiedAt, sequence }, fingerprint }, held)).toBe(comparison);
  });
});

describe('Who an order is', () => {
  it('changes with its key, so that an id that comes back after a restore is another order', () => {
    expect(orderUuid('s', 1, 'a')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(orderUuid('s', 1, 'a')).not.toBe(orderUuid('s', 1, 'b'));
  });

  it.each([
    ['OAK-12', 12],
    ['OAK-012', null],
    ['OAK-12x', null],
    ['PINE-12', null],
    ['OAK-', null],
    ['OAK--1', null],
  ])('reads %s as %s', (reference, id) => {
    expect(orderIdOf(reference, 'OAK')).toBe(id);
  });

  const remote: WarehouseOrder = {
    id: 'w',
    number: 'ORD1',
    reference: 'OAK-1',
    uuid: 'u',
    status: 'created',
    stage: 'accepted',
    rank: 10,
    lines: null,
  };
  it('is ours only with our uuid, and only when it is alone', () => {
    expect(matchOurs([], 'u').match).toBe('none');
    expect(matchOurs([remote], 'u').match).toBe('ours');
    expect(matchOurs([remote], 'v').match).toBe('doubtful');
    expect(matchOurs([{ ...remote, uuid: null }], 'u').match).toBe('doubtful');
    expect(matchOurs([remote, remote], 'u').match).toBe('doubtful');
  });
});

describe('What is sent', () => {
  it('merges lines of one article and leaves out refunded units', () => {
    const lines = [line, { ...line, id: 2, quantity: 3, refunded: 1 }];
    const draft = warehouseDraft(
      order({ lines }),
      { reference: 'OAK-1', uuid: 'u', hold: false },
      new Map([['11:0', 'jacket']]),
    );
    expect(draft.lines).toMatchObject([{ articleCode: 'jacket', quantity: 4 }]);
  });

  it('has all shipped only when the parcels carry every accepted unit', () => {
    const parcel = (quantity: number): Parcel => ({
      id: 'p',
      number: 'S',
      orderRemoteId: 'w',
      orderReference: '',
      carrier: '',
      tracking: [],
      lines: [{ articleCode: 'jacket', quantity }],
      shippedAt: '',
      modifiedAt: '',
    });
    expect(allShipped({ jacket: 3 }, [parcel(2)])).toBe(false);
    expect(allShipped({ jacket: 3 }, [parcel(2), parcel(1)])).toBe(true);
  });
});

describe('A correction made by a person', () => {
  const override = {
    orgId: 'o',
    connectionId: 'c',
    subject: 'order:1',
    field: 'address.zip',
    value: '1234AB',
    sourceValue: '3511AA',
    by: 'Anna',
    reason: '',
    at: 0,
  };
  it('holds while the shop says the same, and is outdated once it says something else', () => {
    expect(withCorrections(order(), [override])).toMatchObject({ order: { address: { zip: '1234AB' } }, outdated: [] });
    const edited = order({ address: { ...address, zip: '9999ZZ' } });
    expect(withCorrections(edited, [override])).toEqual({ order: edited, outdated: [override] });
  });
});
