/** What shoppers, clerks and the warehouse do during a storm: orders are placed, edited, cancelled, and shipped when nothing more is to come. */
import { seededChance, type Chance } from '../../src/simulators/wms/chance.js';
import type { Effect } from '../../src/simulators/wms/index.js';
import type { ShopOrder } from '../../src/simulators/shop/shop.js';
import { versionIn, versionNote } from './books.js';
import { referenceOf, type FaultWorld } from './world.js';

type Plan = 'plain' | 'edited' | 'cancelled';

const LAST_VERSION = { plain: 1, edited: 3, cancelled: 1 } as const satisfies Record<Plan, number>;
const CITIES = ['Utrecht', 'Zwolle', 'Delft'] as const;
const LONGEST_PAUSE_MS = 150;

export interface Traffic {
  place(count: number): void;
  /** To be told of everything that happens at the warehouse. */
  seen(effect: Effect): void;
  chance: Chance;
}

/** @param plans 'mixed': every tenth order is edited twice, every 25th cancelled, once it has arrived. */
export function startTraffic(world: FaultWorld, seed: number, plans: 'mixed' | 'plain' = 'mixed'): Traffic {
  const chance = seededChance(seed);
  const planned = new Map<string, { plan: Plan; orderId: number }>();
  const timers = new Set<NodeJS.Timeout>();
  const soon = (act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, chance.draw() * LONGEST_PAUSE_MS);
    timers.add(timer);
  };
  world.closers.push(() => timers.forEach((timer) => clearTimeout(timer)));
  const ship = (reference: string): void => soon(() => world.warehouse.ship(reference));
  const edit = (orderId: number, version: number): void => soon(() => void editOrder(world, orderId, version));
  return {
    chance,
    place(count) {
      for (let placed = 0; placed < count; placed += 1) {
        const plan = plans === 'plain' ? 'plain' : planOf(planned.size);
        const order = world.shop.shop.place();
        order.customer_note = versionNote(1);
        planned.set(referenceOf(order.id), { plan, orderId: order.id });
      }
    },
    seen({ effect, reference, detail }) {
      const known = planned.get(reference);
      if (known === undefined || (effect !== 'order.created' && effect !== 'order.updated')) return;
      const version = effect === 'order.created' ? 1 : versionIn(detail);
      if (version < LAST_VERSION[known.plan]) edit(known.orderId, version + 1);
      else if (known.plan === 'cancelled') soon(() => void cancelOrder(world, known.orderId));
      else ship(reference);
    },
  };
}

function planOf(index: number): Plan {
  if (index % 25 === 24) return 'cancelled';
  return index % 10 === 5 ? 'edited' : 'plain';
}

/** Once for each version: the same news may come twice. */
function editOrder({ shop }: FaultWorld, orderId: number, version: number): void {
  const order = shop.shop.orders.get(orderId);
  if (order === undefined || versionIn(order.customer_note) >= version) return;
  const city = CITIES[version % CITIES.length] ?? CITIES[0];
  const line_items = order.line_items.map((line) => ({ ...line, quantity: version }));
  const change: Partial<ShopOrder> = { customer_note: versionNote(version), line_items };
  shop.shop.edit(orderId, { ...change, shipping: { ...order.shipping, city } });
}

function cancelOrder({ shop }: FaultWorld, orderId: number): void {
  if (shop.shop.orders.get(orderId)?.status === 'processing') shop.shop.edit(orderId, { status: 'cancelled' });
}
