/** The real clock, chance, ids, timers and log. Tests hand in others. */
import { randomBytes, randomUUID } from 'node:crypto';
import { pino, type Logger } from 'pino';
import type { World } from '../queue/world.js';

export function createLogger(level: string): Logger {
  // The host's name and the process id are the journal's business.
  const settings = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  // Lines of one moment go out together, and not each in a system call that everything waits for. They are out before the
  // process ends; only a kill -9 may take the last of them.
  return pino(settings, pino.destination({ sync: false }));
}

/** @param now the clock to follow; where a database is shared it is the database's. */
export function realWorld(logger: Logger, now: () => number = Date.now): World {
  return {
    now,
    chance: () => Math.random(),
    newId: () => orderedId(Date.now()),
    wait,
    setTimer(ms, run) {
      const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
      return () => clearTimeout(timer);
    },
    log: (event, fields) =>
      /trouble|bug|unsettled/.test(event) ? logger.error({ event, ...fields }) : logger.info({ event, ...fields }),
  };
}

/**
 * A UUID of version 7: 48 bits of time, the rest chance. Ids of one hour then stand side by side in an index; random ones
 * each touch another page of it, and a store that has grown beyond its cache reads and writes all of those.
 */
export function orderedId(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

export const randomChance = (bytes: number): Uint8Array => randomBytes(bytes);

/** What setTimeout takes: a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, LONGEST_TIMER_MS));
    signal.addEventListener('abort', done, { once: true });
  });
}
