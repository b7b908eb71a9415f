/** Ours on SQLite with synchronous=FULL: every job claimed, run, settled with its attempt. */
import { openSqliteStore } from '../../../src/stores/sqlite/store.js';
import { answer, given } from './answering.ts';
import { engineOn, workThrough, world } from './engine.ts';
import { anOrderJob, connectShop, enqueueOrders, put } from './shop.ts';

const { file, concurrency } = given<{ file: string; concurrency: number }>();
const store = openSqliteStore({ file, now: () => world.now() });
await connectShop(store, world.now(), concurrency);
let orders = 1;

answer({
  async process({ jobs }: { jobs: number }) {
    await enqueueOrders(store, orders, jobs, () => world.now());
    orders += jobs;
    return { jobsPerSecond: (jobs * 1000) / (await workThrough(store, jobs)) };
  },

  /** @returns for each job, asked for at an even pace, the ms from before it was put in until its handler started. */
  async latency({ jobs, aSecond }: { jobs: number; aSecond: number }) {
    const asked = new Map<string, number>();
    const ms: number[] = [];
    let all: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (all = resolve));
    const worker = engineOn(store, {
      handler: async ({ job }) => {
        ms.push(performance.now() - (asked.get(job.subject) ?? Number.NaN));
        if (ms.length === jobs) all();
        return { outcome: 'done', sentence: 'Done.' };
      },
    });
    await worker.start();
    for (let job = 0; job < jobs; job += 1) {
      const order = anOrderJob(orders++, world.now());
      asked.set(order.subject, performance.now());
      void put(store, order, world.now()).then(() => worker.nudge());
      await new Promise((resolve) => setTimeout(resolve, 1000 / aSecond));
    }
    await done;
    await worker.stop();
    return { ms };
  },
});
