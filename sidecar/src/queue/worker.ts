/**
 * The loop: take back what lapsed, make ready what is due, claim what each connection may start, run it, rest until something
 * can have changed. One turn after the other; the jobs themselves run side by side.
 */
import { allowance } from '../domain/breaker.js';
import type { Connection } from '../domain/connection.js';
import type { Job } from '../domain/job.js';
import { KINDS } from '../domain/kinds.js';
import { callClass, ORDER_PRIORITY, type CallClass } from '../domain/token-bucket.js';
import { execute, type ExecutorDeps } from './executor.js';
import { limitsOf } from './limits.js';
import { Pace } from './pace.js';
import type { SettledAs } from './settle.js';

export interface WorkerOptions {
  /** Name in the claim, for people who look into the table. */
  owner: string;
  /** 'single': nobody else works on this store, so whatever is running at the start was left by a crash. */
  ownership: 'single' | 'shared';
  leaseMs?: number;
  /** Told after each settled run, e.g. so that a pull that found something is followed by another. */
  afterRun?: (job: Job, as: SettledAs) => void;
}

const LEASE_MS = 60_000;
const PROMOTED_AT_ONCE = 500;
/** Lapsed leases are looked for no more often than this, and no less often than IDLE_MS. */
const LAPSE_CHECK_MS = 1_000;
/** Longest rest: nothing in the store rings a bell when another process changed it. */
const IDLE_MS = 5_000;
const TROUBLE_REST_MS = 1_000;
/** One claim in this many starts with the earliest passed deadline, so that nothing starves. */
const DEADLINE_EVERY = 5;
const STOP_PATIENCE_MS = 5_000;
const ORDER_KINDS = Object.entries(KINDS).flatMap(([kind, { priority }]) => (priority <= ORDER_PRIORITY ? [kind] : []));

interface Running {
  connectionId: string;
  callClass: CallClass;
  done: Promise<void>;
}

interface Allowances {
  /** Most jobs to start now. */
  perConnection: Map<string, number>;
  /** Connections that are down: whatever starts there goes to see. */
  probing: Set<string>;
}

export class Worker {
  private readonly running = new Map<number, Running>();
  private readonly pace = new Pace();
  private readonly giveUp = new AbortController();
  private bell = new AbortController();
  private loop: Promise<void> | null = null;
  private state: 'new' | 'working' | 'stopping' = 'new';
  private turns = 0;
  private lapseCheckAt = 0;
  private lastTurn: number | null = null;

  constructor(
    private readonly deps: ExecutorDeps,
    private readonly options: WorkerOptions,
  ) {}

  async start(): Promise<void> {
    if (this.state !== 'new') throw new Error('A worker starts once.');
    this.state = 'working';
    const { store, world } = this.deps;
    if (this.options.ownership === 'single') {
      const taken = await store.takeBackAll(world.now());
      if (taken.length > 0) world.log('worker.took_back', { jobs: taken.length });
    }
    this.loop = this.work();
  }

  /** Something may have become runnable: look now. */
  nudge(): void {
    this.bell.abort();
  }

  /** Claims nothing more, lets running jobs end, then tells them to; what is left goes back to the queue at no cost. */
  async stop(patienceMs = STOP_PATIENCE_MS): Promise<void> {
    this.state = 'stopping';
    this.nudge();
    await this.loop;
    const callOff = this.deps.world.setTimer(patienceMs, () => this.giveUp.abort());
    while (this.running.size > 0) await Promise.all([...this.running.values()].map(({ done }) => done));
    callOff();
  }

  /** For health: when the loop last came round, and how many jobs are running. */
  get status(): { lastTurnAt: number | null; running: number } {
    return { lastTurnAt: this.lastTurn, running: this.running.size };
  }

  private async work(): Promise<void> {
    while (this.state === 'working') {
      this.bell = new AbortController();
      try {
        if ((await this.turn()) === 'quiet') await this.rest();
      } catch (error) {
        // The store is in trouble (disk full, busy): the queue stands still and says so, and goes on when it is back.
        this.deps.world.log('worker.trouble', { message: error instanceof Error ? error.message : String(error) });
        await this.deps.world.wait(TROUBLE_REST_MS, this.bell.signal);
      }
    }
  }

  private async turn(): Promise<'busy' | 'quiet'> {
    const { store, world } = this.deps;
    const now = world.now();
    this.lastTurn = now;
    await this.takeBackLapsed(now);
    const promoted = await store.promoteDue(now, PROMOTED_AT_ONCE);
    const connections = await this.lookAround();
    const { perConnection, probing } = await this.allowances(connections, now);
    if (perConnection.size === 0) return promoted === PROMOTED_AT_ONCE ? 'busy' : 'quiet';
    this.turns += 1;
    const order = this.turns % DEADLINE_EVERY === 0 ? 'deadline' : 'priority';
    const { owner, leaseMs = LEASE_MS } = this.options;
    const jobs = await store.claim({ now, owner, perConnection, leaseMs, order });
    await this.sendProbes(jobs, probing, now);
    for (const job of jobs) this.begin(job);
    this.pace.adjust(perConnection, jobs);
    return jobs.length > 0 || promoted === PROMOTED_AT_ONCE ? 'busy' : 'quiet';
  }

