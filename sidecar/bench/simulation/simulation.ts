/** A shop, a warehouse, and the sidecars between them, in one process and behind one seed. */
import { CLOSED } from '../../src/domain/breaker.js';
import type { Connection } from '../../src/domain/connection.js';
import type { Job } from '../../src/domain/job.js';
import { DEFAULT_RETENTION } from '../../src/queue/services.js';
import type { StorePort, WarehouseEvent, WarehousePort } from '../../src/platforms/platform.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Store, Write } from '../../src/stores/store.js';
import { dice, type Dice } from './chance.ts';
import { copy } from './copy.ts';
import { flakyStore, News, type StoreMood } from './flaky-store.ts';
import { Machine, machineWorld, type WallClock } from './machine.ts';
import type { Mutation } from './mutations.ts';
import { connect, FAIR, type Remote, type Weather, type Wires } from './network.ts';
import { EPOCH, shopRemote, ShopModel, SITE } from './shop-model.ts';
import { startSidecar, type Sidecar } from './sidecar.ts';
import { START, Time } from './time.ts';
import { Trace } from './trace.ts';
import { WarehouseModel, warehouseRemote, type WarehouseRules } from './warehouse-model.ts';
import { Watch } from './watch.ts';
import { WireWatch } from './wire-watch.ts';

export const SHOP = 'store-1';
export const WAREHOUSE = 'wms-1';
/** What is sold; of the last one the warehouse has an article under another SKU, so a person has to match it. */
export const PRODUCTS = [11, 12, 13] as const;
const UNMATCHED = 13;
const KEPT_MS = 60_000;

export interface Setup {
  seed: number;
  /** What the seed may not decide. */
  plan?: Partial<Plan>;
  mutation: Mutation | null;
  print: ((line: string) => void) | null;
}

/** What the seed says about the whole run. */
export interface Plan {
  ownership: 'single' | 'shared';
  machines: number;
  references: WarehouseRules['references'];
  /** How far the machines' clocks may be apart from true time. */
  skewMs: number;
  /** Mean time between two happenings. */
  tempoMs: number;
}

export class Simulation {
  readonly time = new Time();
  readonly trace: Trace;
  readonly chance: Dice;
  readonly plan: Plan;
  readonly watch: Watch;
  readonly shop: ShopModel;
  readonly warehouse: WarehouseModel;
  readonly clock: WallClock = { offsetMs: 0 };
  readonly weather: Record<typeof SHOP | typeof WAREHOUSE, Weather> = { [SHOP]: { ...FAIR }, [WAREHOUSE]: { ...FAIR } };
  readonly mood: StoreMood;
  readonly wires: Wires;
  /** Events of the warehouse that a sidecar has answered for. */
  readonly heard: WarehouseEvent[] = [];
  /** The store itself, for whoever judges. */
  readonly store: Store;
  sidecars: Sidecar[] = [];
  /** By job, the machine that claimed it last and knows of it. */
  readonly holders = new Map<number, Machine>();
  /** By machine, units it wanted to write under a fence that was no longer its own. */
  readonly refusals = new Map<Machine, number>();
  /** Whether the warehouse's webhooks and the shop's pushes still come at all. */
  told: 'mostly' | 'never' = 'mostly';
  private readonly mutation: Mutation | null;
  /** As the processes have it, but at once and always. */
  readonly watched: Store;
  private readonly news: News;
  private readonly streams: Record<'store' | 'wire' | 'engine', Dice>;
  private ids = 0;
  private started = 0;

