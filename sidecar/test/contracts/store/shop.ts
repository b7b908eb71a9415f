/** Short words for what the tests do with a store. */
import type { Job, Move, NewJob } from '../../../src/domain/job.js';
import type {
  Applied,
  ClaimRequest,
  Guard,
  JobFilter,
  JobPatch,
  Store,
  Write,
  WriteResult,
} from '../../../src/stores/store.js';
import { MINUTE, newJob, NOON } from './builders.js';

export type OpenStore = () => Store;

export function shopOf(store: Store) {
  const shop = {
    store,

    async apply(writes: Write[], now = NOON, guards: Guard[] = []): Promise<Applied> {
      return store.apply({ now, guards, writes });
    },

    /** @throws when the unit is refused. */
    async write(writes: Write[], now = NOON): Promise<WriteResult[]> {
      const applied = await shop.apply(writes, now);
      if (!applied.applied) throw new Error(`Refused by ${applied.failed.guard}.`);
      return applied.results;
    },

    async enqueue(over: Partial<NewJob> = {}, now = NOON): Promise<number> {
      return (await shop.enqueued(over, now)).jobId;
    },

    async enqueued(over: Partial<NewJob> = {}, now = NOON, onDead: 'revive' | 'leave' = 'revive') {
      const [result] = await shop.write([{ write: 'enqueue', job: newJob(over), onDead }], now);
      if (result?.kind !== 'enqueued') throw new Error('Not enqueued.');
      return result;
    },

    async claim(over: Partial<ClaimRequest> & { most?: number } = {}): Promise<Job[]> {
      const { most = 100, ...request } = over;
      const perConnection = new Map([['warehouse', most]]);
      return store.claim({ now: NOON, owner: 'worker', perConnection, leaseMs: MINUTE, order: 'priority', ...request });
    },

    async claimIds(over: Partial<ClaimRequest> & { most?: number } = {}): Promise<number[]> {
      return (await shop.claim(over)).map(({ id }) => id);
    },

    async move(jobId: number, move: Move, patch: JobPatch = {}, now = NOON): Promise<Applied> {
      return shop.apply([{ write: 'moveJob', jobId, move, patch }], now);
    },

    /** Enqueues a job and brings it into a state on an ordinary way. */
    async jobIn(state: Job['state'], over: Partial<NewJob> = {}): Promise<number> {
      const id = await shop.enqueue(over);
      if (state === 'queued') return id;
      if (state === 'cancelled') {
        await shop.move(id, 'cancel', { settledBy: 'Anna' });
        return id;
      }
      const claimed = await shop.claimIds({ perConnection: new Map([[over.connectionId ?? 'warehouse', 1000]]) });
      for (const other of claimed) if (other !== id) await shop.move(other, 'postpone');
      if (state !== 'running')
        await shop.move(id, WAY[state], { blockedOn: 'article-mapped:7', blockedUntil: NOON + MINUTE });
      return id;
    },

    async job(id: number): Promise<Job> {
      const job = await store.job(id);
      if (job === null) throw new Error(`No job ${id}.`);
      return job;
    },

    async state(id: number): Promise<Job['state']> {
      return (await shop.job(id)).state;
    },

    async found(filter: JobFilter): Promise<number[]> {
      const { rows } = await store.jobs(filter, { limit: 100, offset: 0, sort: 'oldest' });
      return rows.map(({ id }) => id);
    },

    /** What the activity says was done to a job, oldest first. */
    async deeds(jobId: number): Promise<string[]> {
      return (await store.activity({ jobId }, 100)).map(({ what }) => what).reverse();
    },
  };
  return shop;
}

export type Shop = ReturnType<typeof shopOf>;

const WAY = { retrying: 'retry', blocked: 'block', dead: 'fail', done: 'succeed' } as const;
