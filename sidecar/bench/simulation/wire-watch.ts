/** Looks at every call on the wire: whether its job may still send it, and whether an outage is seen for what it is. */
import { FAILURES_TO_OPEN } from '../../src/domain/breaker.js';
import type { Store } from '../../src/stores/store.js';
import type { WallClock } from './machine.ts';
import type { Call, WireTap } from './network.ts';
import type { Time } from './time.ts';
import type { Watch } from './watch.ts';

type Word = Parameters<WireTap['heard']>[1];

interface Sight {
  watch: Watch;
  store: Store;
  time: Time;
  clock: WallClock;
}

export class WireWatch implements WireTap {
  private readonly sight: Sight;
  /** By run: what each connection said last. */
  private readonly words = new Map<string, Map<string, Word>>();
  /** By connection: runs in a row that found nobody there. */
  private readonly streaks = new Map<string, number>();

  constructor(sight: Sight) {
    this.sight = sight;
    sight.watch.afterRun = (jobId, fence) => this.ended(jobId, fence);
    sight.watch.afterReset = (connectionId) => void this.streaks.delete(connectionId);
  }

  sent({ job, sort, name, machine }: Call): void {
    if (job === null || sort === 'read') return;
    const { watch, time, clock } = this.sight;
    const now = watch.jobs.get(job.id);
    const what = `${machine.name} sent ${name} for job ${job.id}`;
    if (now?.state !== 'running' || now.fence !== job.fence)
      watch.report('wire', `${what}, which is no longer its own.`, job.subject);
    else if ((now.leaseUntil ?? 0) <= time.now + clock.offsetMs)
      watch.report('wire', `${what} after the end of its lease.`, job.subject);
  }

  heard({ job, connectionId }: Call, word: Word): void {
    if (job === null) return;
    const run = `${job.id}/${job.fence}`;
    const said = this.words.get(run) ?? new Map<string, Word>();
    this.words.set(run, said.set(connectionId, word));
  }

  private async ended(jobId: number, fence: number): Promise<void> {
    const run = `${jobId}/${fence}`;
    const said = this.words.get(run) ?? [];
    this.words.delete(run);
    for (const [connectionId, word] of said) {
      if (word === 'unclear') continue;
      const streak = word === 'answered' ? 0 : (this.streaks.get(connectionId) ?? 0) + 1;
      this.streaks.set(connectionId, streak);
      if (streak < FAILURES_TO_OPEN) continue;
      const connection = await this.sight.store.connection(connectionId);
      if (connection?.breaker.state === 'closed')
        this.sight.watch.report('breaker', `${connectionId} failed ${streak} runs in a row and its breaker is closed.`);
    }
  }
}