  constructor({ seed, mutation, print, plan = {} }: Setup) {
    this.mutation = mutation;
    this.chance = dice(seed, 'happenings');
    this.streams = { store: dice(seed, 'store'), wire: dice(seed, 'wire'), engine: dice(seed, 'engine') };
    this.plan = { ...planOf(dice(seed, 'plan')), ...mutation?.plan, ...plan };
    this.trace = new Trace(this.time, print);
    this.store = memoryStore(copy);
    this.watch = new Watch(this.store);
    this.watched = mutation?.store?.(this.watch.store) ?? this.watch.store;
    this.news = new News(this.time, this.streams.store);
    this.mood = { slow: 0.02, longestMs: 50, busy: 0, reach: this.plan.ownership === 'single' ? 'own' : 'shared' };
    this.shop = new ShopModel(this.time, this.newId);
    this.warehouse = new WarehouseModel({
      time: this.time,
      chance: dice(seed, 'warehouse'),
      rules: { references: this.plan.references, pace: { least: 2_000, most: 45_000 } },
      announce: (event) => this.announce(event),
    });
    this.wires = {
      time: this.time,
      chance: this.streams.wire,
      trace: this.trace,
      tap: new WireWatch({ watch: this.watch, store: this.store, time: this.time, clock: this.clock }),
      jobs: new WeakMap<AbortSignal, Job>(),
      fence: mutation?.wire === 'unfenced' ? 'out' : 'in',
      underWay: new Set(),
    };
  }

  readonly newId = (): string => `id-${(this.ids += 1)}`;

  async begin(): Promise<void> {
    for (const productId of PRODUCTS) {
      const sku = productId === UNMATCHED ? 'other' : `sku-${productId}`;
      const name = `Article ${productId}`;
      this.warehouse.articles.push({ id: `a-${productId}`, code: `code-${productId}`, sku, ean: null, name });
    }
    const writes = [connectionOf(SHOP), connectionOf(WAREHOUSE)].map((connection): Write => ({
      write: 'putConnection',
      connection,
    }));
    await this.store.apply({ now: START, guards: [], writes });
    for (let count = 0; count < this.plan.machines; count += 1) this.startOne();
    this.sweep();
    await this.time.quiet();
  }

  /** Ended reads would pile up by the thousand, and each look at the store passes them. */
  private sweep(): void {
    const retention = { ...DEFAULT_RETENTION, doneJobsMs: KEPT_MS };
    void this.watched.prune(this.time.now + this.clock.offsetMs, retention, 10_000);
    this.time.after(KEPT_MS, () => this.sweep());
  }

  startOne(): void {
    const machine = new Machine(`s${(this.started += 1)}`, this.time);
    const { time, clock, trace, newId, mood, news } = this;
    const chance = this.streams.engine;
    const skewMs = chance.between(-this.plan.skewMs, this.plan.skewMs);
    const world = machineWorld({ machine, time, clock, skewMs, chance, newId, trace });
    const store = this.holding(machine, { machine, time, chance: this.streams.store, mood, news, trace });
    const { ownership } = this.plan;
    const { jobs } = this.wires;
    trace.note(machine.name, 'starts');
    const ports = { warehouse: this.portOfWarehouse(machine), shop: this.portOfShop(machine) };
    this.sidecars.push(startSidecar({ machine, world, store, ownership, jobs, ...ports }));
  }

  /** Remembers who was given which job. */
  private holding(machine: Machine, reach: Parameters<typeof flakyStore>[1]): Store {
    const store = flakyStore(this.watched, reach);
    const claim: Store['claim'] = async (request) => {
      const claimed = await store.claim(request);
      for (const { id } of claimed) this.holders.set(id, machine);
      return claimed;
    };
    const apply: Store['apply'] = async (unit) => {
      const answer = await store.apply(unit);
      if (!answer.applied && answer.failed.guard === 'fence')
        this.refusals.set(machine, (this.refusals.get(machine) ?? 0) + 1);
      return answer;
    };
    return { ...store, claim, apply };
  }

  /** A sidecar that would answer a call from outside. */
  anySidecar(chance: Dice = this.chance): Sidecar | null {
    const up = this.sidecars.filter(({ machine }) => machine.isRunning);
    return up.length === 0 ? null : chance.pick(up);
  }

