/** Small pieces of SQL text. Column names are ours; values are always bound. */
import type { Database, RunResult, Statement } from 'better-sqlite3';

type Value = string | number | Buffer | null;

export function insertInto(table: string, columns: readonly string[]): string {
  const values = columns.map((column) => `@${column}`).join(', ');
  return `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) VALUES (${values})`;
}

/** Insert, or replace every column but the key's. */
export function upsertInto(table: string, key: readonly string[], columns: readonly string[]): string {
  return `${insertInto(table, columns)} ${onConflictReplace(key, columns)}`;
}

function onConflictReplace(key: readonly string[], columns: readonly string[]): string {
  const others = columns.filter((column) => !key.includes(column));
  const changes = others.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ');
  return `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changes}`;
}

/**
 * Binds by place, which costs a third less than by name.
 * @param onConflict e.g. `ON CONFLICT … DO NOTHING`.
 */
export function rowInsert<Row extends object>(
  db: Database,
  table: string,
  columns: readonly (keyof Row & string)[],
  onConflict = '',
): (row: Row) => RunResult {
  const places = columns.map(() => '?').join(', ');
  const into = `INSERT INTO ${table} (${columns.map(quoted).join(', ')})`;
  const insert = db.prepare<Value[]>(`${into} VALUES (${places}) ${onConflict}`);
  return (row) => insert.run(...columns.map((column) => row[column] as Value));
}

/** `upsertInto`, bound by place. */
export function rowUpsert<Row extends object>(
  db: Database,
  table: string,
  key: readonly (keyof Row & string)[],
  columns: readonly (keyof Row & string)[],
): (row: Row) => RunResult {
  return rowInsert(db, table, columns, onConflictReplace(key, columns));
}

/**
 * Writes the columns that differ and no others: SQLite takes out and puts back the entry of every index that holds a column
 * named in the statement, also when its value is the same.
 */
export function rowUpdate<Row extends { id: number }, Changing extends object>(
  db: Database,
  table: string,
  columns: readonly (keyof Row & keyof Changing & string)[],
): (before: Row, after: Changing) => void {
  if (columns.length > 32) throw new Error('A change is kept as the bits of one number.');
  const byChange = new Map<number, Statement<Value[]>>();
  function updating(change: number): Statement<Value[]> {
    const held = byChange.get(change);
    if (held !== undefined) return held;
    const set = columns.filter((_, at) => change & (1 << at)).map((column) => `${quoted(column)} = ?`);
    const statement = db.prepare<Value[]>(`UPDATE ${table} SET ${set.join(', ')} WHERE id = ?`);
    byChange.set(change, statement);
    return statement;
  }
  return (before, after) => {
    let change = 0;
    const values: Value[] = [];
    columns.forEach((column, at) => {
      if ((before[column] as Value) === (after[column] as Value)) return;
      change |= 1 << at;
      values.push(after[column] as Value);
    });
    if (change !== 0) updating(change).run(...values, before.id);
  };
}

const quoted = (column: string): string => `"${column}"`;

/** @returns what LIKE … ESCAPE '\\' finds anywhere in a text. */
export function containing(search: string): string {
  return `%${search.replace(/[\\%_]/g, '\\$&')}%`;
}

/**
 * A bound value in a statement with ORDER BY or an outer join. Beside those a bare `?` makes SQLite plan the statement anew at
 * each run, because the value might change the plan: 10 to 20 µs instead of 1. The sign changes nothing about the value.
 */
export const VALUE = '+?';

/** Heads that wait for their time: what the index jobs_due holds. */
export const WAITING = "head = 1 AND ready = 0 AND state IN ('queued', 'retrying')";

/** Not claimed, or dead: what the index jobs_coalesce holds, in the words it holds it by. */
export const MERGEABLE = "(state IN ('queued', 'retrying') OR state IN ('blocked', 'dead'))";

/** A table of each connection in an index and a last NULL, found by stepping from one to the next, however many rows each has. */
function connectionsIn(index: string, name: string, where: string): string {
  const next = (beyond: string) => `SELECT min(connection_id) FROM jobs INDEXED BY ${index} WHERE ${where}${beyond}`;
  return `${name} (id) AS (
    ${next('')}
    UNION ALL
    SELECT (${next(` AND connection_id > ${name}.id`)}) FROM ${name} WHERE ${name}.id IS NOT NULL)`;
}

/** Begins a statement: `waiting.id` is each connection with a head that waits for its time, and a last NULL. */
export const WAITING_CONNECTIONS = `WITH RECURSIVE ${connectionsIn('jobs_due', 'waiting', WAITING)}`;

/** What runs, a connection after the other: few rows, and none of those that wait are looked at. */
export const RUNNING = `(
  WITH RECURSIVE ${connectionsIn('jobs_by_state', 'known', 'true')}
  SELECT jobs.* FROM known CROSS JOIN jobs INDEXED BY jobs_by_state
  WHERE jobs.connection_id = known.id AND jobs.state = 'running')`;

/** Bytes of their own: a Buffer may be a window into memory that is used again. */
export function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

export function buffer(array: Uint8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}
