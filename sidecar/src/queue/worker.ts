/**
 * The loop: take back what lapsed, make ready what is due, claim what each connection may start, run it, rest until something
 * can have changed. One turn after the other; the jobs themselves run side by side.
 */
import { allowance } from '../domain/breaker.js';
import type { Connection } from '../domain/connection.js';
import type { Job } from '../domain/job.js';
import type { ClaimRequest, Guard, Write } from '../stores/store.js';
import { callClass, ORDER_PRIORITY, type CallClass } from '../domain/token-bucket.js';
import { execute, type ExecutorDeps } from './executor.js';
import { limitsOf } from './limits.js';
import { Pace } from './pace.js';
import type { SettledAs } from './settle.js';

export interface WorkerOptions {
  /** Name in the claim, of this process alone. */
  owner: string;
  /** 'single': nobody else works on this store, so whatever is running at the start was left by a crash. */
  ownership: 'single' | 'shared';
  leaseMs?: number;
  /** Told after each settled run, e.g. so that a pull that found something is followed by another. */
  afterRun?: (job: Job, as: SettledAs) => void;
}

const LEASE_MS = 60_000;
/** Of one connection in one turn: more of them could not start anyway before the next. */
const PROMOTED_AT_ONCE = 100;
/** What the process before sent in its last moment may still be on its way: a look-up made sooner would not find it. */
export const ORPHANED_CALLS_MS = 5_000;
/** Lapsed leases are looked for no more often than this, and no less often than IDLE_MS. */
const LAPSE_CHECK_MS = 1_000;
/** Longest rest. Where others share the store their news rings the bell, and may get lost. */
const IDLE_MS = { single: 5_000, shared: 1_500 } as const;
const TROUBLE_REST_MS = 1_000;
/** One claim in this many starts with the earliest passed deadline, so that nothing starves. */
const DEADLINE_EVERY = 5;
const STOP_PATIENCE_MS = 5_000;

interface Running {
  connectionId: string;
  callClass: CallClass;
  done: Promise<void>;
}

interface Allowances extends Required<Pick<ClaimRequest, 'mostRunning' | 'upToPriority'>> {
  /** Most jobs to start now. */
  perConnection: Map<string, number>;
  mostRunning: Map<string, number>;
  upToPriority: Map<string, number>;
  /** Connections that are down: whatever starts there goes to see. */
  probing: Set<string>;
  /** All there are, as they stood before the claim. */
  connections: Map<string, Connection>;
}

