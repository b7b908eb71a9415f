/**
 * Fills an empty schema with the rows of another store, in one transaction, and compares what arrived with what was sent
 * before it is committed. Ids are kept.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { toFailure } from './job-row.js';
import { migrate } from './migrate.js';
import { clientConfig } from './session.js';
import { asTrouble, endedSession, UnknownOutcome } from './trouble.js';
import { array, holdable } from './values.js';
import type { ColumnType, Value } from './values.js';

/** What moves in, with the columns its rows are put in order by. Leads, buckets and marks of commits are of the moment and stay behind. */
export const MOVING = {
  jobs: ['id'],
  attempts: ['job_id', 'id'],
  activity: ['id'],
  deliveries: ['id'],
  records: ['connection_id', 'type', 'remote_id'],
  mappings: ['connection_id', 'type', 'local_id'],
  facts: ['fact'],
  settlements: ['connection_id', 'subject'],
  overrides: ['connection_id', 'subject', 'field'],
  connections: ['id'],
  credentials: ['connection_id'],
  schedules: ['name', 'connection_id'],
  outbox_runs: ['connection_id', 'epoch'],
  outbox_seen: ['connection_id', 'epoch', 'sequence'],
  tokens: ['id'],
  pairing_codes: ['code_hash'],
  meta: ['key'],
  batches: ['id'],
  alerts: ['id'],
} as const satisfies Record<string, readonly string[]>;
export type MovingTable = keyof typeof MOVING;

/** The store that is left. Text is put in order byte by byte. */
export interface Leaving {
  columns(table: MovingTable): readonly string[];
  rows(table: MovingTable, columns: readonly string[]): Iterable<Value[]>;
  /** Highest id given in a series, also to rows that are gone. */
  lastId(table: 'jobs' | 'attempts' | 'activity'): number;
}

export interface Arrived {
  table: MovingTable;
  rows: number;
  /** sha256 of all rows, the same on both sides. */
  checksum: string;
}

export interface MoveInOptions {
  url: string;
  schema?: string;
  now: number;
  leaving: Leaving;
  /** Kept in the new store under `moved_from`: whoever is interrupted finds by it that the move was made. */
  moveId: string;
}

/** The schema holds something already. */
export class NotEmpty extends Error {}

const MOVED_FROM = 'moved_from';
const SCHEMA = 'tallyman';
const ROWS_AT_ONCE = 1_000;

