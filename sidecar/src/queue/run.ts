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

export class Run {
  readonly startedAt: number;
  readonly callClass: CallClass;
  /** By connection id, in the order of the last word. */
  readonly contacts = new Map<string, Contact>();
  private readonly abort = new AbortController();
  private abandon: (why: Ending) => void = () => undefined;
  /** Settles when the handler has been told to end and did not. */
  readonly leftBehind = new Promise<Ending>((resolve) => {
    this.abandon = resolve;
  });
  private leaseUntil: number;
  private asked: CallContext | null = null;
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
    const { signal } = this.abort;
    this.asked ??= { signal, traceId: this.job.traceId, mayStillSend: () => this.mayStillSend() };
    if (this.isOver) this.cutOff();
    return this.asked;
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
    this.abort.abort(new Error(why === 'lease' ? 'The lease ends.' : 'The service is stopping.'));
  }

  close(): void {
    this.callOff();
    this.isOver = true;
    // Most jobs that only look into the store never ask; making the error would cost them more than their work.
    if (this.asked !== null) this.cutOff();
  }

  /** Whatever the handler left running may not send anything any more. */
  private cutOff(): void {
    if (!this.abort.signal.aborted) this.abort.abort(new Error('The job has ended.'));
  }

  private watchLease(): void {
    this.callOff();
    const inMs = Math.max(0, this.leaseUntil - ABORT_BEFORE_LEASE_END_MS - this.world.now());
    this.callOff = this.world.setTimer(inMs, () => this.end('lease'));
  }

  private async mayStillSend(): Promise<boolean> {
    if (this.abort.signal.aborted) return false;
    const job = await this.store.job(this.job.id);
    if (job === null || job.state !== 'running' || job.fence !== this.job.fence) return false;
    return !this.abort.signal.aborted && (job.leaseUntil ?? 0) - ABORT_BEFORE_LEASE_END_MS > this.world.now();
  }
}
