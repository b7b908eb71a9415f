/** Which database an installation has, opened and named. Its address holds a password: only host and name are ever said. */
import type { Client } from 'pg';
import type { Config } from '../config.js';
import type { World } from '../queue/world.js';
import type { Store } from '../stores/store.js';
import type { TimeTalk } from './database-clock.js';
import { databaseFile } from './data-folder.js';
import { assertNotMoved } from './moved.js';

type Place = Pick<Config, 'dataDir' | 'databaseUrl'>;

export const isShared = ({ databaseUrl }: Pick<Config, 'databaseUrl'>): boolean => databaseUrl !== null;

/** "the PostgreSQL database tallyman on db.example:5432" */
export function databaseName({ dataDir, databaseUrl }: Place): string {
  if (databaseUrl === null) return `the database ${databaseFile(dataDir)}`;
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const host = searchParams.get('host') ?? (decodeURIComponent(hostname) || 'this machine');
  return `the PostgreSQL database ${decodeURIComponent(pathname.slice(1))} on ${host}${port === '' ? '' : `:${port}`}`;
}

/** @param owner this process, as the server lists its sessions. */
export async function openStore(config: Place, world: Pick<World, 'now' | 'log'>, owner: string): Promise<Store> {
  const { dataDir, databaseUrl } = config;
  // Each engine loads a library of its own; an installation needs one of them.
  if (databaseUrl === null) {
    const { openSqliteStore } = await import('../stores/sqlite/store.js');
    const file = databaseFile(dataDir);
    const store = openSqliteStore({ file, now: () => world.now() });
    try {
      await assertNotMoved(store, file);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }
  const { openPostgresStore } = await import('../stores/postgres/store.js');
  try {
    const log = (event: string, fields: Readonly<Record<string, unknown>>) =>
      world.log(event, { code: typeof fields['code'] === 'string' ? fields['code'] : null });
    return await openPostgresStore({ url: databaseUrl, owner, now: () => world.now(), log });
  } catch (error) {
    throw unreachable(config, error);
  }
}

/** @throws with a sentence when the database cannot be reached. */
export async function timeTalk(config: Place): Promise<TimeTalk> {
  const client = await connected(config);
  return { ask: () => timeOf(client), end: () => client.end() };
}

/** What can be seen of a shared database without opening it as a store, which might bring an older schema up to date. */
export interface Glance {
  version: string;
  /** 0 when no sidecar has used it yet. */
  schema: number;
  /** Value under a key of the store's meta. */
  meta(key: string): Promise<string | null>;
}

export async function glanceAt<T>(config: Place, look: (glance: Glance) => Promise<T>): Promise<T> {
  const client = await connected(config);
  try {
    const { rows } = await client.query<{ version: string; used: boolean }>(
      `SELECT current_setting('server_version') AS version, to_regclass('tallyman.migrations') IS NOT NULL AS used`,
    );
    const [{ version, used } = { version: '', used: false }] = rows;
    return await look({
      version,
      schema: used ? await numberOf(client, 'SELECT coalesce(max(version), 0)::int AS n FROM tallyman.migrations') : 0,
      async meta(key) {
        if (!used) return null;
        const found = await client.query<{ value: string }>('SELECT value FROM tallyman.meta WHERE key = $1', [key]);
        return found.rows[0]?.value ?? null;
      },
    });
  } finally {
    await client.end();
  }
}

const PATIENCE = { connectionTimeoutMillis: 5_000, query_timeout: 5_000 } as const;

async function connected(config: Place): Promise<Client> {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: config.databaseUrl ?? '', ...PATIENCE });
  // An idle connection that breaks off says so here; the question after it fails by itself.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw unreachable(config, error);
  }
}

function timeOf(client: Client): Promise<number> {
  return numberOf(client, 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS n');
}

async function numberOf(client: Client, sql: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(sql);
  return rows[0]?.n ?? Number.NaN;
}

/** Whatever the driver says, without the password it was given. */
export function unreachable(config: Place, error: unknown): Error {
  const why = error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
  const password = decodeURIComponent(URL.parse(config.databaseUrl ?? '')?.password ?? '');
  const safe = password === '' ? why : why.replaceAll(password, '…');
  return new Error(`TALLYMAN_DATABASE_URL: ${databaseName(config)} cannot be opened (${safe}).`, { cause: error });
}
