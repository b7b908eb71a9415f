/** As much of the other queues as the bench uses: they are installed by the bench alone, and the types are checked without them. */

declare module 'bullmq' {
  interface Connecting {
    connection: { host: string; port: number; maxRetriesPerRequest: null };
  }
  export class Queue {
    constructor(name: string, options: Connecting & { defaultJobOptions: { removeOnComplete: boolean } });
    waitUntilReady(): Promise<unknown>;
    addBulk(jobs: { name: string; data: unknown }[]): Promise<unknown>;
  }
  export class Worker {
    constructor(
      name: string,
      work: () => Promise<unknown>,
      options: Connecting & { concurrency: number; autorun: boolean },
    );
    waitUntilReady(): Promise<unknown>;
    on(event: 'completed', heard: () => void): this;
    run(): Promise<void>;
    close(): Promise<void>;
  }
}

declare module 'graphile-worker' {
  export class Logger {
    constructor(factory: () => () => void);
  }
  interface Client {
    query<Row>(text: string): Promise<{ rows: Row[] }>;
  }
  interface Utils {
    migrate(): Promise<void>;
    withPgClient<Result>(use: (client: Client) => Promise<Result>): Promise<Result>;
    addJob(identifier: string, payload: unknown): Promise<unknown>;
    addJobs(jobs: { identifier: string; payload: unknown }[]): Promise<unknown>;
  }
  export interface RunnerOptions {
    connectionString: string;
    logger: Logger;
    noHandleSignals: boolean;
    taskList: Record<string, () => Promise<void>>;
    preset: { worker: Record<string, unknown> };
  }
  export function makeWorkerUtils(options: { connectionString: string; logger: Logger }): Promise<Utils>;
  export function run(
    options: Omit<RunnerOptions, 'preset'> & Partial<RunnerOptions>,
  ): Promise<{ stop(): Promise<void> }>;
}

declare module 'pg-boss' {
  export default class PgBoss {
    constructor(options: { connectionString: string; supervise: boolean; schedule: boolean });
    on(event: 'error', heard: (error: Error) => void): this;
    start(): Promise<unknown>;
    createQueue(name: string): Promise<void>;
    insert(jobs: { name: string; data: object }[]): Promise<unknown>;
    fetch(name: string, options: { batchSize: number }): Promise<{ id: string }[]>;
    complete(name: string, ids: string[]): Promise<unknown>;
  }
}
