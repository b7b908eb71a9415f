/** The store in one SQLite file: one process owns it, and what was applied survives power loss. */
import type { Database } from 'better-sqlite3';
import type { Applied, Store, Unit } from '../store.js';
import { claimsOf } from './claims.js';
import { clockCommands } from './clock-commands.js';
import { countOf } from './counts.js';
import { lockFor, openDatabase, readyForWork } from './database.js';
import { failureGroupsOf } from './failure-groups.js';
import { jobReads } from './filter.js';
import { GroupCommit } from './group-commit.js';
import { migrate, schemaVersion } from './migrate.js';
import { moveMatchingOf } from './move-matching.js';
import { partsOf } from './parts.js';
import type { Parts } from './parts.js';
import { pruneOf } from './prune.js';
import { askedIn, readTurnOn } from './read-turn.js';
import { slicesOf } from './slices.js';
import { soleOwner } from './sole-owner.js';
import { selectOn } from './statements.js';
import { statsOf } from './stats.js';
import { perform, Refused } from './unit.js';

export interface SqliteOptions {
  file: string;
  /** Dates the migrations. */
  now(): number;
  /** Never goes back; bounds how long one slice of a command keeps the event loop. */
  elapsedMs?: () => number;
}

export interface SqliteStore extends Store {
  /** How the file is kept, for `tallyman doctor`. */
  durability(): { journalMode: string; synchronous: number; schema: number };
  /** Online copy to a new file; work goes on meanwhile. */
  backup(file: string): Promise<void>;
}

/** @throws when another process owns the file, or a newer program has written it: the sentence says what to do. */
export function openSqliteStore({ file, now, elapsedMs = () => performance.now() }: SqliteOptions): SqliteStore {
  const lock = lockFor(file);
  let db: Database | null = null;
  try {
    db = openDatabase(file);
    migrate(db, now());
    readyForWork(db);
    return storeOn(db, elapsedMs, () => lock.release());
  } catch (error) {
    db?.close();
    lock.release();
    throw error;
  }
}

/** @param release lets go of whatever said that the file is ours. */
export function storeOn(db: Database, elapsedMs: () => number, release: () => void): SqliteStore {
  const select = selectOn(db);
  const parts = partsOf(db, select);
  const turn = readTurnOn(db);
  const commits = new GroupCommit(db, { undone: () => parts.jobs.forgetClaimed(), begins: () => turn.close() });
  const slices = slicesOf(commits, elapsedMs);
  const claims = claimsOf(db, parts.jobs);
  return {
    ...jobReads(db, select, countOf(select, elapsedMs)),
    ...statsOf(db, elapsedMs),
    ...askedIn(turn, partReads(parts)),
    // Nearly always remembered: nothing is asked.
    ...parts.connections.reads,
    ...clockCommands(db, parts, slices),
    ...soleOwner(),
    failureGroups: failureGroupsOf(select),
    apply: (unit) => apply(commits, parts, unit),
    claim: (request) => commits.run(() => claims.claim(request)),
    promoteDue: async (now, limit) => {
      let promoted = 0;
      for (const id of claims.dueConnections(now))
        promoted += await slices.count(limit, (most) => claims.promote(id, now, most));
      return promoted;
    },
    extendLease: (jobId, fence, leaseUntil) => commits.run(() => claims.extendLease(jobId, fence, leaseUntil)),
    countDuplicate: (connectionId, dedupeKey) =>
      commits.run(() => parts.deliveries.countDuplicate(connectionId, dedupeKey)),
    moveMatching: moveMatchingOf(db, parts, slices, select),
    prune: pruneOf(db, slices),
    durability: () => durability(db),
    backup: async (file) => void (await db.backup(file)),
    close: async () => {
      commits.close();
      db.close();
      release();
    },
  };
}

async function apply(commits: GroupCommit, parts: Parts, unit: Unit): Promise<Applied> {
  try {
    return await commits.run(() => perform(parts, unit));
  } catch (error) {
    if (error instanceof Refused) return { applied: false, failed: error.failed };
    throw error;
  }
}

function partReads(parts: Parts) {
  const { journal, deliveries, records, mappings, settlements, credentials, outbox, access } = parts;
  return {
    ...journal.reads,
    ...deliveries.reads,
    ...records.reads,
    ...mappings.reads,
    ...settlements.reads,
    ...credentials.reads,
    ...outbox.reads,
    ...access.reads,
    ...parts.batches.reads,
    ...parts.alerts.reads,
    hasFact: async (fact: string) => parts.facts.has(fact),
  };
}

function durability(db: Database): ReturnType<SqliteStore['durability']> {
  return {
    journalMode: String(db.pragma('journal_mode', { simple: true })),
    synchronous: Number(db.pragma('synchronous', { simple: true })),
    schema: schemaVersion(db),
  };
}
