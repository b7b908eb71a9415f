/** After the storm: the simulators' own books against each other. Extra calls are allowed, extra effects are not. */
import type { FaultWorld } from './world.js';

export interface Verdict {
  orders: number;
  /** Placed, but not at the warehouse. */
  lost: number;
  /** Orders there, or mails here, beyond the first. */
  duplicated: number;
  /** At the warehouse, but not completed in the shop or without its mail. */
  unfinished: number;
  /** Jobs that neither ended nor move. */
  stuck: number;
  /** What the stuck ones say. */
  said: string[];
}

export async function judge(world: FaultWorld): Promise<Verdict> {
  const { shop, warehouse } = world;
  const created = countBy(
    warehouse.ledger().effects.filter(({ effect }) => effect === 'order.created'),
    ({ reference }) => reference,
  );
  const shipments = countBy(
    warehouse.ledger().effects.filter(({ effect }) => effect === 'shipment.created'),
    ({ reference }) => reference,
  );
  const mails = countBy(
    shop.shop.notes.filter((note) => note.customer_note),
    (note) => `OAK-${note.orderId}`,
  );
  const verdict: Verdict = {
    orders: shop.shop.orders.size,
    lost: 0,
    duplicated: 0,
    unfinished: 0,
    stuck: await world.count('dead'),
    said: await world.sentences('dead'),
  };
  for (const order of shop.shop.orders.values()) {
    const reference = `OAK-${order.id}`;
    const there = created.get(reference) ?? 0;
    const told = mails.get(reference) ?? 0;
    const parcels = shipments.get(reference) ?? 0;
    if (there === 0) verdict.lost += 1;
    verdict.duplicated += Math.max(0, there - 1) + Math.max(0, told - parcels);
    if (there > 0 && (order.status !== 'completed' || told < parcels)) verdict.unfinished += 1;
  }
  return verdict;
}

export function isClean({ lost, duplicated, unfinished, stuck }: Verdict): boolean {
  return lost + duplicated + unfinished + stuck === 0;
}

function countBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return counts;
}
