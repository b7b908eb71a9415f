/** Where the sidecar keeps its work: a SQLite file in its data folder, or a PostgreSQL server of the run's own. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { startPostgres, type Postgres } from '../../../scripts/postgres.mjs';
import type { Store } from '../../src/stores/store.js';
import type { Clock } from './clock.js';
import { DIST, type SidecarProcess } from './sidecar-process.js';
import type { RunOptions } from './verdict.js';

export interface Engine {
  kind: RunOptions['store'];
  /** Settings that point a sidecar to it. */
  env: Readonly<Record<string, string>>;
  /** The store as the sidecar's own code opens it. With SQLite the sidecar has to be down. */
  open(sidecar: Pick<SidecarProcess, 'dataDir'>): Promise<Store>;
  /** The sidecars of a shared database go by its clock; to be called before they start. */
  keepTime(clock: Clock): Promise<void>;
  remove(): Promise<void>;
}

type OpenSqlite = (options: { file: string; now(): number }) => Store;

/** Nobody else may have it open. */
export async function openSqlite(dataDir: string, dist = DIST): Promise<Store> {
  const module = await compiled<{ openSqliteStore: OpenSqlite }>('stores/sqlite/store.js', dist);
  return module.openSqliteStore({ file: databaseFile(dataDir), now: Date.now });
}

/** Of a copy that makes other tables than the product: only the copy can read them. */
export function sqliteOf(dist: string): Engine {
  return { ...sqlite, open: ({ dataDir }) => openSqlite(dataDir, dist) };
}

const sqlite: Engine = {
  kind: 'sqlite',
  env: {},
  open: ({ dataDir }) => openSqlite(dataDir),
  keepTime: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

type OpenPostgres = (options: { url: string; now(): number }) => Promise<Store>;

export interface PostgresEngine extends Engine {
  kind: 'postgres';
  server: Postgres;
}

/** A server of the run's own. @param settings of postgresql.conf */
export async function postgresEngine(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<PostgresEngine> {
  const server = await startPostgres({ settings: { shared_buffers: '64MB', ...settings } });
  const url = await server.newDatabase('tallyman');
  return {
    kind: 'postgres',
    env: { TALLYMAN_DATABASE_URL: url },
    server,
    async open() {
      const module = await compiled<{ openPostgresStore: OpenPostgres }>('stores/postgres/store.js');
      return module.openPostgresStore({ url, now: Date.now });
    },
    keepTime: (clock) => makeFast(url, clock),
    remove: () => server.stop(),
  };
}

/** Whoever asks this database for the time is told the run's. */
async function makeFast(url: string, { speed, origin }: Clock): Promise<void> {
  if (speed === 1) return;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`
    CREATE SCHEMA fast;
    CREATE FUNCTION fast.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
      SELECT to_timestamp((${origin} + (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000 - ${origin}) * ${speed}) / 1000)
    $$;`);
  await client.query('ALTER DATABASE tallyman SET search_path = fast, pg_catalog, public');
  await client.end();
}

export async function engineFor(kind: RunOptions['store']): Promise<Engine> {
  return kind === 'sqlite' ? sqlite : postgresEngine();
}

export const databaseFile = (dataDir: string): string => join(dataDir, 'tallyman.sqlite');

/** A module of the compiled sidecar: where it can, it judges, and not the copy with something taken out. */
export async function compiled<Module>(file: string, dist = DIST): Promise<Module> {
  return (await import(pathToFileURL(join(dist, file)).href)) as Module;
}
