/** A whole queue for a test: memory store, a clock that stands still, a worker, and handlers the test writes. */
import type { Connection } from '../../src/domain/connection.js';
import type { Job, NewJob } from '../../src/domain/job.js';
import type { StorePort, WarehousePort } from '../../src/platforms/platform.js';
import type { ExecutorDeps } from '../../src/queue/executor.js';
import { Governor } from '../../src/queue/governor.js';
import type { Handler, HandlerContext, Outcome } from '../../src/queue/handler.js';
import { createOperator, type By, type Operator } from '../../src/queue/operator.js';
import { Standing } from '../../src/queue/standing.js';
import { Worker, type WorkerOptions } from '../../src/queue/worker.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Store, Write } from '../../src/stores/store.js';
import { aConnection, aNewJob, aShop, aUnit } from '../build.js';
import { FakeWorld } from '../fake-world.js';

export interface Floor {
  world: FakeWorld;
  store: Store;
  deps: ExecutorDeps;
  worker: Worker;
  operator: Operator;
  /** Kinds and subjects in the order in which handlers began. */
  began: string[];
  /** Of the workers made by `anotherWorker`. */
  others: ExecutorDeps[];
  /** Another worker on the same store, as another process would be. */
  anotherWorker(options?: Partial<WorkerOptions>): Worker;
  write(...writes: Write[]): Promise<void>;
  add(job?: Partial<NewJob>): Promise<number>;
  job(id: number): Promise<Job>;
  connection(id: string): Promise<Connection>;
  sentencesOf(id: number): Promise<string[]>;
  by(reason?: string | null): By;
  /** Stops the worker, with as much time as it takes. */
  close(): Promise<void>;
}

export interface Given {
  handlers?: Record<string, Handler>;
  connections?: Connection[];
  warehouse?: Partial<WarehousePort>;
  shop?: Partial<StorePort>;
  /** 'shared': the workers of the floor are sidecars of several machines on one database. */
  ownership?: WorkerOptions['ownership'];
}

/** The warehouse works as fast as it is asked: tests about the limit say so. */
export const FAST = { ratePerMinute: 60_000, concurrency: 8 };

export async function aFloor(given: Given = {}): Promise<Floor> {
  const world = new FakeWorld();
  const store = memoryStore();
  const connections = given.connections ?? [aShop(), aConnection({ settings: FAST })];
  await store.apply(aUnit({ writes: connections.map((connection) => ({ write: 'putConnection', connection })) }));
  const began: string[] = [];
  const depsOfOne = (): ExecutorDeps => ({
    store,
    world,
    governor: new Governor(world, store, given.ownership),
    standing: new Standing(),
    handlers: watched(given.handlers ?? {}, began),
    adapters: {
      warehouse: () => (given.warehouse ?? {}) as WarehousePort,
      shop: () => (given.shop ?? {}) as StorePort,
    },
  });
  const deps = depsOfOne();
  const others: ExecutorDeps[] = [];
  const worker = new Worker(deps, { owner: 'one', ownership: given.ownership ?? 'single' });
  const floor: Floor = {
    world,
    store,
    deps,
    worker,
    operator: createOperator({ store, nudge: () => worker.nudge() }),
    began,
    others,
    anotherWorker: (options = {}) => {
      const own = depsOfOne();
      others.push(own);
      return new Worker(own, { owner: 'two', ownership: 'shared', ...options });
    },
    write: async (...writes) => {
      const answer = await store.apply({ now: world.now(), guards: [], writes });
      if (!answer.applied) throw new Error(`Refused: ${JSON.stringify(answer.failed)}`);
      worker.nudge();
    },
    add: async (job = {}) => {
      const answer = await store.apply({
        now: world.now(),
        guards: [],
        writes: [{ write: 'enqueue', job: aNewJob({ runAt: world.now(), ...job }), onDead: 'revive' }],
      });
      worker.nudge();
      const [first] = answer.applied ? answer.results : [];
      if (first?.kind !== 'enqueued') throw new Error('Not enqueued.');
      return first.jobId;
    },
    job: async (id) => found(await store.job(id)),
    connection: async (id) => found(await store.connection(id)),
    sentencesOf: async (id) => (await store.attempts(id)).map(({ outcome, sentence }) => `${outcome}: ${sentence}`),
    close: async () => {
      const stopped = worker.stop();
      await world.advance(20_000);
      await stopped;
    },
    by: (reason = 'Handled by phone') => ({ who: 'Anna (user 3)', reason, now: world.now() }),
  };
  return floor;
}

/** A handler that answers the same every time. */
export function always(outcome: Outcome): Handler {
  return async () => outcome;
}

export const done: Handler = always({ outcome: 'done', sentence: 'Done.' });

/** Makes one call to the warehouse. */
export const readsItsOrder: Handler = async ({ warehouse, connection, call }) => {
  await warehouse(connection).readOrder('1', call);
  return { outcome: 'done', sentence: 'Read.' };
};

/** Makes one call to the store. */
export const readsTheStore: Handler = async ({ shop, storeConnection, call }) => {
  await shop(storeConnection).readOrder(4711, call);
  return { outcome: 'done', sentence: 'Read.' };
};

/** Answers one after the other; the last one stays. */
export function inTurn(...handlers: Handler[]): Handler {
  let turn = 0;
  return (context) => {
    const handler = handlers[Math.min(turn, handlers.length - 1)];
    turn += 1;
    if (handler === undefined) throw new Error('No handler given.');
    return handler(context);
  };
}

export const throwing =
  (error: unknown): Handler =>
  async () => {
    throw error;
  };

/** Ends when the test says so. */
export function held(outcome: Outcome = { outcome: 'done', sentence: 'Done.' }): {
  handler: Handler;
  letGo(): void;
  context(): HandlerContext;
} {
  let release: () => void = () => undefined;
  let seen: HandlerContext | null = null;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    handler: async (context) => {
      seen = context;
      await gate;
      return outcome;
    },
    letGo: () => release(),
    context: () => found(seen),
  };
}

function watched(handlers: Record<string, Handler>, began: string[]): Record<string, Handler> {
  const entries = Object.entries(handlers).map(([kind, handler]): [string, Handler] => [
    kind,
    (context) => {
      began.push(`${kind} ${context.job.subject}`);
      return handler(context);
    },
  ]);
  return Object.fromEntries(entries);
}

function found<T>(value: T | null): T {
  if (value === null) throw new Error('Not found.');
  return value;
}
