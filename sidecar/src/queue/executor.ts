/** Runs one claimed job from its row to its settlement: gather, run, name the end, settle. */
import type { Connection } from '../domain/connection.js';
import type { Failure } from '../domain/failure.js';
import type { Job } from '../domain/job.js';
import { redactText } from '../domain/redact.js';
import { PUT_BACK } from '../domain/sentences.js';
import { PlatformFailure } from '../platforms/failure.js';
import type { StorePort, WarehousePort } from '../platforms/platform.js';
import type { Store, Write } from '../stores/store.js';
import { GateClosed, guarded, plainFailure, type CallDeps } from './calls.js';
import { OWN_LIMIT } from './governor.js';
import { LostLease, type Handler, type HandlerContext, type Outcome } from './handler.js';
import { Run, type Ending } from './run.js';
import { settle, type End, type SettledAs } from './settle.js';
import type { World } from './world.js';

export interface ExecutorDeps extends CallDeps {
  store: Store;
  world: World;
  handlers: Readonly<Record<string, Handler>>;
  adapters: {
    warehouse(connection: Connection): WarehousePort;
    shop(connection: Connection): StorePort;
  };
}

/** After this many lapses in a row a job is taken for the one that brings the process down. */
const LAPSES_BLAMED = 3;

/**
 * @param stopping aborted when the service stops: the job is told to end and goes back at no cost.
 * @param connections as they were when the job was claimed; others are asked for.
 */
export async function execute(
  job: Job,
  deps: ExecutorDeps,
  stopping: AbortSignal,
  connections: Connections = new Map(),
): Promise<SettledAs> {
  const run = new Run(job, deps.store, deps.world);
  const running = runningUnder(stopping);
  running.add(run);
  if (stopping.aborted) run.end('stopping');
  try {
    const end = await Promise.race([
      toItsEnd(run, connections, deps),
      run.leftBehind.then((why) => leftBehind(why, deps.world.now())),
    ]);
    return await settle(run, end, deps);
  } finally {
    running.delete(run);
    run.close();
  }
}

type Connections = ReadonlyMap<string, Connection>;

const runs = new WeakMap<AbortSignal, Set<Run>>();

/** One listener for all: a signal looks through all it has whenever one comes or goes. */
function runningUnder(stopping: AbortSignal): Set<Run> {
  const known = runs.get(stopping);
  if (known !== undefined) return known;
  const running = new Set<Run>();
  runs.set(stopping, running);
  stopping.addEventListener('abort', () => running.forEach((run) => run.end('stopping')), { once: true });
  return running;
}

async function toItsEnd(run: Run, connections: Connections, deps: ExecutorDeps): Promise<End> {
  try {
    if (run.toldToEnd !== null) return putBack(deps.world.now());
    if (await lapsesTooOften(run.job, deps.store))
      return failed(unexpected('The job was interrupted three times in a row.'));
    const outcome = await perform(run, connections, deps);
    return outcome.outcome === 'failed' && run.toldToEnd === 'stopping'
      ? putBack(deps.world.now())
      : { end: 'outcome', outcome };
  } catch (error) {
    return endOfThrown(error, run, deps.world);
  }
}

async function perform(run: Run, connections: Connections, deps: ExecutorDeps): Promise<Outcome> {
  const { job } = run;
  const handler = Object.hasOwn(deps.handlers, job.kind) ? deps.handlers[job.kind] : undefined;
  if (handler === undefined)
    return { outcome: 'failed', failure: unexpected(`This version does not know jobs of kind ${job.kind}.`) };
  const find = async (id: string) => connections.get(id) ?? (await deps.store.connection(id));
  const connection = await find(job.connectionId);
  const storeConnection = connection === null ? null : await find(connection.storeId);
  if (connection === null || storeConnection === null) return { outcome: 'failed', failure: connectionGone() };
  return handler(contextFor(run, connection, storeConnection, deps));
}

function contextFor(run: Run, connection: Connection, storeConnection: Connection, deps: ExecutorDeps): HandlerContext {
  return {
    job: run.job,
    connection,
    storeConnection,
    reads: deps.store,
    get call() {
      return run.call;
    },
    warehouse: (target) => guarded(deps.adapters.warehouse(target), target, run, deps),
    shop: (target) => guarded(deps.adapters.shop(target), target, run, deps),
    now: () => deps.world.now(),
    newId: () => deps.world.newId(),
    checkpoint: (writes) => checkpoint(run, writes, deps),
  };
}

async function checkpoint(run: Run, writes: Write[], { store, world }: ExecutorDeps): Promise<void> {
  const { id, fence } = run.job;
  const answer = await store.apply({ now: world.now(), guards: [{ guard: 'fence', jobId: id, fence }], writes });
  if (answer.applied) return run.beat();
  if (answer.failed.guard === 'fence') throw new LostLease(id);
  throw new PlatformFailure({
    kind: 'conflict',
    code: answer.failed.guard,
    summary: `What the job wanted to record contradicts what is already recorded (${answer.failed.guard}).`,
  });
}

function endOfThrown(error: unknown, run: Run, world: World): End {
  if (error instanceof LostLease) return { end: 'lost' };
  if (run.toldToEnd === 'stopping') return putBack(world.now());
  if (error instanceof GateClosed) return { end: 'postponed', runAt: error.until, sentence: error.sentence };
  // Told to end while it waited for its turn to call: that is no wish of the remote, and must not be free of charge for ever.
  if (run.toldToEnd === 'lease' && error instanceof PlatformFailure && error.code === OWN_LIMIT) return tookTooLong();
  if (error instanceof PlatformFailure) return failed(plainFailure(error));
  const message = redactText(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  const stack = error instanceof Error && error.stack !== undefined ? redactText(error.stack, 2_000) : null;
  world.log('job.bug', { jobId: run.job.id, kind: run.job.kind, traceId: run.job.traceId, message, stack });
  return failed({ ...unexpected('Something unexpected happened inside Tallyman.'), excerpt: message });
}

function leftBehind(why: Ending, now: number): End {
  if (why === 'stopping') return putBack(now);
  return tookTooLong();
}

function tookTooLong(): End {
  return failed(unexpected('The job did not end within its time.'));
}

/** Also a job that takes the process down with it has to come to an end some day; its attempts were never counted. */
async function lapsesTooOften(job: Job, store: Store): Promise<boolean> {
  if (job.fence - job.attempts <= LAPSES_BLAMED) return false;
  const latest = (await store.attempts(job.id)).sort((a, b) => b.id - a.id).slice(0, LAPSES_BLAMED);
  return latest.length === LAPSES_BLAMED && latest.every(({ outcome }) => outcome === 'lapsed');
}

function putBack(now: number): End {
  return { end: 'postponed', runAt: now, sentence: PUT_BACK };
}

function failed(failure: Failure): End {
  return { end: 'outcome', outcome: { outcome: 'failed', failure } };
}

function unexpected(summary: string): Failure {
  return { kind: 'unexpected', status: null, code: null, summary, retryAfterSeconds: null, excerpt: null };
}

function connectionGone(): Failure {
  return { ...unexpected('The connection this job belongs to no longer exists.'), kind: 'rejected' };
}
