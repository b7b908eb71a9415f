/** Connections to the server: how they are made, and one that is kept and made again when it is lost. */
import type { Socket } from 'node:net';
import pg from 'pg';
import type { ClientConfig } from 'pg';
import type { single } from './values.js';

export interface Where {
  url: string;
  schema: string;
  /** Shown by the server in the list of its sessions. */
  applicationName: string;
  /** How long a server that is away, or others who hold what is wanted, are waited for. */
  patienceMs: number;
}

/** Prepared once a connection under its name; the text of a name never changes. */
export interface Statement {
  name: string;
  text: string;
  values: readonly ReturnType<typeof single>[];
}

const STATEMENT_MS = 20_000;
/** The server ends what takes too long; this is for a server that has gone without a word. */
const SILENCE_MS = 25_000;

const INT8 = 20;

/** Ids and times come as numbers: both stay far below 2^53. On these connections only: `pg` may serve others in the process. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number): ((text: string) => unknown) =>
    oid === INT8 ? Number : (pg.types.getTypeParser(oid, 'text') as (text: string) => unknown),
};

/** Plans of the queue's own statements are fixed: right after many rows came, statistics say that the table is empty. */
export const BY_INDEX = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
} as const;

export function clientConfig(where: Where, settings: Readonly<Record<string, string>> = {}): ClientConfig {
  const all = {
    search_path: where.schema,
    jit: 'off',
    TimeZone: 'UTC',
    client_min_messages: 'warning',
    lock_timeout: Math.ceil(where.patienceMs / 2),
    // A process that stands still in the middle of a transaction must not hold its locks for the others.
    idle_in_transaction_session_timeout: Math.ceil(where.patienceMs / 2),
    ...settings,
  };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${String(value)}`);
  return {
    connectionString: where.url,
    options: options.join(' '),
    application_name: where.applicationName,
    connectionTimeoutMillis: Math.ceil(where.patienceMs / 2),
    statement_timeout: STATEMENT_MS,
    query_timeout: SILENCE_MS,
    keepAlive: true,
    types: TYPES,
  };
}

/** One connection, made when it is first needed and again after it was lost. Statements sent to it do not wait for each other's answers. */
export class Session {
  private current: Promise<pg.Client> | null = null;

  constructor(private readonly config: ClientConfig) {}

  /** @throws when the server cannot be reached in time. */
  client(): Promise<pg.Client> {
    this.current ??= this.connect();
    return this.current;
  }

  /** Whatever goes on there is given up. @returns once the socket is closed. */
  drop(): void {
    const dropped = this.current;
    this.current = null;
    void dropped?.then(
      (client) => client.end().catch(() => undefined),
      () => undefined,
    );
  }

  async close(): Promise<void> {
    const client = await this.current?.catch(() => null);
    this.current = null;
    await client?.end();
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.config, pipeline: true });
    // An idle connection may be ended by the server at any time; without a listener that would end the process.
    client.on('error', () => this.forget(client));
    client.on('end', () => this.forget(client));
    try {
      await client.connect();
      return client;
    } catch (error) {
      this.current = null;
      throw error;
    }
  }

  private forget(client: pg.Client): void {
    void this.current?.then(
      (current) => {
        if (current === client) this.current = null;
      },
      () => undefined,
    );
  }
}

/** What is sent meanwhile leaves in one packet: each of its own costs a turn of both processes. The types do not name the socket. */
function together<Sent>(client: pg.Client, sendThem: () => Sent): Sent {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.cork();
  try {
    return sendThem();
  } finally {
    stream.uncork();
  }
}

function send(client: pg.Client, { name, text, values }: Statement): Promise<unknown> {
  return client.query(values.length === 0 ? { text } : { name, text, values: values as unknown[] });
}

export interface Rows {
  rows: Record<string, unknown>[];
  rowCount: number | null;
  command: string;
}

/**
 * Sends all at once and waits for all.
 * @throws the first error; those behind it only say that the transaction was aborted.
 */
export async function sendAll(client: pg.Client, statements: readonly Statement[]): Promise<Rows[]> {
  const answers = await Promise.allSettled(
    together(client, () => statements.map((statement) => send(client, statement))),
  );
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value as Rows;
  });
}
