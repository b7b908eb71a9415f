/** Ours on PostgreSQL, as one of those who share it. */
import type { Handler } from '../../../src/queue/handler.js';
import { openPostgresStore } from '../../../src/stores/postgres/store.js';
import { answer, given } from './answering.ts';
import { engineOn, workThrough, world } from './engine.ts';
import { aConnection, anOrderJob, connectShop, enqueueOrders, ORG, put, UNLIMITED } from './shop.ts';
import { WAREHOUSE } from '../secrets.ts';

const IN_FLIGHT = 64;

const { url, owner } = given<{ url: string; owner: string }>();
const store = await openPostgresStore({ url, owner, now: () => world.now() });
let orders = 1;
let helping: { stop(): Promise<void> } | null = null;

answer({
  connect: ({ concurrency }: { concurrency: number }) => connectShop(store, world.now(), concurrency),

  /** Changes how many of the connection's jobs may run at one time, all who share it together. */
  async widen({ concurrency }: { concurrency: number }) {
    const connection = aConnection(WAREHOUSE, 'wms', world.now(), { concurrency, ...UNLIMITED });
    await store.apply({ now: world.now(), guards: [], writes: [{ write: 'putConnection', connection }] });
  },

  async fill({ jobs }: { jobs: number }) {
    await enqueueOrders(store, orders, jobs, () => world.now());
    orders += jobs;
  },

  async process({ jobs }: { jobs: number }) {
    await enqueueOrders(store, orders, jobs, () => world.now());
    orders += jobs;
    return { jobsPerSecond: (jobs * 1000) / (await workThrough(store, jobs, { owner, ownership: 'shared' })) };
  },

  /** One job a unit, so many units in flight. */
  async enqueue({ jobs }: { jobs: number }) {
    const last = orders + jobs;
    const startedAt = performance.now();
    const lane = async (): Promise<void> => {
      while (orders < last)
        await put(store, anOrderJob(orders++, world.now(), { connection: 'elsewhere' }), world.now());
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    return { jobsPerSecond: (jobs * 1000) / (performance.now() - startedAt) };
  },

  /** Works on whatever there is, each job taking so long, until told to stop. */
  async help({ jobMs }: { jobMs: number }) {
    const handler: Handler = async () => {
      await new Promise((resolve) => setTimeout(resolve, jobMs));
      return { outcome: 'done', sentence: 'Done.' };
    };
    const worker = engineOn(store, { owner, ownership: 'shared', handler });
    await worker.start();
    helping = worker;
  },

  async stopHelping() {
    await helping?.stop();
    helping = null;
  },

  async left() {
    const counts = await store.countByState({ orgId: ORG, connectionIds: [WAREHOUSE] });
    return { left: counts.queued + counts.running + counts.retrying };
  },

  close: () => store.close(),
});
