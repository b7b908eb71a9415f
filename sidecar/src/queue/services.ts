/** Small services of the queue itself, each with its own rhythm. They ask nothing of the outside. */
import type { Retention, Store } from '../stores/store.js';
import type { World } from './world.js';

export interface Service {
  readonly name: string;
  start(): void;
  stop(): Promise<void>;
}

interface Deps {
  store: Store;
  world: World;
  /** Rings the worker's bell when a service made something runnable. */
  nudge(): void;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const RESCUE = { everyMs: 30 * MINUTE, minAgeMs: MINUTE, maxAgeMs: DAY } as const;
const SLICE = 500;
const TRY_AGAIN_MS = 10 * SECOND;

export const DEFAULT_RETENTION: Retention = {
  doneJobsMs: 7 * DAY,
  activityMs: 365 * DAY,
  deliveryBodyMs: 30 * DAY,
  // Keys outlive bodies: a webhook that comes again after months is still known.
  dedupeKeyMs: 365 * DAY,
  recordBodyMs: 90 * DAY,
};

/** Gives jobs that died of a passing trouble another life, for a day. */
export function rescuer({ store, world, nudge }: Deps): Service {
  return repeating('rescuer', RESCUE.everyMs, world, async () => {
    const rescued = await inSlices((limit) => store.rescue(world.now(), RESCUE.minAgeMs, RESCUE.maxAgeMs, limit));
    if (rescued > 0) nudge();
    return rescued;
  });
}

/** Waits that outlasted their deadline become somebody's business. */
export function expirer({ store, world }: Deps): Service {
  return repeating('expirer', 10 * SECOND, world, () => inSlices((limit) => store.expireBlocked(world.now(), limit)));
}

export function pruner({ store, world, retention = DEFAULT_RETENTION }: Deps & { retention?: Retention }): Service {
  const run = () => inSlices((limit) => store.prune(world.now(), retention, limit));
  return repeating('pruner', pruneEveryMs(retention), world, run);
}

/** Every hour; what is kept for less than a day would pile up meanwhile. */
function pruneEveryMs(retention: Retention): number {
  const shortestMs = Math.min(...Object.values<number>({ ...retention }));
  return Math.min(HOUR, Math.max(MINUTE, shortestMs / 24));
}

async function inSlices(slice: (limit: number) => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const count = await slice(SLICE);
    total += count;
    if (count < SLICE) return total;
  }
}

/** Runs at the start too: a service that is restarted more often than its rhythm would never run. */
export function repeating(name: string, everyMs: number, world: World, run: () => Promise<number>): Service {
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) await world.wait(await once(name, everyMs, world, run), stopping.signal);
  };
  let running = Promise.resolve();
  return {
    name,
    start: () => {
      running = loop();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** @returns milliseconds until it should run again. */
async function once(name: string, everyMs: number, world: World, run: () => Promise<number>): Promise<number> {
  try {
    const count = await run();
    if (count > 0) world.log(`${name}.ran`, { count });
    return everyMs;
  } catch (error) {
    world.log(`${name}.trouble`, { message: error instanceof Error ? error.message : String(error) });
    return Math.min(everyMs, TRY_AGAIN_MS);
  }
}
