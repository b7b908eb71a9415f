/** Moves an installation from its SQLite file to PostgreSQL: all of it or nothing, and the file is not used again. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Config } from '../config.js';
import { keyFilePath } from '../secrets/key-file.js';
import { moveIn, MOVING, NotEmpty, wasMade } from '../stores/postgres/move-in.js';
import type { Arrived, Leaving, MovingTable } from '../stores/postgres/move-in.js';
import { UnknownOutcome } from '../stores/postgres/trouble.js';
import type { Value } from '../stores/postgres/values.js';
import { lockFor, openDatabase } from '../stores/sqlite/database.js';
import { migrate } from '../stores/sqlite/migrate.js';
import { databaseFile } from './data-folder.js';
import { databaseName } from './database.js';
import { CommandFailure } from './local-access.js';
import { MOVED_TO, toMoved } from './moved.js';
import type { MovedTo } from './moved.js';

export interface MigrateStoreOptions {
  config: Pick<Config, 'dataDir' | 'databaseUrl' | 'secretKey'>;
  now(): number;
  newId?(): string;
  print?(line: string): void;
  /** For tests: a schema of its own. */
  schema?: string;
}

/** @returns the exit code. @throws CommandFailure with a sentence; then nothing was moved, unless it says so. */
export async function migrateStore({
  config,
  now,
  newId = randomUUID,
  print = (line) => void process.stdout.write(`${line}\n`),
  schema,
}: MigrateStoreOptions): Promise<number> {
  const { dataDir, databaseUrl } = config;
  if (databaseUrl === null)
    throw new CommandFailure('Where to? Give --to postgres://... or set TALLYMAN_DATABASE_URL.');
  const file = databaseFile(dataDir);
  if (!existsSync(file))
    throw new CommandFailure(`There is no database in ${dataDir}. Name its folder with TALLYMAN_DATA_DIR.`);
  const lock = lockFor(file);
  const db = openDatabase(file);
  try {
    migrate(db, now());
    const target = { url: databaseUrl, now: now(), ...(schema === undefined ? {} : { schema }) };
    const before = interrupted(db);
    const id = before?.id ?? newId();
    const move: MovedTo = { id, name: databaseName(config), state: 'moving', at: now() };
    if (before !== null && before.name !== move.name) await assertSamePlace(before, move, target);
    const arrived = await carry(db, move, before, target);
    mark(db, { ...move, state: 'moved' });
    for (const line of report(arrived, move, config)) print(line);
    return 0;
  } finally {
    db.close();
    lock.release();
  }
}

/** The move that was begun and goes on under its id, or null. @throws when it was made. */
function interrupted(db: Database): MovedTo | null {
  const text = db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(MOVED_TO);
  if (text === undefined) return null;
  const before = toMoved(text);
  if (before.state === 'moving') return before;
  throw new CommandFailure(`This database was moved to ${before.name} on ${dayOf(before)} already.`);
}

/** A place may be reached by several names; but two places must never both hold what was in the file. */
async function assertSamePlace(before: MovedTo, move: MovedTo, target: Target): Promise<void> {
  if (await wasMade({ ...target, moveId: before.id })) return;
  throw new CommandFailure(
    `Moving this database to ${before.name} was begun on ${dayOf(before)}, and only there it is known whether it was made. ` +
      `Name that database to finish; should it be gone for good, restore the backup made before the move.`,
  );
}

const dayOf = ({ at }: MovedTo): string => new Date(at).toISOString().slice(0, 10);

interface Target {
  url: string;
  now: number;
  schema?: string;
}

/**
 * Marked before anything is committed there: whatever happens then, the file is not started on a state that may be old.
 * @param before an earlier try: whether it was made is only known once the place has answered.
 */
async function carry(db: Database, move: MovedTo, before: MovedTo | null, target: Target): Promise<Arrived[] | null> {
  mark(db, move);
  try {
    return await moveIn({ ...target, moveId: move.id, leaving: leaving(db) });
  } catch (error) {
    if (error instanceof UnknownOutcome)
      throw new CommandFailure(`${error.message} Run "tallyman migrate-store" again: it finds out, and finishes.`);
    if (before === null || error instanceof NotEmpty)
      db.prepare<[string]>('DELETE FROM meta WHERE key = ?').run(MOVED_TO);
    if (error instanceof NotEmpty) throw new CommandFailure(`${move.name}: ${error.message}`);
    throw error;
  }
}

function mark(db: Database, move: MovedTo): void {
  db.prepare<[string, string]>('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(
    MOVED_TO,
    JSON.stringify(move),
  );
}

function leaving(db: Database): Leaving {
  const unknown = tablesOf(db).filter((table) => !Object.hasOwn(MOVING, table));
  if (unknown.length > 0) throw new Error(`No place for ${unknown.join(', ')}.`);
  return {
    columns: (table) => db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table),
    rows: (table, columns) => rowsOf(db, table, columns),
    lastId: (table) => lastIdOf(db, table),
  };
}

/** Attempts go on from the highest there is; jobs and activity never give an id twice, also not one of a row that is gone. */
function lastIdOf(db: Database, table: 'jobs' | 'attempts' | 'activity'): number {
  const last =
    table === 'attempts'
      ? db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM attempts').pluck().get()
      : db.prepare<[string], number>('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck().get(table);
  return last ?? 0;
}

function rowsOf(db: Database, table: MovingTable, columns: readonly string[]): Iterable<Value[]> {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const mine = table === 'meta' ? `WHERE key <> '${MOVED_TO}'` : '';
  const order = MOVING[table].join(', ');
  return db.prepare<[], Value[]>(`SELECT ${names} FROM ${table} ${mine} ORDER BY ${order}`).raw().iterate();
}

/** Without SQLite's own and without the note of its migrations, which are not PostgreSQL's. */
function tablesOf(db: Database): string[] {
  return db
    .prepare<[], string>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'migrations'",
    )
    .pluck()
    .all();
}

function report(
  arrived: readonly Arrived[] | null,
  { name }: MovedTo,
  config: MigrateStoreOptions['config'],
): string[] {
  const rows = arrived?.map(
    (one) =>
      `${one.table.padEnd(14)} ${String(one.rows).padStart(9)}  sha256 ${one.checksum.slice(0, 16)}  same on both sides`,
  ) ?? ['The move had been made before it was interrupted; it is finished now.'];
  return [
    ...rows,
    `All of it is in ${name} now. Start the sidecars with TALLYMAN_DATABASE_URL set, and with TALLYMAN_SECRET_KEY set to ${keyOf(config)}.`,
    `The file ${databaseFile(config.dataDir)} is kept, and refuses to be started again.`,
  ];
}

/** Without it the credentials do not open. Its value is never printed. */
function keyOf({ secretKey, dataDir }: MigrateStoreOptions['config']): string {
  return secretKey === null ? `the content of ${keyFilePath(dataDir)}` : 'the one in use now';
}
