/** The reference store: everything in maps, as plainly as it can be said. For tests, simulations and as the measure of other stores. */
import { LEASE_RAN_OUT, OWNER_RESTARTED } from '../domain/job-notes.js';
import type { Job } from '../domain/job.js';
import { claim, expireBlocked, extendLease, moveMatching, promoteDue, rescue, takeBack } from './memory/commands.js';
import { countDuplicate } from './memory/deliveries.js';
import { countByState, matches, pageOf } from './memory/filter.js';
import { holds } from './memory/guards.js';
import type { MemoryJob } from './memory/job-table.js';
import { prune } from './memory/prune.js';
import { readsOf } from './memory/reads.js';
import { Tables } from './memory/tables.js';
import { perform } from './memory/writes.js';
import type { Applied, JobFilter, Store, Unit, WriteResult } from './store.js';

export function memoryStore(): Store {
  const tables = new Tables();
  const matching = (filter: JobFilter): Job[] =>
    tables.jobs
      .all()
      .filter((job) => matches(tables, job, filter))
      .map(shown);
  return isolated({
    ...readsOf(tables),
    apply: async (unit) => whole(tables, () => apply(tables, unit)),
    claim: async (request) => whole(tables, () => claim(tables, request).map(shown)),
    promoteDue: async (now, limit) => whole(tables, () => promoteDue(tables, now, limit)),
    takeBackLapsed: async (now) =>
      whole(tables, () => takeBack(tables, now, LEASE_RAN_OUT, ({ leaseUntil }) => (leaseUntil ?? now) <= now)),
    takeBackAll: async (now) => whole(tables, () => takeBack(tables, now, OWNER_RESTARTED, () => true)),
    extendLease: async (jobId, fence, leaseUntil) => whole(tables, () => extendLease(tables, jobId, fence, leaseUntil)),
    expireBlocked: async (now, limit) => whole(tables, () => expireBlocked(tables, now, limit)),
    rescue: async (now, minAgeMs, maxAgeMs, limit) =>
      whole(tables, () => rescue(tables, now, minAgeMs, maxAgeMs, limit)),
    prune: async (now, retention, limit) => whole(tables, () => prune(tables, now, retention, limit)),
    moveMatching: async (filter, move, patch, who, now, limit) =>
      whole(tables, () => moveMatching(tables, { filter, move, patch, who, limit }, now)),
    countDuplicate: async (connectionId, dedupeKey) =>
      whole(tables, () => countDuplicate(tables, connectionId, dedupeKey)),
    job: async (id) => {
      const job = tables.jobs.get(id);
      return job === null ? null : shown(job);
    },
    jobs: async (filter, page) => {
      const found = matching(filter);
      return { rows: pageOf(found, page), total: found.length };
    },
    countByState: async (filter) => countByState(matching(filter)),
    close: async () => undefined,
  });
}

/** All of it or nothing. */
function whole<Result>(tables: Tables, change: () => Result): Result {
  try {
    const result = change();
    tables.undo.keep();
    return result;
  } catch (error) {
    tables.undo.rollBack();
    throw error;
  }
}

function apply(tables: Tables, { now, guards, writes }: Unit): Applied {
  const failed = guards.find((guard) => !holds(tables, guard, now));
  if (failed !== undefined) return { applied: false, failed };
  const results: WriteResult[] = [];
  for (const write of writes) {
    const written = perform(tables, write, now);
    if (written.kind === 'refused') {
      tables.undo.rollBack();
      return { applied: false, failed: written.failed };
    }
    results.push(written);
  }
  return { applied: true, results };
}

function shown({
  ready: _ready,
  owner: _owner,
  claimedAt: _claimedAt,
  firstDeadAt: _firstDeadAt,
  ...job
}: MemoryJob): Job {
  return job;
}

/** What goes in and out is copied, so that nobody holds a value the store still uses. */
function isolated(store: Store): Store {
  const copied = Object.entries(store).map(([name, command]: [string, (...values: unknown[]) => Promise<unknown>]) => [
    name,
    async (...values: unknown[]) => structuredClone(await command(...structuredClone(values))),
  ]);
  return Object.fromEntries(copied) as Store;
}
