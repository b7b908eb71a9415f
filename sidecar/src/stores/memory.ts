/** The reference store: everything in maps, as plainly as it can be said. For tests, simulations and as the measure of other stores. */
import { LEASE_RAN_OUT, OWNER_RESTARTED } from '../domain/job-notes.js';
import type { Job } from '../domain/job.js';
import { claim, expireBlocked, extendLease, moveMatching, promoteDue, rescue, takeBack } from './memory/commands.js';
import { countDuplicate } from './memory/deliveries.js';
import { failureGroups } from './memory/failure-groups.js';
import { countByState, matches, pageOf } from './memory/filter.js';
import { holds } from './memory/guards.js';
import type { MemoryJob } from './memory/job-table.js';
import { prune } from './memory/prune.js';
import { readsOf } from './memory/reads.js';
import { closeCalls, lead, resign, takeCalls } from './memory/shared.js';
import { Tables } from './memory/tables.js';
import { perform } from './memory/writes.js';
import type { Applied, JobFilter, Store, Unit, WriteResult } from './store.js';

/** @param copy of everything that goes in and out. */
export function memoryStore(copy: <Value>(value: Value) => Value = structuredClone): Store {
  const tables = new Tables();
  const matching = (filter: JobFilter): Job[] =>
    tables.jobs
      .all()
      .filter((job) => matches(tables, job, filter))
      .map(shown);
  const store: Store = {
    ...readsOf(tables),
    apply: async (unit) => whole(tables, () => apply(tables, unit)),
    claim: async (request) => whole(tables, () => claim(tables, request).map(shown)),
    promoteDue: async (now, limit) => whole(tables, () => promoteDue(tables, now, limit)),
    takeBackLapsed: async (now) =>
      whole(tables, () => takeBack(tables, now, LEASE_RAN_OUT, ({ leaseUntil }) => (leaseUntil ?? now) <= now)),
    takeBackAll: async (now, againAt = now) =>
      whole(tables, () => takeBack(tables, now, OWNER_RESTARTED, () => true, againAt)),
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
    failureGroups: async (filter, limit) => failureGroups(matching(filter), limit),
    lead: async (role, owner, now, forMs) => whole(tables, () => lead(tables, role, owner, now, forMs)),
    resign: async (role, owner) => whole(tables, () => resign(tables, role, owner)),
    takeCalls: async (request) => whole(tables, () => takeCalls(tables, request)),
    closeCalls: async (connectionId, spec, until) => whole(tables, () => closeCalls(tables, connectionId, spec, until)),
    // Nobody but this process makes anything runnable here.
    onNews: () => () => undefined,
    close: async () => undefined,
  };
  return { ...isolated(store, copy), onNews: store.onNews };
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
function isolated(store: Store, copy: <Value>(value: Value) => Value): Store {
  const copied = Object.entries(store).map(([name, command]: [string, (...values: unknown[]) => Promise<unknown>]) => [
    name,
    async (...values: unknown[]) => copy(await command(...copy(values))),
  ]);
  return Object.fromEntries(copied) as Store;
}
