/** What the HTTP side is handed by main.ts: it makes no clock, id, chance, store or adapter itself. */
import type { Connection } from '../domain/connection.js';
import type {
  CallContext,
  CredentialsPort,
  StorePort,
  WarehousePlatform,
  WarehousePort,
} from '../platforms/platform.js';
import type { ReadOrder } from '../queue/accept-batch.js';
import type { RateNow } from '../queue/meter.js';
import type { Operator } from '../queue/operator.js';
import type { Store, Write } from '../stores/store.js';
import type { FastifyBaseLogger } from 'fastify';
import type { InTurn } from './in-turn.js';
import type { MetricsDoor } from './metrics.js';

export interface HttpWorld {
  version: string;
  /** Where the warehouse reaches us, without trailing slash; null when it is polled. */
  publicUrl: string | null;
  store: Store;
  now(): number;
  newId(): string;
  chance(bytes: number): Uint8Array;
  logger: FastifyBaseLogger;
  vault: Secrets;
  /** Translates the store's JSON of one order. */
  readOrder: ReadOrder;
  warehouses: readonly WarehousePlatform[];
  adapters: {
    warehouse(connection: Connection): WarehousePort;
    shop(connection: Connection): StorePort;
  };
  operator: Operator;
  schedules: Schedules;
  /** Something became ready: the worker need not wait for its next look. */
  nudge(): void;
  /** A store has just handed something over: more may follow. */
  noteActivity(connectionId: string): void;
  /** Sentences that say why work does not go on; empty when it does. */
  notReady(): string[];
  /** How fast a connection is driven at present. */
  rate(connectionId: string): RateNow;
  /** Without it there is no /metrics. */
  metrics?: MetricsDoor;
  /** Given where others share the store: then turns are taken with them as well. */
  inTurn?: InTurn;
  /** Given where others share the store. @returns whether nobody who shares it has seen this key within the last 10 minutes. */
  isFirst?(key: string): Promise<boolean>;
}

export interface Secrets {
  seal(connectionId: string, values: Readonly<Record<string, string>>): { sealed: Uint8Array; keyId: string };
  read(connectionId: string): ReturnType<CredentialsPort['read']>;
}

export interface Schedules {
  /** The schedules a connection has from its start. */
  writesFor(connection: Connection, now: number): Write[];
  /** "Look for changed orders in the store" */
  label(name: string): string;
  /** What running it now means: its job, queued. @returns null for a schedule that is unknown. */
  runNow(name: string, connection: Connection, who: string, now: number): Write | null;
}

/** For the few calls a person waits for: bounded by time, fenced by nothing. */
export function directCall(world: Pick<HttpWorld, 'newId'>, timeoutMs: number): CallContext {
  return { signal: AbortSignal.timeout(timeoutMs), mayStillSend: async () => true, traceId: world.newId() };
}
