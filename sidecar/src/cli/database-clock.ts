/**
 * Where sidecars of several machines share a database, its clock is everybody's: leases and schedules are times in it, and a
 * host whose clock is off would take others' jobs away too early, or keep its own too long.
 */
import type { World } from '../queue/world.js';

export interface DatabaseClock {
  /** Epoch ms by the database's clock. */
  now(): number;
  /** How far this machine's clock is ahead, in ms. */
  aheadMs(): number;
  /** Looks again every minute, and warns. */
  start(world: Pick<World, 'wait' | 'log'>): void;
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
const SAMPLES = 5;
export const WORTH_A_WARNING_MS = 2_000;

/** A short conversation with the database about nothing but the time. */
export interface TimeTalk {
  /** Epoch ms. */
  ask(): Promise<number>;
  end(): Promise<void>;
}

/** @throws when the database cannot be asked the first time. */
export async function databaseClock(talk: () => Promise<TimeTalk>, host: () => number): Promise<DatabaseClock> {
  let aheadMs = await measured(talk, host);
  const stopping = new AbortController();
  let loop = Promise.resolve();

  async function watch(world: Pick<World, 'wait' | 'log'>): Promise<void> {
    let warned = warn(world, aheadMs, 'no');
    for (;;) {
      await world.wait(EVERY_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        aheadMs = await measured(talk, host);
        warned = warn(world, aheadMs, warned);
      } catch (error) {
        world.log('clock.trouble', { message: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  return {
    now: () => host() - aheadMs,
    aheadMs: () => aheadMs,
    start: (world) => {
      loop = watch(world);
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

/** The quickest answer tells most: what it took is the most it can be wrong by. */
async function measured(talk: () => Promise<TimeTalk>, host: () => number): Promise<number> {
  const { ask, end } = await talk();
  try {
    let best = { tookMs: Number.POSITIVE_INFINITY, aheadMs: 0 };
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const before = host();
      const theirs = await ask();
      const after = host();
      if (after - before < best.tookMs) best = { tookMs: after - before, aheadMs: (before + after) / 2 - theirs };
    }
    return Math.round(best.aheadMs);
  } finally {
    await end();
  }
}

/** Said when it begins, not each minute. */
function warn(world: Pick<World, 'log'>, aheadMs: number, before: 'no' | 'warned'): 'no' | 'warned' {
  if (Math.abs(aheadMs) <= WORTH_A_WARNING_MS) return 'no';
  if (before === 'no') world.log('clock.off', { aheadMs, followed: 'database' });
  return 'warned';
}
