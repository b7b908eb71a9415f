/** 'smart' ends wait for clients; we never do. */
export type PostgresEnd = 'fast' | 'immediate' | 'SIGKILL';

export interface PostgresOptions {
  /** Where the data folder is made; a new temporary one unless given. Must be readable by every user when run as root. */
  folder?: string;
  /** Of postgresql.conf, e.g. `{ max_connections: 20 }`. */
  settings?: Readonly<Record<string, string | number>>;
}

export interface Postgres {
  /** Of the database `postgres`, for a superuser without password. */
  readonly url: string;
  readonly port: number;
  /** Of the server now running; another one after a restart. */
  readonly pid: number;
  /** Makes an empty database and answers its address. */
  newDatabase(name: string): Promise<string>;
  /** Ends the server and leaves its data. 'immediate' and 'SIGKILL' are crashes: it recovers at the next start. */
  kill(how?: PostgresEnd): Promise<void>;
  /** Starts it again on its port and data, ending it first (by 'fast' unless said otherwise) when it runs. */
  restart(how?: PostgresEnd): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

export function hasPostgres(): boolean;
export function startPostgres(options?: PostgresOptions): Promise<Postgres>;
