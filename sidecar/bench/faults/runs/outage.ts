/** F8: the warehouse is down for half an hour, then answers every second call with 5xx, then sends storms of 429. */
import { FAILURES_TO_OPEN } from '../../../src/domain/breaker.js';
import { note, type Books } from '../books.js';
import { underLoad, type UnderLoad } from '../load.js';
import { changedSidecar, type Change } from '../sidecar-copy.js';
import type { FaultRun, RunOptions, Verdict } from '../verdict.js';
import { until, type FaultWorld } from '../world.js';

/** Five jobs an order, more or less. */
const ORDERS = { ci: 400, long: 2_000 } as const;
const FEW = 60;
const PLACED_WHILE_DOWN = 20;
const MINUTE = 60_000;
const DOWN_MS = 30 * MINUTE;
const SHAKY_MS = 5 * MINUTE;
const SPEED = 90;
const CONCURRENCY = 6;

/** Nobody notices that the warehouse is down: each job tries for itself. */
const NO_BREAKER: readonly Change[] = [
  {
    file: 'domain/breaker.js',
    find: 'export const FAILURES_TO_OPEN = 5;',
    put: 'export const FAILURES_TO_OPEN = 1_000_000;',
  },
];

export const OUTAGE_RUNS: readonly FaultRun[] = [
  {
    id: 'F8',
    title: 'warehouse down 30 min, then 50 % 5xx, then storms of 429',
    expect: 'clean',
    run: (options) => outage(options, ORDERS[options.size], []),
  },
  {
    id: 'F8-breaker-out',
    title: 'the same, and nobody notices that the warehouse is down',
    expect: 'caught',
    caughtBy: ['broken'],
    run: (options) => outage(options, FEW, NO_BREAKER),
  },
];

function outage({ store, say }: RunOptions, orders: number, changes: readonly Change[]): Promise<Verdict> {
  const dist = changes.length === 0 ? {} : { dist: changedSidecar(changes) };
  const limits = { ratePerMinute: 6_000, concurrency: CONCURRENCY };
  return underLoad({
    world: { store, speed: SPEED, limits, warehouse: { faults: { seed: 8 } }, ...dist },
    orders,
    // Dead of a passing trouble is rescued within half an hour of the sidecar's clock.
    patience: { withinMs: changes.length === 0 ? 900_000 : 1_000, quietMs: 30_000 },
    trouble: async (under) => {
      await down(under);
      say('the warehouse is up again and answers every second call with an error');
      if (changes.length === 0) await shaky(under);
      under.world.warehouse.faults({ serverErrors: NONE, tooManyRequests: { share: 0, retryAfterSeconds: 1 } });
    },
  });
}

const NONE = { share: 0, moment: 'either' } as const;

/** Only what opened the breaker, and what was under way then, may have cost an attempt. */
async function down({ world, books, traffic, verdict }: UnderLoad): Promise<void> {
  await world.clock.wait(MINUTE);
  const before = await burnt(world);
  world.warehouse.faults({ down: true });
  traffic.place(PLACED_WHILE_DOWN);
  await world.clock.wait(DOWN_MS);
  const cost = (await burnt(world)) - before;
  const arrived = books.pages.size;
  verdict.figures['attemptsBurnt'] = cost;
  if (cost > FAILURES_TO_OPEN + 2 * CONCURRENCY) note(verdict, 'broken', `The outage has cost ${cost} attempts.`);
  world.warehouse.faults({ down: false });
  await until(() => hasNews(books, arrived), 180_000, 'something arrives after the outage');
}

const hasNews = ({ pages }: Books, before: number): boolean => pages.size > before;

async function shaky({ world }: UnderLoad): Promise<void> {
  world.warehouse.faults({ serverErrors: { share: 0.5, moment: 'either' } });
  await world.clock.wait(SHAKY_MS);
  world.warehouse.faults({ serverErrors: NONE, tooManyRequests: { share: 0.5, retryAfterSeconds: 2 } });
  await world.clock.wait(SHAKY_MS);
}

/** Attempts that count, of all jobs that have not ended well. */
async function burnt({ jobs }: FaultWorld): Promise<number> {
  let attempts = 0;
  for (const state of ['queued', 'retrying', 'dead']) {
    for (let page = 1; ; page += 1) {
      const rows = await jobs(`state=${state}&per_page=100&page=${page}`);
      attempts += rows.reduce((sum, job) => sum + job.attempts, 0);
      if (rows.length < 100) break;
    }
  }
  return attempts;
}
