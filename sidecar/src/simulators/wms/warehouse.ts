/** The simulated warehouse's memory, and the one place where what happens in it is written down. */
import { randomUUID } from 'node:crypto';
import { seededChance, type Chance } from './chance.js';
import { DEFAULTS, NO_FAULTS } from './defaults.js';
import type {
  Effect,
  EffectName,
  Faults,
  KnownArticle,
  LedgerCall,
  SimArticle,
  SimOrder,
  SimShipment,
  SimWebhook,
  WmsSimulatorOptions,
} from './types.js';

export interface Warehouse {
  options: Required<WmsSimulatorOptions>;
  faults: Faults;
  chance: Chance;
  orders: Map<string, SimOrder>;
  /** external_reference → id. */
  references: Map<string, string>;
  shipments: Map<string, SimShipment>;
  articles: Map<string, KnownArticle>;
  webhooks: Map<string, SimWebhook>;
  /** Token → its end, epoch seconds by the warehouse's clock. */
  tokens: Map<string, number>;
  refreshTokens: Set<string>;
  calls: LedgerCall[];
  effects: Effect[];
  /** ISO-8601 with offset, as the API writes times; skewed when its clock is wrong. */
  timestamp(): string;
  /** Epoch ms by the warehouse's own clock. */
  clock(): number;
  newId(): string;
  nextNumber(prefix: 'ORD' | 'SHP'): string;
  note(effect: EffectName, about: { id: string; reference: string; detail?: string }): void;
  /** Resolves with the first effect, past or future, that fits. */
  until(fits: (effect: Effect) => boolean): Promise<Effect>;
}

export function createWarehouse(given: WmsSimulatorOptions): Warehouse {
  const options = { ...DEFAULTS, ...given };
  const numbers = { ORD: 3000, SHP: 1200 };
  const waiting = new Set<(effect: Effect) => void>();
  const warehouse: Warehouse = {
    options,
    faults: { ...NO_FAULTS, ...options.faults },
    chance: seededChance(options.faults.seed ?? NO_FAULTS.seed),
    orders: new Map(),
    references: new Map(),
    shipments: new Map(),
    articles: new Map(),
    webhooks: new Map(),
    tokens: new Map(),
    refreshTokens: new Set(),
    calls: [],
    effects: [],
    clock: () => options.now() + warehouse.faults.clockSkewMs,
    timestamp: () => new Date(warehouse.clock()).toISOString().replace(/\.\d+Z$/, '+00:00'),
    newId: () => randomUUID(),
    nextNumber: (prefix) => `${prefix}${String((numbers[prefix] += 1)).padStart(11, '0')}`,
    note(effect, { id, reference, detail = '' }) {
      const noted = { at: options.now(), effect, id, reference, detail };
      warehouse.effects.push(noted);
      for (const tell of waiting) tell(noted);
    },
    until: (fits) => firstEffect(warehouse.effects, waiting, fits),
  };
  putArticles(warehouse, options.articles);
  return warehouse;
}

export function putArticles(warehouse: Warehouse, articles: readonly SimArticle[]): void {
  for (const { code, name, sku = null, ean = null, stock = 1000 } of articles) {
    const known = warehouse.articles.get(code);
    const { articleId, variantId } = known ?? { articleId: warehouse.newId(), variantId: warehouse.newId() };
    warehouse.articles.set(code, { code, name, sku, ean, stock, articleId, variantId });
  }
}

export function setFaults(warehouse: Warehouse, changes: Partial<Faults>): Faults {
  warehouse.faults = { ...warehouse.faults, ...changes };
  if (changes.seed !== undefined) warehouse.chance = seededChance(changes.seed);
  return warehouse.faults;
}

export function orderWithReference(warehouse: Warehouse, reference: string): SimOrder | undefined {
  return warehouse.orders.get(warehouse.references.get(reference) ?? '');
}

function firstEffect(
  past: readonly Effect[],
  waiting: Set<(effect: Effect) => void>,
  fits: (effect: Effect) => boolean,
): Promise<Effect> {
  const found = past.find(fits);
  if (found !== undefined) return Promise.resolve(found);
  return new Promise((resolve) => {
    const tell = (effect: Effect): void => {
      if (!fits(effect)) return;
      waiting.delete(tell);
      resolve(effect);
    };
    waiting.add(tell);
  });
}
