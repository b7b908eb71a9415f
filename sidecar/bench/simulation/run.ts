/** One seed, from its first order to the verdict. */
import { happen, replaced } from './happenings.ts';
import { judge, settle } from './aftermath.ts';
import { isWhole } from './ledger.ts';
import type { Mutation } from './mutations.ts';
import { Simulation } from './simulation.ts';

export interface SeedRun {
  seed: number;
  events: number;
  mutation?: Mutation | null;
  print?: (line: string) => void;
}

export interface Outcome {
  seed: number;
  events: number;
  /** Things that happened in all: timers, answers, arrivals. */
  steps: number;
  orders: number;
  hash: string;
  broken: { promise: string; message: string; about: string | null; atEvent: number } | null;
  /** The last lines before it broke. */
  tail: string[];
}

export async function runSeed(asked: SeedRun): Promise<Outcome> {
  const before = Error.stackTraceLimit;
  // Every bell that rings makes an error, and nobody reads where from.
  Error.stackTraceLimit = 0;
  try {
    return await storm(asked);
  } finally {
    Error.stackTraceLimit = before;
  }
}

async function storm({ seed, events, mutation = null, print }: SeedRun): Promise<Outcome> {
  const simulation = new Simulation({ seed, mutation, print: print ?? null });
  await simulation.begin();
  let event = 0;
  for (; event < events && isWhole(simulation); event += 1) {
    happen(simulation);
    await simulation.time.quiet();
    await simulation.time.runUntil(simulation.time.now + gapMs(simulation));
    if (simulation.sidecars.every(({ machine }) => machine.isGone)) replaced(simulation, 1);
  }
  if (isWhole(simulation)) await settle(simulation);
  if (isWhole(simulation)) await judge(simulation);
  simulation.time.end();
  const { broken } = simulation.watch;
  return {
    seed,
    events: event,
    steps: simulation.time.steps,
    orders: simulation.shop.history.size,
    hash: simulation.trace.hash,
    broken: broken === null ? null : { ...said(broken), atEvent: event },
    tail: broken === null ? [] : simulation.trace.tail(broken.about),
  };
}

const said = ({ promise, message, about }: { promise: string; message: string; about: string | null }) => ({
  promise,
  message,
  about,
});

/** Many things at once, then a while of nothing. */
function gapMs({ chance, plan }: Simulation): number {
  return Math.round(-Math.log(1 - chance.next()) * plan.tempoMs);
}
