/** A warehouse in memory, in the neutral form: it keeps a ledger, ships by itself, and announces what happens. */
import { draftFingerprint } from '../../src/domain/shipping.js';
import type { Article, Parcel, WarehouseOrder, WarehouseOrderDraft } from '../../src/domain/warehouse-order.js';
import { PlatformFailure } from '../../src/platforms/failure.js';
import type { WarehouseEvent, WarehousePort } from '../../src/platforms/platform.js';
import type { Dice } from './chance.ts';
import type { Remote } from './network.ts';
import type { Time } from './time.ts';

const STEPS = {
  created: { stage: 'accepted', rank: 10 },
  planned: { stage: 'planned', rank: 30 },
  on_hold: { stage: 'held', rank: 35 },
  problem: { stage: 'held', rank: 35 },
  processing: { stage: 'picking', rank: 40 },
  partially_shipped: { stage: 'partly_shipped', rank: 50 },
  shipped: { stage: 'shipped', rank: 60 },
  cancelled: { stage: 'cancelled', rank: 60 },
} as const satisfies Record<string, Pick<WarehouseOrder, 'stage' | 'rank'>>;
export type Status = keyof typeof STEPS;

/** From picking on nothing is changed or cancelled. */
export const PICKING_RANK = STEPS.processing.rank;
/** A zip this warehouse cannot deliver to. */
export const BAD_ZIP = 'REJECT';

export interface Held {
  order: WarehouseOrder;
  draft: WarehouseOrderDraft;
  modifiedAt: string;
}

export interface WarehouseRules {
  /** 'enforced': a second order under one reference is refused. 'trusted': it is taken, and shipped twice. */
  references: 'enforced' | 'trusted';
  /** A way through the house, in ms a step. */
  pace: { least: number; most: number };
}

interface ModelParts {
  time: Time;
  chance: Dice;
  rules: WarehouseRules;
  announce(event: WarehouseEvent): void;
}

export class WarehouseModel {
  readonly orders = new Map<string, Held>();
  readonly parcels: Parcel[] = [];
  readonly articles: Article[] = [];
  /** Orders made, by reference. More than one is the accident everything here is built against. */
  readonly created = new Map<string, number>();
  /** Steps that are still to come by themselves. */
  pending = 0;
  /** Orders that stand until somebody lets them go on. */
  private readonly standing = new Set<string>();
  private readonly parts: ModelParts;

  constructor(parts: ModelParts) {
    this.parts = parts;
  }

  byReference(reference: string): Held[] {
    return [...this.orders.values()].filter(({ order }) => order.reference === reference);
  }

  held(id: string): Held {
    const held = this.orders.get(id);
    if (held === undefined) throw refused('not_found', 404, 'The warehouse has no such order.');
    return held;
  }

  create(draft: WarehouseOrderDraft): WarehouseOrder {
    this.complain(draft);
    if (this.parts.rules.references === 'enforced' && this.created.has(draft.reference))
      throw refused('conflict', 400, 'The warehouse answered 400: Reference is not unique.');
    this.created.set(draft.reference, (this.created.get(draft.reference) ?? 0) + 1);
    const number = this.orders.size + 1;
    const { reference, uuid, lines } = draft;
    const order = { id: `w-${number}`, number: `ORD${number}`, reference, uuid, status: 'created', lines };
    this.orders.set(order.id, { order: { ...order, ...STEPS.created }, draft, modifiedAt: this.stamp() });
    this.later(() => this.go(order.id));
    if (draft.hold) this.setStatus(order.id, 'on_hold');
    return this.held(order.id).order;
  }

  update(id: string, draft: WarehouseOrderDraft): WarehouseOrder {
    const { order } = this.held(id);
    if (order.rank >= PICKING_RANK) throw refused('rejected', 400, 'The warehouse answered 400: it is too late.');
    this.complain(draft);
    this.orders.set(id, { order: { ...order, lines: draft.lines }, draft, modifiedAt: this.stamp() });
    if (draft.hold) this.setStatus(id, 'on_hold');
    else if (order.status === 'on_hold') this.setStatus(id, 'created');
    return this.held(id).order;
  }

  cancel(id: string): void {
    if (this.held(id).order.rank >= PICKING_RANK)
      throw refused('rejected', 400, 'The warehouse answered 400: it is too late.');
    this.setStatus(id, 'cancelled');
  }

  setStatus(id: string, status: Status): void {
    const held = this.held(id);
    const order = { ...held.order, status, ...STEPS[status] };
    this.orders.set(id, { ...held, order, modifiedAt: this.stamp() });
    this.parts.announce({ type: 'order', topic: 'order.updated', order, modifiedAt: this.stamp() });
    if (order.stage !== 'held' && this.standing.delete(id)) this.later(() => this.go(id));
  }

  /** Whatever somebody there had set aside goes on. */
  seeToProblems(): void {
    for (const { order } of [...this.orders.values()])
      if (order.status === 'problem') this.setStatus(order.id, 'planned');
  }

