/** Traffic while something goes wrong: what most runs have in common. */
import type { WmsSimulatorOptions } from '../../src/simulators/wms/index.js';
import { keepBooks, type Books } from './books.js';
import { PATIENT_WAREHOUSE, startSenders, type Senders, type SendersOptions } from './senders.js';
import { settled, type Patience } from './settled.js';
import { startTraffic, type Traffic } from './traffic.js';
import { cleanVerdict, type Verdict } from './verdict.js';
import { startFaultWorld, type FaultWorld, type WorldOptions } from './world.js';

export interface Storm {
  world: WorldOptions;
  /** Of what shoppers and clerks do. */
  seed: number;
  senders: SendersOptions;
  plans?: 'mixed' | 'plain';
  /** Whether the shop can still be asked for what it has handed over. Default 'yes'. */
  shopRemembers?: 'yes' | 'no';
  patience: Patience;
}

export interface UnderLoad {
  world: FaultWorld;
  books: Books;
  senders: Senders;
  traffic: Traffic;
  verdict: Verdict;
}

/** It sends every seventh webhook twice. */
export function roughWarehouse(seed: number, faults: WmsSimulatorOptions['faults'] = {}): WmsSimulatorOptions {
  return { ...PATIENT_WAREHOUSE, webhooksAtOnce: 32, faults: { duplicateWebhooks: 1 / 7, seed, ...faults } };
}

/** @param work places orders and lets things go wrong. It notes broken promises in the verdict, and figures. */
export async function inStorm(
  { world: options, seed, senders, plans = 'mixed', shopRemembers, patience }: Storm,
  work: (under: UnderLoad) => Promise<void>,
): Promise<Verdict> {
  const world = await startFaultWorld(options);
  try {
    if (shopRemembers === 'no') world.shop.shop.memory = 'gone';
    const traffic = startTraffic(world, seed, plans);
    const books = keepBooks(world, (effect) => traffic.seen(effect));
    const under = { world, books, traffic, senders: startSenders(world, senders), verdict: cleanVerdict(0) };
    await work(under);
    return merged(under.verdict, await settled(world, books, patience));
  } finally {
    await world.stop();
  }
}

export interface Load extends Pick<Storm, 'world' | 'plans' | 'patience' | 'shopRemembers'> {
  /** Placed evenly while the trouble lasts, and at once when it ends earlier. */
  orders: number;
  /** What goes wrong. */
  trouble(under: UnderLoad): Promise<void>;
}

const SEED = 17;
const SENDERS = { count: 8, twiceEvery: 7, rows: 4 } as const;
const PLACED_AT_ONCE = 5;
const PAUSE_MS = 60;

export function underLoad({ orders, trouble, world, ...storm }: Load): Promise<Verdict> {
  const { faults, ...given } = world.warehouse ?? {};
  const warehouse = { ...roughWarehouse(SEED, faults), ...given };
  return inStorm({ ...storm, world: { ...world, warehouse }, seed: SEED, senders: SENDERS }, async (under) => {
    const placing = place(under, orders);
    await trouble(under);
    placing.rest();
  });
}

/** A steady stream, until told that the rest may come at once. */
function place({ world, traffic }: UnderLoad, orders: number): { rest(): void } {
  let left = orders;
  const next = (): void => {
    const now = Math.min(left, PLACED_AT_ONCE);
    left -= now;
    traffic.place(now);
  };
  const timer = setInterval(next, PAUSE_MS);
  world.closers.push(() => clearInterval(timer));
  return {
    rest() {
      clearInterval(timer);
      while (left > 0) next();
    },
  };
}

/** What was noted on the way belongs to what was found at the end. */
function merged(first: Verdict, last: Verdict): Verdict {
  const { units: _units, said, figures, ...counts } = first;
  const sums = Object.entries(counts).map(([count, value]) => [count, value + last[count as keyof typeof counts]]);
  return {
    ...last,
    ...(Object.fromEntries(sums) as typeof counts),
    said: [...said, ...last.said],
    figures: { ...figures, ...last.figures },
  };
}
