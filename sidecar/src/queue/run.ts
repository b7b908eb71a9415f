/** One job while it runs: its lease, the signal that ends it, and what its calls learned about the connections. */
import { callClass, type CallClass } from '../domain/token-bucket.js';
import type { Failure } from '../domain/failure.js';
import type { Job } from '../domain/job.js';
import { kindSpec } from '../domain/kinds.js';
import type { CallContext } from '../platforms/platform.js';
import type { Store } from '../stores/store.js';
import { LostLease } from './handler.js';
import type { World } from './world.js';

/** Calls are cut off this long before the lease ends, so that nothing is sent under a lease that is no longer ours. */
export const ABORT_BEFORE_LEASE_END_MS = 5_000;
/** A handler that does not end when told is left behind after this long; the rest of the lease is for writing that down. */
const PATIENCE_MS = 3_000;
/** However lively a run is, after this many leases it is taken for one that goes round in circles. */
const MOST_LEASES = 10;

/** What one connection last said to this run. */
export type Contact = 'answered' | Failure;
export type Ending = 'lease' | 'stopping';
const WHY = { lease: 'The lease ends.', stopping: 'The service is stopping.' } as const satisfies Record<
  Ending,
  string
>;

export class Run {
  readonly startedAt: number;
  readonly callClass: CallClass;
  /** By connection id, in the order of the last word. */
  readonly contacts = new Map<string, Contact>();
  private abandon: (why: Ending) => void = () => undefined;
  /** Settles when the handler has been told to end and did not. */
  readonly leftBehind = new Promise<Ending>((resolve) => {
    this.abandon = resolve;
  });
  private leaseUntil: number;
  /** Made when the handler first asks for it: most jobs that only look into the store never do, and it costs more than their work. */
  private asked: { abort: AbortController; call: CallContext } | null = null;
  private isOver = false;
  private callOff: () => void = () => undefined;
  private ending: Ending | null = null;

  constructor(
    readonly job: Job,
    private readonly store: Pick<Store, 'job' | 'extendLease'>,
    private readonly world: World,
  ) {
    this.startedAt = world.now();
    this.callClass = callClass(job);
    this.leaseUntil = job.leaseUntil ?? this.startedAt + kindSpec(job.kind).leaseMs;
    this.watchLease();
  }

  get call(): CallContext {
    this.asked ??= this.ask();
    if (this.ending !== null) this.cutOff(WHY[this.ending]);
    if (this.isOver) this.cutOff('The job has ended.');
    return this.asked.call;
  }

  /** Why it was told to end, or null. */
  get toldToEnd(): Ending | null {
    return this.ending;
  }

  /** Progress lengthens the lease; a handler that hangs makes none, and its lease ends. @throws LostLease */
  async beat(): Promise<void> {
    const { leaseMs } = kindSpec(this.job.kind);
    const now = this.world.now();
    if (this.leaseUntil - now > leaseMs / 2) return;
    const longest = this.startedAt + MOST_LEASES * leaseMs;
    const leaseUntil = Math.min(now + leaseMs, longest);
    if (leaseUntil <= this.leaseUntil) return;
    if (!(await this.store.extendLease(this.job.id, this.job.fence, leaseUntil))) throw new LostLease(this.job.id);
    this.leaseUntil = leaseUntil;
    this.watchLease();
  }

  hear(connectionId: string, contact: Contact): void {
    this.contacts.delete(connectionId);
    this.contacts.set(connectionId, contact);
  }

  end(why: Ending): void {
    if (this.ending !== null) return;
    this.ending = why;
    this.callOff();
    this.callOff = this.world.setTimer(PATIENCE_MS, () => this.abandon(why));
    this.cutOff(WHY[why]);
  }

  close(): void {
    this.callOff();
    this.isOver = true;
    // Whatever the handler left running may not send anything any more.
    this.cutOff('The job has ended.');
  }

  private ask(): NonNullable<Run['asked']> {
    const abort = new AbortController();
    const { signal } = abort;
    const { traceId } = this.job;
    return { abort, call: { signal, traceId, mayStillSend: () => this.mayStillSend(signal) } };
  }

  private cutOff(why: string): void {
    if (this.asked?.abort.signal.aborted === false) this.asked.abort.abort(new Error(why));
  }

  private watchLease(): void {
    this.callOff();
    const inMs = Math.max(0, this.leaseUntil - ABORT_BEFORE_LEASE_END_MS - this.world.now());
    this.callOff = this.world.setTimer(inMs, () => this.end('lease'));
  }

  private async mayStillSend(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    const job = await this.store.job(this.job.id);
    if (job === null || job.state !== 'running' || job.fence !== this.job.fence) return false;
    return !signal.aborted && (job.leaseUntil ?? 0) - ABORT_BEFORE_LEASE_END_MS > this.world.now();
  }
}
