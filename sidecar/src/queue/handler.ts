/** What a handler is given and what it may answer. One file a job kind stands in handlers/; index.ts is the exhaustive table. */
import type { Connection } from '../domain/connection.js';
import type { Failure } from '../domain/failure.js';
import type { Job } from '../domain/job.js';
import type { CallContext, StorePort, WarehousePort } from '../platforms/platform.js';
import type { Store, Write } from '../stores/store.js';

/** The store without its power to change: handlers return writes, the executor applies them under the fence. */
export type StoreReads = Pick<
  Store,
  | 'record'
  | 'records'
  | 'mapping'
  | 'mappingByRemote'
  | 'mappings'
  | 'hasFact'
  | 'settlement'
  | 'overrides'
  | 'connection'
  | 'connections'
  | 'deliveries'
  | 'outboxStream'
  | 'outboxUuid'
  | 'meta'
  | 'jobs'
>;

export interface HandlerContext {
  job: Job;
  connection: Connection;
  /** The WooCommerce connection it serves. */
  storeConnection: Connection;
  reads: StoreReads;
  call: CallContext;
  /** Adapter of a connection; the token bucket and the fence are asked before each call it makes. */
  warehouse(connection: Connection): WarehousePort;
  shop(connection: Connection): StorePort;
  now(): number;
  newId(): string;
  /** Makes something durable before the handler goes on, e.g. "about to create". @throws LostLease when the fence is gone. */
  checkpoint(writes: Write[]): Promise<void>;
}

export type Outcome =
  | { outcome: 'done'; sentence: string; writes?: Write[] }
  /** Nothing had to be done; the reason is shown. */
  | { outcome: 'skip'; sentence: string; writes?: Write[] }
  /** A fact is missing: waits on it, blocking nobody. */
  | { outcome: 'wait'; fact: string; sentence: string; writes?: Write[] }
  | { outcome: 'failed'; failure: Failure; writes?: Write[] };

export type Handler = (context: HandlerContext) => Promise<Outcome>;

export class LostLease extends Error {
  constructor(jobId: number) {
    super(`Job ${jobId} is no longer ours.`);
    this.name = 'LostLease';
  }
}