/** How many jobs a connection may start now; 'orders': only those that are the life of an order. */
interface Share {
  jobs: number;
  of: 'all' | 'orders';
}
const NONE: Share = { jobs: 0, of: 'all' };

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
  private muteNews: () => void = () => undefined;

  constructor(
    private readonly deps: ExecutorDeps,
    private readonly options: WorkerOptions,
  ) {}

  async start(): Promise<void> {
    if (this.state !== 'new') throw new Error('A worker starts once.');
    this.state = 'working';
    const { store, world } = this.deps;
    if (this.options.ownership === 'single') {
      const taken = await store.takeBackAll(world.now(), world.now() + ORPHANED_CALLS_MS);
      if (taken.length > 0) world.log('worker.took_back', { jobs: taken.length });
    }
    this.muteNews = store.onNews(() => this.nudge());
    this.loop = this.work();
  }

  /** Something may have become runnable: look now. */
  nudge(): void {
    // Asked first: each call of abort() makes an error with a stack, also when the bell has rung already.
    if (!this.bell.signal.aborted) this.bell.abort();
  }

  /** Claims nothing more, lets running jobs end, then tells them to; what is left goes back to the queue at no cost. */
  async stop(patienceMs = STOP_PATIENCE_MS): Promise<void> {
    this.state = 'stopping';
    this.muteNews();
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
    const [promoted, connections] = await Promise.all([store.promoteDue(now, PROMOTED_AT_ONCE), this.lookAround()]);
    const allowed = this.allowances(connections, now);
    if (allowed.perConnection.size === 0) return promoted >= PROMOTED_AT_ONCE ? 'busy' : 'quiet';
    const jobs = await this.claim(allowed, now);
    await this.beginAll(jobs, allowed, now);
    this.pace.adjust(allowed.perConnection, jobs);
    return jobs.length > 0 || promoted >= PROMOTED_AT_ONCE ? 'busy' : 'quiet';
  }

  private async claim({ perConnection, mostRunning, upToPriority }: Allowances, now: number): Promise<Job[]> {
    this.turns += 1;
    const { owner, ownership, leaseMs = LEASE_MS } = this.options;
    const order = this.turns % DEADLINE_EVERY === 0 ? 'deadline' : 'priority';
    const request: ClaimRequest = { now, owner, perConnection, leaseMs, order };
    return this.deps.store.claim({
      ...request,
      ...(upToPriority.size > 0 && { upToPriority }),
      // A single owner knows by itself what runs; counting it in the store would be paid at each claim.
      ...(ownership === 'shared' && { mostRunning }),
    });
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
    await governor.recall();
    return connections;
  }

  private allowances(connections: readonly Connection[], now: number): Allowances {
    const allowed: Allowances = {
      perConnection: new Map(),
      mostRunning: new Map(),
      upToPriority: new Map(),
      probing: new Set(),
      connections: new Map(connections.map((connection) => [connection.id, connection])),
    };
    for (const connection of connections) {
      const { id } = connection;
      // Asked here and not after the claim: a connection may go down in between, and those jobs are no probes.
      if (this.deps.standing.breaker(id).state !== 'closed') allowed.probing.add(id);
      const { jobs, of } = this.share(connection, now);
      if (jobs <= 0) continue;
      allowed.perConnection.set(id, jobs);
      // One place beyond the limit is for an order that finds all of them taken by bulk work.
      allowed.mostRunning.set(id, limitsOf(connection).concurrency + (of === 'orders' ? 1 : 0));
      if (of === 'orders') allowed.upToPriority.set(id, ORDER_PRIORITY);
    }
    return allowed;
  }

  /** Paused or down: none. Else as many as concurrency and rate allow; orders may go where bulk work may not. */
  private share(connection: Connection, now: number): Share {
    const { standing, governor } = this.deps;
    const { id } = connection;
    if (standing.isPaused(id)) return NONE;
    const mine = [...this.running.values()].filter(({ connectionId }) => connectionId === id);
    const breaker = standing.breaker(id);
    const free = Math.max(0, this.pace.of(id, limitsOf(connection).concurrency) - mine.length);
    if (breaker.state !== 'closed') return { jobs: allowance(breaker, now, free), of: 'all' };
    const tokens = governor.available(id, 'bulk');
    if (free > 0 && tokens > 0) return { jobs: Math.min(free, tokens), of: 'all' };
    const orders = mine.filter((running) => running.callClass === 'order').length;
    const lane = Math.max(free, orders === 0 ? 1 : 0);
    return { jobs: Math.min(lane, governor.available(id, 'order')), of: 'orders' };
  }

  /** While a connection is down one job goes to see; of several who would send it, the store lets one. */
  private async beginAll(jobs: readonly Job[], { probing, connections }: Allowances, now: number): Promise<void> {
    for (const job of jobs) if (!probing.has(job.connectionId)) this.begin(job, connections);
    for (const job of jobs)
      if (probing.has(job.connectionId) && (await this.isTheProbe(job, now))) this.begin(job, connections);
  }

  private async isTheProbe({ id: jobId, connectionId, fence }: Job, now: number): Promise<boolean> {
    const { store, standing } = this.deps;
    const before = standing.breaker(connectionId);
    const breaker = standing.probe(connectionId, jobId, now);
    try {
      const guards: Guard[] = [{ guard: 'breakerIs', connectionId, breaker: before }];
      const sent = await store.apply({ now, guards, writes: [{ write: 'putBreaker', connectionId, breaker }] });
      if (sent.applied) return true;
      const backAtNoCost: Write = { write: 'moveJob', jobId, move: 'postpone', patch: { runAt: now } };
      await store.apply({ now, guards: [{ guard: 'fence', jobId, fence }], writes: [backAtNoCost] });
      return false;
    } finally {
      standing.written(connectionId);
    }
  }

  private begin(job: Job, connections: Allowances['connections']): void {
    const { world } = this.deps;
    const done = execute(job, this.deps, this.giveUp.signal, connections)
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
    const longestMs = IDLE_MS[this.options.ownership];
    const nextDueAt = await store.nextDueAt();
    const now = world.now();
    // What was due before this turn and was not started waits for something else than time; that rings the bell.
    const dueInMs = nextDueAt !== null && nextDueAt > now ? nextDueAt - now : longestMs;
    await world.wait(Math.min(dueInMs, this.tokensInMs(now), longestMs), this.bell.signal);
  }

  private tokensInMs(now: number): number {
    const { governor } = this.deps;
    const moments = this.pace
      .connections()
      .flatMap((id) => [governor.nextAt(id, 'order'), governor.nextAt(id, 'bulk')]);
    return Math.min(...moments.filter((at) => at > now).map((at) => at - now));
  }
}
