/** The whole loop in memory: a shop, a warehouse, the queue between them, and a clock that jumps to whatever is due next. */
import { CLOSED } from '../../src/domain/breaker.js';
import type { Connection } from '../../src/domain/connection.js';
import type { Job } from '../../src/domain/job.js';
import type { Parcel, WarehouseOrder } from '../../src/domain/warehouse-order.js';
import { createHandlers } from '../../src/handlers/index.js';
import { acceptStoreOrders } from '../../src/queue/accept-orders.js';
import { acceptParcel, acceptWarehouseOrder } from '../../src/queue/accept-warehouse.js';
import { execute, type ExecutorDeps } from '../../src/queue/executor.js';
import { Governor } from '../../src/queue/governor.js';
import { Standing } from '../../src/queue/standing.js';
import type { World } from '../../src/queue/world.js';
import { createShop, type Placed, type Shop, type ShopOrder } from '../../src/simulators/shop/shop.js';
import { translateOrder } from '../../src/platforms/woocommerce/translate.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Store, Write } from '../../src/stores/store.js';
import { fakeStore, type FakeStore } from './fake-store.js';
import { fakeWarehouse, type FakeWarehouse } from './fake-warehouse.js';

export interface Loop {
  shop: Shop;
  store: Store;
  wc: FakeStore;
  warehouse: FakeWarehouse;
  clock: { now: number };
  deps: ExecutorDeps;
  /** A shopper buys, and the plugin tells. */
  buy(placed?: Placed): Promise<ShopOrder>;
  /** The plugin tells the latest state of an order. */
  tell(order: ShopOrder): Promise<void>;
  edit(order: ShopOrder, change: Partial<ShopOrder>): Promise<ShopOrder>;
  /** Works until nothing more is due within the time. */
  run(withinMs?: number): Promise<void>;
  /** One claim without running it: what a worker holds that is about to be killed. */
  claimOne(): Promise<Job>;
  parcel(order: ShopOrder, number: string, quantity: number): Parcel;
  hearParcel(parcel: Parcel): Promise<void>;
  hearOrder(order: ShopOrder, change: Partial<WarehouseOrder>): Promise<void>;
  jobs(): Promise<Job[]>;
  mails(): string[];
  apply(writes: Write[]): Promise<void>;
}

const START = Date.parse('2026-11-23T08:00:00Z');

export async function startLoop(): Promise<Loop> {
  const clock = { now: START };
  const shop = createShop('site', () => clock.now);
  const store = memoryStore();
  const warehouse = fakeWarehouse();
  const wc = fakeStore(shop);
  const world = testWorld(clock);
  const deps: ExecutorDeps = {
    store,
    world,
    governor: new Governor(world),
    standing: new Standing(),
    handlers: createHandlers({
      readOrder: translateOrder,
      webhookAddress: () => Promise.resolve(null),
      reworkDelivery: () => Promise.resolve([]),
    }),
    adapters: { warehouse: () => warehouse, shop: () => wc },
  };
  const loop: Loop = {
    shop,
    store,
    wc,
    warehouse,
    clock,
    deps,
    buy: async (placed) => told(loop, shop.place(placed)),
    tell: async (order) => void (await told(loop, order)),
    edit: async (order, change) => told(loop, shop.edit(order.id, change)),
    run: (withinMs = 24 * 3_600_000) => drain(loop, withinMs),
    claimOne: async () => {
      await store.promoteDue(clock.now, 500);
      const [job] = await store.claim(claimAll(clock.now, 1));
      if (job === undefined) throw new Error('Nothing to claim');
      return job;
    },
    parcel: (order, number, quantity) => parcelOf(loop, order, number, quantity),
    hearParcel: async (parcel) => {
      const accepted = await acceptParcel(await news(loop), parcel);
      if (accepted.ours) await loop.apply(accepted.writes);
    },
    hearOrder: async (order, change) => hearOrder(loop, order, change),
    jobs: async () => (await store.jobs({}, { limit: 1000, offset: 0, sort: 'oldest' })).rows,
    mails: () => [...shop.mails],
    apply: async (writes) => {
      const answer = await store.apply({ now: clock.now, guards: [], writes });
      if (!answer.applied) throw new Error(`Refused: ${answer.failed.guard}`);
    },
  };
  const connections = [connection('store-1', 'woocommerce'), connection('wms-1', 'wms')];
  for (const one of connections) deps.governor.adopt(one);
  await loop.apply(connections.map((one) => ({ write: 'putConnection', connection: one })));
  await loop.apply(
    warehouse.articles.map((article) => ({
      write: 'putRecord',
      authoritative: 'yes',
      onNew: [],
      onTie: [],
      record: {
        orgId: 'org-1',
        connectionId: 'wms-1',
        type: 'article',
        remoteId: article.code,
        version: { modifiedAt: '', sequence: 0 },
        fingerprint: article.code,
        body: article,
        lookup: article.sku,
        final: false,
        updatedAt: START,
      },
    })),
  );
  return loop;
}

