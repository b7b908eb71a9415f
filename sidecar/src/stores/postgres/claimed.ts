/** Jobs that this process has claimed and not yet settled: settling one need not read it again. */
import type { JobLife } from '../../domain/job-life.js';
import type { Job } from '../../domain/job.js';

interface Held {
  job: Job;
  owner: string;
  claimedAt: number;
  firstDeadAt: number | null;
}

/** Jobs that were given out and never settled by this process are some day forgotten: then they are read. */
const MOST_REMEMBERED = 10_000;

export class Claimed {
  private readonly held = new Map<number, Held>();

  add(held: Held): void {
    this.held.set(held.job.id, held);
    if (this.held.size > MOST_REMEMBERED) this.forgetOldest();
  }

  /** @returns the job as it stands while it runs under this fence, or null when it is not known. */
  get(id: number, fence: number): JobLife | null {
    const held = this.held.get(id);
    if (held?.job.fence !== fence) return null;
    const { job, owner, claimedAt, firstDeadAt } = held;
    return { ...job, owner, claimedAt, firstDeadAt };
  }

  /** @returns the job while it runs under this fence, or null when it is not known. */
  running(id: number, fence: number): Job | null {
    const held = this.held.get(id);
    return held?.job.fence === fence ? held.job : null;
  }

  forget(id: number): void {
    this.held.delete(id);
  }

  private forgetOldest(): void {
    for (const id of this.held.keys()) return this.forget(id);
  }
}

/** Knows of none: everything is read. */
export const NOTHING_CLAIMED = new Claimed();
