/** The end of a run: waits until both sides' books agree, or until that has become hopeless, and judges. */
import { audit } from './audit.js';
import { judgeOrders, note, type Books } from './books.js';
import type { Verdict } from './verdict.js';
import { referenceOf, type FaultWorld } from './world.js';

export interface Patience {
  /** Real milliseconds at most. */
  withinMs: number;
  /** A quiet queue with something missing is hopeless once it has been quiet for so long; real milliseconds. */
  quietMs: number;
  /** Orders are expected to be shipped and told about. Default 'yes'. */
  parcels?: 'yes' | 'no';
  /** Of a run whose guard is out: what it is waiting for, so that it need not wait for what will never be. */
  until?: 'an order is there twice';
  /**
   * 'refetched': the sidecar's disk lost what it had acknowledged, and only the outcome counts. It is then always given the
   * whole quiet time: an earlier life may have done everything, and this one has still to learn of it. Default 'kept'.
   */
  acknowledged?: 'kept' | 'refetched';
}

/** For a run in which the warehouse finds no reference. */
export const UNTIL_TWICE: Patience = { withinMs: 120_000, quietMs: 15_000, until: 'an order is there twice' };

export async function settled(world: FaultWorld, books: Books, patience: Patience): Promise<Verdict> {
  await comeToRest(world, books, patience);
  await Promise.all(world.sidecars.map((one) => one.stop()));
  const verdict = judgeOrders(world, books);
  // An old database sends what it knows before it has been told what it lost; only where that ends counts.
  if (patience.acknowledged === 'refetched') verdict.orderViolations = 0;
  if (patience.parcels !== 'no') judgeShipped(world, books, verdict);
  await audit(world, books, verdict, patience.acknowledged ?? 'kept');
  return verdict;
}

/** Counting a long queue is work for the sidecar. */
const PAUSE_MS = 500;

async function comeToRest(world: FaultWorld, books: Books, patience: Patience): Promise<void> {
  const until = Date.now() + patience.withinMs;
  let quietSince: number | null = null;
  while (Date.now() < until) {
    if (patience.until !== undefined && isTwiceThere(books)) return;
    if (world.shop.shop.waiting().length > 0) await world.shop.handOver();
    const quiet = world.shop.shop.waiting().length === 0 && (await isQuiet(world));
    if (!quiet) quietSince = null;
    else quietSince ??= Date.now();
    const complete = quiet && patience.acknowledged !== 'refetched' && isComplete(world, books, patience);
    if (quietSince !== null && (complete || Date.now() - quietSince >= patience.quietMs)) return;
    await world.clock.waitReal(PAUSE_MS);
  }
}

const isTwiceThere = ({ pages }: Books): boolean => [...pages.values()].some(({ created }) => created > 1);

async function isQuiet(world: FaultWorld): Promise<boolean> {
  const counts = await world.counts().catch(() => null);
  if (counts === null) return false;
  await world.warehouse.webhooksSent();
  return ['queued', 'running', 'retrying', 'blocked'].every((state) => (counts[state] ?? 0) === 0);
}

/** Cheap enough to be asked ten times a second; the verdict looks closer. */
function isComplete({ shop }: FaultWorld, { page }: Books, { parcels = 'yes' }: Patience): boolean {
  for (const { id, status } of shop.shop.orders.values()) {
    const there = page(referenceOf(id));
    if (there.created === 0) return false;
    if (parcels === 'yes' && status !== 'completed' && status !== 'cancelled') return false;
    if (status === 'cancelled' && there.cancelled === 0) return false;
  }
  return true;
}

function judgeShipped({ shop }: FaultWorld, { page }: Books, verdict: Verdict): void {
  for (const { id, status } of shop.shop.orders.values()) {
    const { created, parcels } = page(referenceOf(id));
    if (created > 0 && status !== 'cancelled' && parcels.length === 0)
      note(verdict, 'lost', `${referenceOf(id)} has no parcel.`);
  }
}