async function told(loop: Loop, order: ShopOrder): Promise<ShopOrder> {
  const [storeConnection, wms] = [await loop.store.connection('store-1'), await loop.store.connection('wms-1')];
  if (storeConnection === null || wms === null) throw new Error('Not set up');
  const orders = [translateOrder(JSON.parse(JSON.stringify(loop.shop.json(order))), 0)];
  await loop.apply(
    await acceptStoreOrders({
      reads: loop.store,
      connection: storeConnection,
      warehouses: [wms],
      orders,
      authoritative: 'no',
      now: loop.clock.now,
      traceId: 't',
      origin: 'order changed',
    }),
  );
  return order;
}

async function hearOrder(loop: Loop, order: ShopOrder, change: Partial<WarehouseOrder>): Promise<void> {
  const held = [...loop.warehouse.orders.values()].find((one) => one.reference === `OAK-${order.id}`);
  if (held === undefined) throw new Error(`The warehouse has no order OAK-${order.id}`);
  const remote = { ...held, ...change };
  loop.warehouse.orders.set(held.id, remote);
  const accepted = await acceptWarehouseOrder(await news(loop), remote);
  if (accepted.ours) await loop.apply(accepted.writes);
}

async function news(loop: Loop) {
  const [store, connection] = [await loop.store.connection('store-1'), await loop.store.connection('wms-1')];
  if (store === null || connection === null) throw new Error('Not set up');
  return { reads: loop.store, connection, store, now: loop.clock.now, traceId: 't', origin: 'webhook' };
}

async function drain(loop: Loop, withinMs: number): Promise<void> {
  const { store, clock, deps } = loop;
  const until = clock.now + withinMs;
  for (let turn = 0; turn < 10_000; turn += 1) {
    await store.takeBackLapsed(clock.now);
    await store.expireBlocked(clock.now, 500);
    await store.promoteDue(clock.now, 500);
    const mark = deps.standing.mark();
    deps.standing.adopt(await store.connections(), mark);
    const jobs = await store.claim(claimAll(clock.now, 10));
    for (const job of jobs) await execute(job, deps, new AbortController().signal);
    if (jobs.length > 0) continue;
    const next = await store.nextDueAt();
    if (next === null || next > until) return;
    clock.now = Math.max(next, clock.now + 1);
  }
  throw new Error('The queue never came to rest');
}

function claimAll(now: number, each: number) {
  return {
    now,
    owner: 'test',
    leaseMs: 60_000,
    order: 'priority',
    perConnection: new Map([
      ['store-1', each],
      ['wms-1', each],
    ]),
  } as const;
}

function parcelOf(loop: Loop, order: ShopOrder, number: string, quantity: number): Parcel {
  const held = [...loop.warehouse.orders.values()].find((one) => one.reference === `OAK-${order.id}`);
  const at = new Date(loop.clock.now).toISOString();
  const parcel: Parcel = {
    id: `s-${number}`,
    number: `SHP${number}`,
    orderRemoteId: held?.id ?? 'w-unknown',
    orderReference: `OAK-${order.id}`,
    carrier: 'PostNL',
    tracking: [{ code: `3S${number}`, url: null }],
    lines: [{ articleCode: 'green_jacket', quantity }],
    shippedAt: at,
    modifiedAt: at,
  };
  loop.warehouse.parcels.push(parcel);
  return parcel;
}

function connection(id: string, platform: Connection['platform']): Connection {
  const settings =
    platform === 'woocommerce'
      ? { storeCode: 'OAK', siteHash: 'site', epoch: 'e', ratePerMinute: 100_000 }
      : { statuses: ['processing'], ratePerMinute: 100_000 };
  return {
    id,
    orgId: 'org-1',
    platform,
    name: platform === 'wms' ? 'Warehouse North' : 'The shop',
    storeId: 'store-1',
    state: 'active',
    pauseReason: null,
    pausedBy: null,
    settings,
    breaker: CLOSED,
    startsAt: START - 1000,
    createdAt: START,
    updatedAt: START,
    lastSuccessAt: null,
    lastFailure: null,
    credentialsVersion: 1,
  };
}

function testWorld(clock: { now: number }): World {
  let ids = 0;
  return {
    now: () => clock.now,
    chance: () => 0.5,
    newId: () => `id-${(ids += 1)}`,
    wait: (ms) => Promise.resolve(void (clock.now += ms)),
    setTimer: () => () => undefined,
    log: () => undefined,
  };
}
