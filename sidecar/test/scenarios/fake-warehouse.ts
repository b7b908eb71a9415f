/** A warehouse that remembers what was done to it, and can lose answers or forget references. */
import { draftFingerprint } from '../../src/domain/shipping.js';
import type {
  Article,
  FoundOrder,
  Parcel,
  WarehouseOrder,
  WarehouseOrderDraft,
} from '../../src/domain/warehouse-order.js';
import { PlatformFailure } from '../../src/platforms/failure.js';
import type { WarehousePort } from '../../src/platforms/platform.js';

export interface FakeWarehouse extends WarehousePort {
  orders: Map<string, WarehouseOrder>;
  drafts: Map<string, WarehouseOrderDraft>;
  parcels: Parcel[];
  articles: Article[];
  /** Every call that changed something, e.g. "create OAK-1001". */
  effects: string[];
  /** The next so many creates arrive, but their answers do not. */
  loseAnswers: number;
  /** The next so many calls find nobody home. */
  unavailable: number;
  /** Takes the guard's ground away: nothing is found by reference, and nothing has to be unique. */
  forgetful: boolean;
  tooLate: boolean;
}

export function fakeWarehouse(): FakeWarehouse {
  const fake: FakeWarehouse = {
    orders: new Map(),
    drafts: new Map(),
    parcels: [],
    articles: [{ id: 'a1', code: 'green_jacket', sku: 'green-jacket', ean: null, name: 'Green jacket' }],
    effects: [],
    loseAnswers: 0,
    unavailable: 0,
    forgetful: false,
    tooLate: false,
    test: () => Promise.resolve({ ok: true, sentence: 'Fine.' }),
    findOrders: (reference) =>
      answer(fake, () =>
        fake.forgetful
          ? []
          : [...fake.orders.values()].filter((one) => one.reference === reference).map((one) => found(fake, one)),
      ),
    readOrder: (id) => answer(fake, () => known(fake, id)),
    createOrder: (draft) => answer(fake, () => create(fake, draft)),
    updateOrder: (id, draft) => answer(fake, () => update(fake, id, draft)),
    cancelOrder: (id) => answer(fake, () => cancel(fake, id)),
    listOrders: () => answer(fake, () => ({ rows: [...fake.orders.values()], next: null })),
    parcelsOf: ({ id }) => answer(fake, () => fake.parcels.filter((one) => one.orderRemoteId === id)),
    listParcels: () => answer(fake, () => ({ rows: fake.parcels, next: null })),
    listArticles: () => answer(fake, () => ({ rows: fake.articles, next: null })),
    ensureWebhooks: () => answer(fake, () => 'Registered.'),
  };
  return fake;
}

async function answer<T>(fake: FakeWarehouse, make: () => T): Promise<T> {
  await Promise.resolve();
  if (fake.unavailable > 0) {
    fake.unavailable -= 1;
    throw new PlatformFailure({ kind: 'unavailable', status: 503, summary: 'The warehouse answered 503.' });
  }
  return make();
}

function create(fake: FakeWarehouse, draft: WarehouseOrderDraft): WarehouseOrder {
  if (draft.address.zip === 'REJECT')
    throw new PlatformFailure({
      kind: 'rejected',
      status: 400,
      summary: 'The warehouse answered 400: zipcode is not valid.',
    });
  const taken = [...fake.orders.values()].some((one) => one.reference === draft.reference);
  if (taken && !fake.forgetful)
    throw new PlatformFailure({ kind: 'conflict', status: 400, summary: 'Reference is not unique.' });
  const id = `w-${fake.orders.size + 1}`;
  const order: WarehouseOrder = {
    id,
    number: `ORD${fake.orders.size + 1}`,
    reference: draft.reference,
    uuid: draft.uuid,
    status: 'created',
    stage: 'accepted',
    rank: 10,
    lines: draft.lines,
  };
  fake.orders.set(id, order);
  fake.drafts.set(id, draft);
  fake.effects.push(`create ${draft.reference}`);
  if (fake.loseAnswers > 0) {
    fake.loseAnswers -= 1;
    throw new PlatformFailure({ kind: 'unknown_outcome', summary: 'The answer of the warehouse was lost.' });
  }
  return order;
}

function update(fake: FakeWarehouse, id: string, draft: WarehouseOrderDraft): WarehouseOrder {
  const order = { ...known(fake, id), lines: draft.lines };
  fake.orders.set(id, order);
  fake.drafts.set(id, draft);
  fake.effects.push(`update ${draft.reference}`);
  return order;
}

function cancel(fake: FakeWarehouse, id: string): void {
  const order = known(fake, id);
  if (fake.tooLate)
    throw new PlatformFailure({ kind: 'rejected', status: 400, summary: 'The warehouse answered 400: too late.' });
  fake.orders.set(id, { ...order, status: 'cancelled', stage: 'cancelled', rank: 60 });
  fake.effects.push(`cancel ${order.reference}`);
}

function found(fake: FakeWarehouse, order: WarehouseOrder): FoundOrder {
  const draft = fake.drafts.get(order.id);
  return { ...order, says: draft === undefined ? null : draftFingerprint(draft) };
}

function known(fake: FakeWarehouse, id: string): WarehouseOrder {
  const order = fake.orders.get(id);
  if (order === undefined)
    throw new PlatformFailure({ kind: 'not_found', status: 404, summary: 'The warehouse has no such order.' });
  return order;
}
