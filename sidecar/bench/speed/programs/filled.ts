/** Fills the store of an installation before a sidecar is started on it. */
import { openSqliteStore } from '../../../src/stores/sqlite/store.js';
import { answer } from './answering.ts';
import { world } from './engine.ts';
import { multiply, type Copies } from './multiply.ts';
import { anOrderJob, connectShop, put } from './shop.ts';
import { aBlockedJob, aDoneJob, aRetryingJob, aRunningJob } from './states.ts';

const DAY_MS = 86_400_000;

export interface Filling {
  file: string;
  done: number;
  waiting: number;
  retrying: number;
  blocked: number;
  running: number;
}

answer({
  async fill({ file, done, waiting, retrying, blocked, running }: Filling) {
    const store = openSqliteStore({ file, now: () => world.now() });
    await connectShop(store, world.now(), 6);
    const templates = [
      { jobId: await aDoneJob(store, 1), count: done },
      { jobId: await aRetryingJob(store, 2), count: retrying },
      { jobId: await aBlockedJob(store, 3), count: blocked },
      {
        jobId: await put(store, anOrderJob(4, world.now(), { runAt: world.now() + DAY_MS }), world.now()),
        count: waiting,
      },
      { jobId: await aRunningJob(store, 5), count: running },
    ];
    await store.close();
    const copies = templates.map((one, at): Copies => ({ ...one, firstOrder: (at + 1) * 10_000_000, keys: 'own' }));
    multiply(file, copies);
  },
});
