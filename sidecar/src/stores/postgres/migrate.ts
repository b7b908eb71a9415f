/** Brings a schema to the state this program knows, each step in one transaction with its note that it was made. */
import type { Client } from 'pg';
import { MIGRATIONS } from './migrations/index.js';
import type { Migration } from './migrations/index.js';

/** Several sidecars may start at once: one migrates, the others wait for it and find it done. */
const LOCK = 7_211_890;

/**
 * @param client a session of its own, whose search_path is the schema.
 * @throws when a newer program has written the schema: reading it with older rules could lose what it means.
 */
export async function migrate(
  client: Client,
  schema: string,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  // The steps of a large database take their time; whoever waits for them does too.
  await client.query('SET statement_timeout = 0; SET lock_timeout = 0');
  await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK, schema]);
  try {
    await prepare(client, schema);
    const reached = await schemaVersion(client);
    const known = migrations.at(-1)?.version ?? 0;
    if (reached > known) throw new Error(writtenByNewer(schema, reached, known));
    for (const migration of migrations.filter(({ version }) => version > reached)) await step(client, migration, now);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [LOCK, schema]);
  }
}

export async function schemaVersion(client: Pick<Client, 'query'>): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0)::int AS version FROM migrations',
  );
  return rows[0]?.version ?? 0;
}

/** Asked first, because a role without the right to make schemas may well use one that is there. */
async function prepare(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rows.length === 0) await client.query(`CREATE SCHEMA ${client.escapeIdentifier(schema)}`);
  const table = await client.query<{ found: string | null }>("SELECT to_regclass('migrations') AS found");
  if (table.rows[0]?.found === null) {
    await client.query('CREATE TABLE migrations (version integer PRIMARY KEY, name text NOT NULL, at bigint NOT NULL)');
  }
}

async function step(client: Client, { version, name, sql }: Migration, now: number): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO migrations (version, name, at) VALUES ($1, $2, $3)', [version, name, now]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

function writtenByNewer(schema: string, reached: number, known: number): string {
  return (
    `The schema "${schema}" of the database was written by a newer Tallyman (its schema is ${reached}, this program knows ${known}). ` +
    'Install that version again, or restore a backup made before the update.'
  );
}
