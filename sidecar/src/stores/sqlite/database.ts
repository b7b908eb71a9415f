/** The database file, and the lock that says whose it is. */
import { closeSync, openSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';

const OWNER_ONLY = 0o600;
/** While the program starts; nothing else waits then. */
const BUSY_TIMEOUT_MS = 5000;
/** Later: the event loop stands still meanwhile, so whoever finds the file busy asks again by itself (group-commit.ts). */
const BUSY_TIMEOUT_AT_WORK_MS = 20;

export function openDatabase(file: string): Database {
  makePrivate(file);
  const db = new SqliteDatabase(file, { timeout: BUSY_TIMEOUT_MS });
  db.pragma('journal_mode = WAL');
  // In WAL mode the default only flushes at checkpoints: what was acknowledged since is lost with the power.
  db.pragma('synchronous = FULL');
  // A page that changes often is written to the main file once in four times as much work as by default.
  db.pragma('wal_autocheckpoint = 4000');
  // In KiB. Three times as much made nothing measurably faster: the system keeps the file's pages as well.
  db.pragma('cache_size = -5000');
  return db;
}

/** From here on the database answers at once. */
export function readyForWork(db: Database): void {
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_AT_WORK_MS}`);
}

/**
 * Holds `<file>.lock` until `release`, or until the process is gone: the system drops the lock even after a kill, so no
 * stale lock is ever left. A file of its own, because the database itself must stay readable for a backup.
 * @throws when another process (or another store of this one) holds it.
 */
export function lockFor(file: string): { release(): void } {
  const lockFile = `${file}.lock`;
  makePrivate(lockFile);
  const lock = new SqliteDatabase(lockFile, { timeout: 0 });
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new Error(
      `The database ${file} is already in use by another Tallyman. Stop that one first, or give this one a data folder of its own.`,
      { cause: error },
    );
  }
  return { release: () => void lock.close() };
}

export function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/** SQLite makes its side files with the rights of the main one. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', OWNER_ONLY));
}