  /** Of the dead ones nothing is left. */
  bury(): void {
    this.sidecars = this.sidecars.filter(({ machine }) => !machine.isGone);
  }

  async connection(id: string): Promise<Connection> {
    const connection = await this.store.connection(id);
    if (connection === null) throw new Error(`There is no connection ${id}.`);
    return connection;
  }

  /** The plugin hands over what waits: this batch arrives some time, or twice, or never. */
  handOver(): void {
    if (this.told === 'never' || this.shop.waiting().length === 0) return;
    const raw = this.shop.batch(null);
    const copies = this.chance.hits(0.15) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.chance.hits(0.1)) continue;
      this.time.after(
        this.chance.skewed(5, 20_000),
        () => void this.arrive('outbox', (sidecar) => this.push(sidecar, raw)),
      );
    }
  }

  private async push(sidecar: Sidecar, raw: Uint8Array): Promise<void> {
    const rows = await sidecar.handOver(await this.connection(SHOP), raw);
    if (this.chance.hits(0.9)) this.shop.acknowledge(rows);
  }

  private announce(event: WarehouseEvent): void {
    if (this.told === 'never' || this.chance.hits(0.15)) return;
    const id = this.newId();
    const raw = new TextEncoder().encode(JSON.stringify(event));
    const copies = this.chance.hits(0.15) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.time.after(
        this.chance.skewed(5, 60_000),
        () =>
          void this.arrive(event.topic, async (sidecar) => {
            await sidecar.hear(await this.connection(WAREHOUSE), id, raw);
            this.heard.push(event);
          }),
      );
    }
  }

  /** Something knocks at a sidecar. Nobody there, or a 503: it stays with whoever sent it. */
  private async arrive(what: string, take: (sidecar: Sidecar) => Promise<void>): Promise<void> {
    const sidecar = this.anySidecar();
    if (sidecar === null) return;
    const { name } = sidecar.machine;
    try {
      await take(sidecar);
      this.trace.note(name, `took ${what}`);
    } catch (error) {
      this.trace.note(name, `did not take ${what}: ${String(error)}`);
    }
  }

  private portOfWarehouse(machine: Machine): WarehousePort {
    const remote = warehouseRemote(this.warehouse);
    const mutated: Remote<WarehousePort> = { ...remote, ...this.mutation?.warehouse?.(remote) };
    return connect(mutated, WAREHOUSE, machine, this.weather[WAREHOUSE], this.wires);
  }

  private portOfShop(machine: Machine): StorePort {
    const remote = shopRemote(this.shop);
    const mutated: Remote<StorePort> = { ...remote, ...this.mutation?.shop?.(remote) };
    return connect(mutated, SHOP, machine, this.weather[SHOP], this.wires);
  }
}

function planOf(chance: Dice): Plan {
  const ownership = chance.hits(0.5) ? 'single' : 'shared';
  return {
    ownership,
    machines: ownership === 'single' ? 1 : chance.between(2, 3),
    references: chance.hits(0.5) ? 'trusted' : 'enforced',
    skewMs: ownership === 'single' ? 0 : chance.pick([0, 5, 1_000]),
    tempoMs: chance.pick([300, 1_000, 2_500]),
  };
}

function connectionOf(id: string): Connection {
  const isShop = id === SHOP;
  return {
    id,
    orgId: 'org-1',
    platform: isShop ? 'woocommerce' : 'wms',
    name: isShop ? 'The shop' : 'Warehouse North',
    storeId: SHOP,
    state: 'active',
    pauseReason: null,
    pausedBy: null,
    settings: isShop
      ? { storeCode: 'OAK', siteHash: SITE, epoch: EPOCH }
      : { statuses: ['processing'], ratePerMinute: 600, completeWithoutTrackingMinutes: 10 },
    breaker: CLOSED,
    startsAt: START - 1_000,
    createdAt: START,
    updatedAt: START,
    lastSuccessAt: null,
    lastFailure: null,
    credentialsVersion: 0,
  };
}