/** @returns what arrived; null when this very move was made before. @throws NotEmpty, UnknownOutcome, or with nothing changed. */
export async function moveIn({ url, schema = SCHEMA, now, leaving, moveId }: MoveInOptions): Promise<Arrived[] | null> {
  const client = await connected(url, schema);
  try {
    await migrate(client, schema, now);
    await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0');
    if ((await movedFrom(client)) === moveId) return null;
    await client.query('BEGIN');
    // No sidecar may start on it meanwhile.
    await client.query(`LOCK TABLE ${Object.keys(MOVING).join(', ')} IN EXCLUSIVE MODE`);
    // An earlier try of this move may have been under way until now.
    if ((await movedFrom(client)) === moveId) return await leftAsItIs(client);
    await assertEmpty(client, schema);
    const arrived: Arrived[] = [];
    for (const table of tables()) arrived.push(await move(client, table, leaving));
    await continueIds(client, leaving);
    await client.query('INSERT INTO meta (key, value) VALUES ($1, $2)', [MOVED_FROM, moveId]);
    await commit(client);
    await client.query('ANALYZE').catch(() => undefined);
    return arrived;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @returns whether this very move was made there, on whatever way the place is reached. Changes nothing. */
export async function wasMade({
  url,
  schema = SCHEMA,
  moveId,
}: Pick<MoveInOptions, 'url' | 'schema' | 'moveId'>): Promise<boolean> {
  const client = await connected(url, schema);
  try {
    const { rows } = await client.query<{ found: string | null }>("SELECT to_regclass('meta') AS found");
    return rows[0]?.found !== null && (await movedFrom(client)) === moveId;
  } catch (error) {
    throw asTrouble(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function leftAsItIs(client: pg.Client): Promise<null> {
  await client.query('ROLLBACK');
  return null;
}

async function connected(url: string, schema: string): Promise<pg.Client> {
  const where = { url, schema, applicationName: 'tallyman migrate-store', patienceMs: 10_000 };
  const client = new pg.Client({ ...clientConfig(where), query_timeout: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw asTrouble(error);
  }
}

const tables = (): MovingTable[] => Object.keys(MOVING) as MovingTable[];

async function movedFrom(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ value: string }>('SELECT value FROM meta WHERE key = $1', [MOVED_FROM]);
  return rows[0]?.value ?? null;
}

async function assertEmpty(client: pg.Client, schema: string): Promise<void> {
  for (const table of tables()) {
    const { rows } = await client.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rows.length === 0) continue;
    throw new NotEmpty(
      `The schema "${schema}" there is not empty (there are ${table}), and what is in it must not be mixed with what would come. ` +
        `Name another database, or empty this one first: DROP SCHEMA ${schema} CASCADE.`,
    );
  }
}

async function move(client: pg.Client, table: MovingTable, leaving: Leaving): Promise<Arrived> {
  const types = await typesOf(client, table);
  const columns = leaving.columns(table);
  const unknown = columns.filter((column) => !types.has(column));
  if (unknown.length > 0) throw new Error(`${table}: no place for ${unknown.join(', ')}.`);
  const into = inserter(client, table, columns, types);
  const sent = sum();
  let waiting: Value[][] = [];
  for (const row of leaving.rows(table, columns)) {
    sent.add(row);
    waiting.push(row);
    if (waiting.length < ROWS_AT_ONCE) continue;
    await into(waiting);
    waiting = [];
  }
  if (waiting.length > 0) await into(waiting);
  const found = await readBack(client, table, columns);
  if (found.count !== sent.count || found.checksum() !== sent.checksum()) {
    throw new Error(`${table}: ${sent.count} rows were sent, and ${found.count} that are not the same arrived.`);
  }
  return { table, rows: sent.count, checksum: sent.checksum() };
}

async function typesOf(client: pg.Client, table: string): Promise<Map<string, ColumnType>> {
  const { rows } = await client.query<{ name: string; type: ColumnType }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

type Insert = (rows: readonly Value[][]) => Promise<unknown>;

function inserter(
  client: pg.Client,
  table: MovingTable,
  columns: readonly string[],
  types: Map<string, ColumnType>,
): Insert {
  const failure = table === 'jobs' ? columns.indexOf('last_failure') : -1;
  const names = failure === -1 ? columns : [...columns, 'failure_kind'];
  const arrays = names.map((column, index) => `$${index + 1}::${types.get(column) ?? 'text'}[]`);
  const text = `INSERT INTO ${table} (${names.map(quoted).join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})`;
  const valueOf = (row: readonly Value[], index: number): Value => {
    if (index === columns.length) return kindOf(row[failure] ?? null);
    const value = row[index] ?? null;
    return types.get(columns[index] ?? '') === 'boolean' ? value === 1 : value;
  };
  return (rows) =>
    client.query(
      text,
      names.map((_, index) => array(rows.map((row) => valueOf(row, index)))),
    );
}

/** Kept beside the failure here, because people look for it. */
function kindOf(failure: Value): string | null {
  return typeof failure === 'string' ? (toFailure(failure)?.kind ?? null) : null;
}

async function readBack(client: pg.Client, table: MovingTable, columns: readonly string[]): Promise<Sum> {
  const found = sum();
  const order = MOVING[table].map(quoted).join(', ');
  await client.query(
    `DECLARE moved NO SCROLL CURSOR FOR SELECT ${columns.map(quoted).join(', ')} FROM ${table} ORDER BY ${order}`,
  );
  for (;;) {
    const { rows } = await client.query<Value[]>({ text: `FETCH ${ROWS_AT_ONCE} FROM moved`, rowMode: 'array' });
    for (const row of rows) found.add(row);
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await client.query('CLOSE moved');
  return found;
}

interface Sum {
  readonly count: number;
  add(row: readonly Value[]): void;
  checksum(): string;
}

function sum(): Sum {
  const hash = createHash('sha256');
  let count = 0;
  let digest: string | null = null;
  return {
    get count() {
      return count;
    },
    add(row) {
      count += 1;
      hash.update(`${JSON.stringify(row.map(comparable))}\n`);
    },
    checksum: () => (digest ??= hash.digest('hex')),
  };
}

/** One form for what both sides say in their own way. */
function comparable(value: Value): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return holdable(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

/** Ids are never given twice, also not those of rows that are gone. */
async function continueIds(client: pg.Client, leaving: Leaving): Promise<void> {
  for (const table of ['jobs', 'attempts', 'activity'] as const) {
    const last = leaving.lastId(table);
    if (last > 0) await client.query(`SELECT setval(pg_get_serial_sequence($1, 'id'), $2)`, [table, last]);
  }
}

async function commit(client: pg.Client): Promise<void> {
  try {
    await client.query('COMMIT');
  } catch (error) {
    throw endedSession(error) ? new UnknownOutcome(error) : error;
  }
}

const quoted = (column: string): string => `"${column}"`;