  /** One step further, unless somebody holds it. */
  private go(id: string): void {
    const { order } = this.held(id);
    if (order.status === 'cancelled' || order.status === 'shipped') return;
    if (order.stage === 'held') return void this.standing.add(id);
    if (order.status === 'created') this.setStatus(id, 'planned');
    else if (order.status === 'planned') this.setStatus(id, 'processing');
    else if (this.parts.chance.hits(0.3) && order.status === 'processing') this.shipPart(id);
    else this.shipRest(id);
    if (this.held(id).order.status !== 'shipped') this.later(() => this.go(id));
  }

  private shipPart(id: string): void {
    const [first, ...others] = this.open(id);
    if (first === undefined || (others.length === 0 && first.quantity === 1)) return this.shipRest(id);
    this.pack(id, [{ ...first, quantity: 1 }]);
    this.setStatus(id, 'partially_shipped');
  }

  private shipRest(id: string): void {
    const rest = this.open(id);
    // The parcel may be known before or after the word that the order has shipped.
    if (this.parts.chance.hits(0.5)) this.setStatus(id, 'shipped');
    this.pack(id, rest);
    if (this.held(id).order.status !== 'shipped') this.setStatus(id, 'shipped');
  }

  private open(id: string): { articleCode: string; quantity: number }[] {
    const { draft } = this.held(id);
    const packed = this.parcels.filter(({ orderRemoteId }) => orderRemoteId === id).flatMap(({ lines }) => lines);
    return draft.lines.flatMap(({ articleCode, quantity }) => {
      const gone = packed
        .filter((line) => line.articleCode === articleCode)
        .reduce((sum, line) => sum + line.quantity, 0);
      return quantity > gone ? [{ articleCode, quantity: quantity - gone }] : [];
    });
  }

  private pack(id: string, lines: Parcel['lines']): void {
    const number = this.parcels.length + 1;
    const { reference } = this.held(id).order;
    const parcel: Parcel = {
      id: `s-${number}`,
      number: `SHP${number}`,
      orderRemoteId: id,
      orderReference: reference,
      carrier: 'PostNL',
      tracking: [],
      lines,
      shippedAt: this.stamp(),
      modifiedAt: this.stamp(),
    };
    this.parcels.push(parcel);
    if (this.parts.chance.hits(0.7)) this.label(number);
    else this.later(() => this.label(number));
    this.tell(number);
  }

  private label(number: number): void {
    const parcel = this.parcels[number - 1];
    if (parcel === undefined) return;
    // Written as T…X, so that no number is a part of another.
    const tracking = [{ code: `T${number}X`, url: null }];
    this.parcels[number - 1] = { ...parcel, tracking, modifiedAt: this.stamp() };
    this.tell(number);
  }

  private tell(number: number): void {
    const parcel = this.parcels[number - 1];
    if (parcel !== undefined) this.parts.announce({ type: 'shipment', topic: 'shipment.updated', parcel });
  }

  private later(run: () => void): void {
    const { time, chance, rules } = this.parts;
    this.pending += 1;
    time.after(chance.between(rules.pace.least, rules.pace.most), () => {
      this.pending -= 1;
      run();
    });
  }

  private complain(draft: WarehouseOrderDraft): void {
    const unknown = draft.lines.find(({ articleCode }) => !this.articles.some(({ code }) => code === articleCode));
    if (unknown !== undefined) throw refused('rejected', 400, `The warehouse answered 400: no ${unknown.articleCode}.`);
    if (draft.address.zip === BAD_ZIP)
      throw refused('rejected', 400, 'The warehouse answered 400: zipcode is not valid.');
  }

  private stamp(): string {
    return new Date(this.parts.time.now).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}

/** What the warehouse does when a call arrives. */
export function warehouseRemote(warehouse: WarehouseModel): Remote<WarehousePort> {
  const since = (from: string): string => from.replace(/\.\d+Z$/, 'Z');
  const page = <Row>(rows: Row[]): { rows: Row[]; next: null } => ({ rows, next: null });
  return {
    test: ['read', () => ({ ok: true, sentence: 'Fine.' })],
    findOrders: [
      'read',
      (reference) =>
        warehouse.byReference(reference).map(({ order, draft }) => ({ ...order, says: draftFingerprint(draft) })),
    ],
    readOrder: ['read', (id) => warehouse.held(id).order],
    createOrder: ['write', (draft) => warehouse.create(draft)],
    updateOrder: ['write', (id, draft) => warehouse.update(id, draft)],
    cancelOrder: ['write', (id) => warehouse.cancel(id)],
    listOrders: [
      'read',
      ({ from }) => page(changed([...warehouse.orders.values()], since(from)).map(({ order }) => order)),
    ],
    parcelsOf: ['read', ({ id }) => warehouse.parcels.filter(({ orderRemoteId }) => orderRemoteId === id)],
    listParcels: ['read', ({ from }) => page(changed(warehouse.parcels, since(from)))],
    listArticles: ['read', () => page([...warehouse.articles])],
    ensureWebhooks: ['write', () => 'Registered.'],
  };
}

const changed = <Row extends { modifiedAt: string }>(rows: readonly Row[], from: string): Row[] =>
  rows.filter(({ modifiedAt }) => modifiedAt >= from);

const refused = (kind: 'rejected' | 'conflict' | 'not_found', status: number, summary: string): PlatformFailure =>
  new PlatformFailure({ kind, status, summary });