  private async takeBackLapsed(now: number): Promise<void> {
    if (now < this.lapseCheckAt) return;
    this.lapseCheckAt = now + LAPSE_CHECK_MS;
    const taken = await this.deps.store.takeBackLapsed(now);
    if (taken.length > 0) this.deps.world.log('worker.lapsed', { jobs: taken.length });
  }

  private async lookAround(): Promise<Connection[]> {
    const { store, standing, governor } = this.deps;
    const mark = standing.mark();
    const connections = await store.connections();
    standing.adopt(connections, mark);
    for (const connection of connections) governor.adopt(connection);
    return connections;
  }

  private async allowances(connections: readonly Connection[], now: number): Promise<Allowances> {
    const perConnection = new Map<string, number>();
    const probing = new Set<string>();
    for (const connection of connections) {
      // Asked here and not after the claim: a connection may go down in between, and those jobs are no probes.
      if (this.deps.standing.breaker(connection.id).state !== 'closed') probing.add(connection.id);
      const jobs = await this.mayStart(connection, now);
      if (jobs > 0) perConnection.set(connection.id, jobs);
    }
    return { perConnection, probing };
  }

  /** Paused or down: none. Else as many as concurrency and rate allow; orders may go where bulk work may not. */
  private async mayStart(connection: Connection, now: number): Promise<number> {
    const { standing, governor } = this.deps;
    const { id } = connection;
    if (standing.isPaused(id)) return 0;
    const mine = [...this.running.values()].filter(({ connectionId }) => connectionId === id);
    const breaker = standing.breaker(id);
    const free = Math.max(0, this.pace.of(id, limitsOf(connection).concurrency) - mine.length);
    if (breaker.state !== 'closed') return allowance(breaker, now, free);
    const tokens = governor.available(id, 'bulk');
    if (free > 0 && tokens > 0) return Math.min(free, tokens);
    const orders = mine.filter((running) => running.callClass === 'order').length;
    const lane = Math.min(Math.max(free, orders === 0 ? 1 : 0), governor.available(id, 'order'));
    return lane > 0 && (await this.anOrderWaits(id, now)) ? lane : 0;
  }

  private async anOrderWaits(connectionId: string, now: number): Promise<boolean> {
    const waiting = { connectionIds: [connectionId], kinds: ORDER_KINDS, states: ['queued', 'retrying'] as const };
    const { rows } = await this.deps.store.jobs(waiting, { limit: 1, offset: 0, sort: 'next' });
    return rows.some(({ runAt }) => runAt <= now);
  }

  /** While a connection is down one job goes to see; that it is on its way has to be known before the next turn. */
  private async sendProbes(jobs: readonly Job[], probing: ReadonlySet<string>, now: number): Promise<void> {
    const { store, standing } = this.deps;
    for (const { id, connectionId } of jobs) {
      if (!probing.has(connectionId)) continue;
      const breaker = standing.probe(connectionId, id, now);
      await store.apply({ now, guards: [], writes: [{ write: 'putBreaker', connectionId, breaker }] });
      standing.written(connectionId);
    }
  }

  private begin(job: Job): void {
    const { world } = this.deps;
    const done = execute(job, this.deps, this.giveUp.signal)
      .then((as) => this.options.afterRun?.(job, as))
      .catch((error: unknown) => {
        // Nothing could be written down: the lease ends and the job comes back by itself.
        world.log('job.unsettled', { jobId: job.id, message: error instanceof Error ? error.message : String(error) });
      })
      .finally(() => {
        this.running.delete(job.id);
        this.nudge();
      });
    this.running.set(job.id, { connectionId: job.connectionId, callClass: callClass(job), done });
  }

  private async rest(): Promise<void> {
    const { store, world } = this.deps;
    const now = world.now();
    const nextDueAt = await store.nextDueAt();
    // What was due before this turn and was not started waits for something else than time; that rings the bell.
    const dueInMs = nextDueAt !== null && nextDueAt > now ? nextDueAt - now : IDLE_MS;
    await world.wait(Math.min(dueInMs, this.tokensInMs(now), IDLE_MS), this.bell.signal);
  }

  private tokensInMs(now: number): number {
    const { governor } = this.deps;
    const waits = this.pace.connections().map((id) => governor.nextAt(id, 'bulk') - now);
    return Math.min(IDLE_MS, ...waits.filter((ms) => ms > 0));
  }
}
