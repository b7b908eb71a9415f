/** Traffic while something goes wrong: what most runs have in common. */
import { keepBooks, type Books } from './books.js';
import { PATIENT_WAREHOUSE, startSenders, type Senders } from './senders.js';
import { settled, type Patience } from './settled.js';
import { startTraffic, type Traffic } from './traffic.js';
import { cleanVerdict, type Verdict } from './verdict.js';
import { startFaultWorld, type FaultWorld, type WorldOptions } from './world.js';

export interface Load {
  world: WorldOptions;
  /** Placed evenly while the trouble lasts, and at once when it ends earlier. */
  orders: number;
  plans?: 'mixed' | 'plain';
  senders?: number;
  patience: Patience;
  shopRemembers?: 'yes' | 'no';
  /** What goes wrong. It notes broken promises in the verdict, and figures. */
  trouble(under: UnderLoad): Promise<void>;
}

export interface UnderLoad {
  world: FaultWorld;
  books: Books;
  senders: Senders;
  traffic: Traffic;
  verdict: Verdict;
}

const SEED = 17;
const PLACED_AT_ONCE = 5;
const PAUSE_MS = 60;

export async function underLoad(load: Load): Promise<Verdict> {
  const faults = { duplicateWebhooks: 1 / 7, seed: SEED, ...load.world.warehouse?.faults };
  const warehouse = { ...PATIENT_WAREHOUSE, webhooksAtOnce: 32, ...load.world.warehouse, faults };
  const world = await startFaultWorld({ ...load.world, warehouse });
  try {
    if (load.shopRemembers === 'no') world.shop.shop.memory = 'gone';
    const traffic = startTraffic(world, SEED, load.plans ?? 'mixed');
    const books = keepBooks(world, (effect) => traffic.seen(effect));
    const senders = startSenders(world, { count: load.senders ?? 8, twiceEvery: 7, rows: 4 });
    const under: UnderLoad = { world, books, senders, traffic, verdict: cleanVerdict(0) };
    const placing = place(under, load.orders);
    await load.trouble(under);
    await placing.rest();
    return merged(under.verdict, await settled(world, books, load.patience));
  } finally {
    await world.stop();
  }
}

/** A steady stream, until told that the rest may come at once. */
function place({ world, traffic }: UnderLoad, orders: number): { rest(): Promise<void> } {
  let left = orders;
  const next = (): void => {
    const now = Math.min(left, PLACED_AT_ONCE);
    left -= now;
    traffic.place(now);
  };
  const timer = setInterval(next, PAUSE_MS);
  world.closers.push(() => clearInterval(timer));
  return {
    async rest() {
      clearInterval(timer);
      while (left > 0) next();
    },
  };
}

/** What was noted on the way belongs to what was found at the end. */
export function merged(first: Verdict, last: Verdict): Verdict {
  const { units: _units, said, figures, ...counts } = first;
  const sums = Object.entries(counts).map(([count, value]) => [count, value + last[count as keyof typeof counts]]);
  return {
    ...last,
    ...(Object.fromEntries(sums) as typeof counts),
    said: [...said, ...last.said],
    figures: { ...figures, ...last.figures },
  };
}
