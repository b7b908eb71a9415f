/** One claim after another on a store with a given load in front of what is ready. */
import { openSqliteStore } from '../../../src/stores/sqlite/store.js';
import type { Store } from '../../../src/stores/store.js';
import { answer, given } from './answering.ts';
import { world } from './engine.ts';
import { multiply } from './multiply.ts';
import { WAREHOUSE } from '../secrets.ts';
import { anOrderJob, connectShop, enqueueOrders, put } from './shop.ts';
import { aBlockedJob, aRetryingJob } from './states.ts';

type Load = 'none' | 'waiting' | 'one key';

const DAY_MS = 86_400_000;
const AT_ONCE = 10;

/** A job of each kind of load, to be copied. */
const TEMPLATES = {
  none: async () => [],
  waiting: async (filling) => [
    await aWaitingJob(filling),
    await aRetryingJob(filling, 2),
    await aBlockedJob(filling, 3),
  ],
  // Ready itself: the first of the key is claimed, with all the others behind it.
  'one key': async (filling) => [await put(filling, anOrderJob(4, world.now()), world.now())],
} as const satisfies Record<Load, (filling: Store) => Promise<number[]>>;

const { file, load, rows } = given<{ file: string; load: Load; rows: number }>();
await fill();
const store = openSqliteStore({ file, now: () => world.now() });
let orders = 100_000_000;

answer({
  async claim({ times }: { times: number }) {
    await enqueueOrders(store, orders, times * AT_ONCE, () => world.now());
    orders += times * AT_ONCE;
    const taken: number[] = [];
    for (let time = 0; time < times; time += 1) taken.push(await claimOnce());
    return { ms: taken };
  },
});

/** @returns milliseconds; what was claimed is settled before the next. */
async function claimOnce(): Promise<number> {
  const now = world.now();
  const request = {
    now,
    owner: 'bench',
    perConnection: new Map([[WAREHOUSE, AT_ONCE]]),
    leaseMs: 60_000,
    order: 'priority',
  } as const;
  const startedAt = performance.now();
  const jobs = await store.claim(request);
  const tookMs = performance.now() - startedAt;
  if (jobs.length !== AT_ONCE) throw new Error(`Only ${jobs.length} jobs were claimed.`);
  await store.apply({
    now,
    guards: [],
    writes: jobs.map(({ id }) => ({ write: 'moveJob', jobId: id, move: 'succeed', patch: { sentence: 'Done.' } })),
  });
  return tookMs;
}

async function fill(): Promise<void> {
  const filling = openSqliteStore({ file, now: () => world.now() });
  await connectShop(filling, world.now(), AT_ONCE);
  const templates = await TEMPLATES[load](filling);
  await filling.close();
  const keys = load === 'one key' ? 'one' : 'own';
  const count = Math.floor(rows / Math.max(1, templates.length));
  multiply(
    file,
    templates.map((jobId, at) => ({ jobId, count, firstOrder: 1_000_000 + at * count, keys })),
  );
}

function aWaitingJob(filling: Store): Promise<number> {
  return put(filling, anOrderJob(1, world.now(), { runAt: world.now() + DAY_MS }), world.now());
}
