/** The store in one PostgreSQL database that any number of sidecars share. */
import pg from 'pg';
import type { Store } from '../store.js';
import { accessReads } from './access.js';
import { alertReads } from './alerts.js';
import { UnitChange } from './apply.js';
import { batchReads } from './batches.js';
import { Claimed } from './claimed.js';
import { claimsOf } from './claims.js';
import { clockCommands } from './clock-commands.js';
import { Company } from './company.js';
import { connectionReads, credentialsReads } from './connections.js';
import { deliveryReads } from './deliveries.js';
import { factReads } from './facts.js';
import { jobReads } from './filter.js';
import { journalReads } from './journal.js';
import { mappingReads } from './mappings.js';
import { migrate, schemaVersion } from './migrate.js';
import { moveMatchingOf } from './move-matching.js';
import { News } from './news.js';
import { outboxReads } from './outbox.js';
import { peopleReads } from './people.js';
import { pruneOf } from './prune.js';
import { Reading } from './reading.js';
import { recordReads } from './records.js';
import { BY_INDEX, clientConfig, Session } from './session.js';
import type { Where } from './session.js';
import { sharedOf } from './shared.js';
import { statsOf } from './stats.js';
import { asTrouble } from './trouble.js';
import { Writer } from './writer.js';

export interface PostgresOptions {
  url: string;
  /** Dates the migrations. */
  now(): number;
  /** Of this process; shown in the server's list of sessions. */
  owner?: string;
  log?(event: string, fields: Readonly<Record<string, unknown>>): void;
  /** Everything lies in a schema of its own, so that the database may hold other things too. */
  schema?: string;
  /** Never goes back; bounds how long is waited for a server that is away. */
  elapsedMs?: () => number;
  /** How long a server that is away, or others who hold what is wanted, are waited for before whoever asked is told. */
  patienceMs?: number;
  /** Most connections for questions; three more are for changes, claims and news. */
  readers?: number;
}

export interface PostgresStore extends Store {
  /** How the database keeps what was committed, for `tallyman doctor`. */
  durability(): Promise<{ version: string; synchronousCommit: string; fsync: string; schema: number }>;
}

const SCHEMA = 'tallyman';
const READERS = 6;
const IDLE_MS = 30_000;
const PATIENCE_MS = 10_000;

/** @throws when the server cannot be reached, or a newer program has written the schema: the sentence says what to do. */
export async function openPostgresStore(options: PostgresOptions): Promise<PostgresStore> {
  const { url, now, owner, schema = SCHEMA, patienceMs = PATIENCE_MS } = options;
  if (!/^[a-z_][a-z0-9_]{0,50}$/.test(schema)) throw new Error(`"${schema}" cannot be the name of a schema.`);
  const where = {
    url,
    schema,
    applicationName: `tallyman${owner === undefined ? '' : ` ${owner}`}`.slice(0, 60),
    patienceMs,
  };
  return storeOn(where, await prepare(where, now()), options);
}

/** @returns a name for this writer that nobody else has. */
async function prepare(where: Where, now: number): Promise<string> {
  const client = new pg.Client({ ...clientConfig(where), query_timeout: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw asTrouble(error);
  }
  try {
    await migrate(client, where.schema, now);
    // Those who are gone for a day ask no more what became of their last commit.
    await client.query("DELETE FROM writers WHERE at < now() - interval '1 day'");
    const { rows } = await client.query<{ id: string }>('SELECT gen_random_uuid()::text AS id');
    return rows[0]?.id ?? '';
  } finally {
    await client.end();
  }
}

function storeOn(
  where: Where,
  writerId: string,
  { log, readers = READERS, elapsedMs = () => performance.now() }: PostgresOptions,
): PostgresStore {
  const pool = poolOf(where, readers, log);
  const reading = new Reading(pool, elapsedMs, where.patienceMs / 2);
  const { patienceMs } = where;
  const sessions = [new Session(clientConfig(where, BY_INDEX)), new Session(clientConfig(where, BY_INDEX))] as const;
  const news = new News(clientConfig(where), `${where.schema}_news`);
  const claimed = new Claimed();
  const writer = new Writer({
    session: sessions[0],
    company: new Company(where.schema, elapsedMs),
    claimed,
    elapsedMs,
    patienceMs,
    writerId,
    onReady: () => news.ring(),
  });
  const claims = claimsOf(sessions[1], claimed);
  const reads = readsOf(reading);
  return {
    ...reads,
    ...sharedOf(reading),
    ...clockCommands(writer, reading),
    apply: (unit) => writer.run(new UnitChange(unit)),
    claim: async (request) => {
      await writer.settled();
      return claims.claim(request);
    },
    promoteDue: async (now, limit) => {
      await writer.settled();
      const promoted = await claims.promoteDue(now, limit);
      if (promoted > 0) news.ring();
      return promoted;
    },
    extendLease: async (jobId, fence, leaseUntil) => {
      const sql = "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING 1";
      return (await reading.rows(sql, [jobId, fence, leaseUntil], 'extend_lease')).length === 1;
    },
    countDuplicate: async (connectionId, dedupeKey) => {
      const sql = 'UPDATE deliveries SET duplicates = duplicates + 1 WHERE connection_id = $1 AND dedupe_key = $2';
      await reading.rows(sql, [connectionId, dedupeKey], 'count_duplicate');
    },
    moveMatching: moveMatchingOf(writer, reading, reads.lastJobId),
    prune: pruneOf(reading),
    onNews: (listener) => news.onNews(listener),
    durability: () => durability(reading),
    close: async () => {
      await writer.close();
      await Promise.all([...sessions.map((session) => session.close()), news.close(), pool.end()]);
    },
  };
}

function readsOf(reading: Reading) {
  return {
    ...jobReads(reading),
    ...statsOf(reading),
    ...journalReads(reading),
    ...deliveryReads(reading),
    ...recordReads(reading),
    ...mappingReads(reading),
    ...peopleReads(reading),
    ...connectionReads(reading),
    ...credentialsReads(reading),
    ...outboxReads(reading),
    ...accessReads(reading),
    ...factReads(reading),
    ...alertReads(reading),
    ...batchReads(reading),
  };
}

function poolOf(where: Where, readers: number, log: PostgresOptions['log']): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(where), max: readers, idleTimeoutMillis: IDLE_MS });
  // The server may end an idle connection at any time; the pool makes another one when it is asked.
  pool.on('error', (error) => log?.('database.connection_lost', { code: (error as { code?: string }).code ?? null }));
  return pool;
}

async function durability(reading: Reading): ReturnType<PostgresStore['durability']> {
  const sql = `SELECT current_setting('server_version') AS version, current_setting('synchronous_commit') AS synchronous,
    current_setting('fsync') AS fsync`;
  const row = await reading.first<{ version: string; synchronous: string; fsync: string }>(sql);
  const schema = await schemaVersion({
    query: async (text: string) => ({ rows: await reading.rows(text) }),
  } as unknown as pg.Client);
  return { version: row?.version ?? '', synchronousCommit: row?.synchronous ?? '', fsync: row?.fsync ?? '', schema };
}
