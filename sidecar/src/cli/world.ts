/** The real clock, chance, ids, timers and log. Tests hand in others. */
import { randomBytes, randomUUID } from 'node:crypto';
import { pino, type Logger } from 'pino';
import type { World } from '../queue/world.js';

export function createLogger(level: string): Logger {
  // The host's name and the process id are the journal's business.
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

export function realWorld(logger: Logger): World {
  return {
    now: () => Date.now(),
    chance: () => Math.random(),
    newId: () => randomUUID(),
    wait,
    setTimer(ms, run) {
      const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
      return () => clearTimeout(timer);
    },
    log: (event, fields) =>
      /trouble|bug|unsettled/.test(event) ? logger.error({ event, ...fields }) : logger.info({ event, ...fields }),
  };
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
