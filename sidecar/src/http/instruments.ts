/** What this process counts about itself while it works. Labels are closed sets: no ids of orders, no names, no addresses. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isJobKind } from '../domain/kinds.js';
import type { LogFields, World } from '../queue/world.js';
import type { Store } from '../stores/store.js';

/** From a call that is answered at once to one that hangs until it is cut off. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** The store answers in fractions of a millisecond when it is well. */
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
/** Jobs may wait for hours while the other side is away. */
const WAIT_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];
/** What the queue lives by. */
const TIMED = ['claim', 'apply', 'promoteDue', 'takeCalls'] as const satisfies readonly (keyof Store)[];

export type Instruments = ReturnType<typeof createInstruments>;

/** @param millis a clock that only runs forward. */
export function createInstruments(version: string, millis: () => number) {
  const registers = [new Registry()];
  const registry = registers[0] as Registry;
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'tallyman_build_info',
    help: 'Which version runs; always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const jobs = jobMetrics(registers);
  const store = new Histogram({
    name: 'tallyman_store_seconds',
    help: 'How long the store took.',
    labelNames: ['operation'],
    buckets: STORE_SECONDS,
    registers,
  });
  const http = new Histogram({
    name: 'tallyman_http_request_seconds',
    help: 'How long requests to the sidecar took.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  return {
    registry,
    /** The same world; what the queue logs is counted as well. */
    watched: (world: World): World => ({
      now: () => world.now(),
      chance: () => world.chance(),
      newId: () => world.newId(),
      wait: (ms, signal) => world.wait(ms, signal),
      setTimer: (ms, run) => world.setTimer(ms, run),
      log: (event, fields) => {
        jobs.count(event, fields);
        world.log(event, fields);
      },
    }),
    /** The same store, timed where the queue waits for it. */
    timed: (whole: Store): Store =>
      TIMED.reduce((timed, operation) => ({ ...timed, [operation]: timing(whole, operation, store, millis) }), whole),
    answered: (method: string, route: string, status: number, ms: number): void => {
      http.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, ms / 1000);
    },
  };
}

function jobMetrics(registers: Registry[]) {
  const labelNames = ['kind'] as const;
  const settled = new Counter({
    name: 'tallyman_job_runs_total',
    help: 'Runs of jobs that ended, by outcome; failure is the class of failure, or none.',
    labelNames: ['kind', 'outcome', 'failure'],
    registers,
  });
  const lapsed = new Counter({
    name: 'tallyman_job_lapses_total',
    help: 'Jobs taken back because their lease ran out or their process died.',
    registers,
  });
  const ran = new Histogram({
    name: 'tallyman_job_run_seconds',
    help: 'From claimed to settled.',
    labelNames,
    buckets: SECONDS,
    registers,
  });
  const waited = new Histogram({
    name: 'tallyman_job_wait_seconds',
    help: 'From runnable to claimed.',
    labelNames,
    buckets: WAIT_SECONDS,
    registers,
  });
  return {
    count(event: string, fields: LogFields): void {
      if (event === 'worker.lapsed' || event === 'worker.took_back') lapsed.inc(Number(fields['jobs'] ?? 0));
      if (event !== 'job.settled') return;
      const kind = kindLabel(fields['kind']);
      settled.inc({ kind, outcome: String(fields['outcome']), failure: String(fields['failure'] ?? 'none') });
      ran.observe({ kind }, Number(fields['runMs'] ?? 0) / 1000);
      if (fields['queueMs'] !== undefined) waited.observe({ kind }, Number(fields['queueMs']) / 1000);
    },
  };
}

/** Kinds of another version are one. */
export function kindLabel(kind: unknown): string {
  return typeof kind === 'string' && isJobKind(kind) ? kind : 'other';
}

function timing(
  store: Store,
  operation: (typeof TIMED)[number],
  histogram: Histogram<'operation'>,
  millis: () => number,
): (...values: never[]) => Promise<unknown> {
  const call = store[operation] as (...values: never[]) => Promise<unknown>;
  return async (...values) => {
    const startedAt = millis();
    try {
      return await call(...values);
    } finally {
      histogram.observe({ operation }, (millis() - startedAt) / 1000);
    }
  };
}
