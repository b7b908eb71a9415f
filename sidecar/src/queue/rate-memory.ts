/** Lessons about a connection's rate, kept in the store: a restart does not forget them, and others who share it learn along. */
import { UNTAUGHT, type LearnedRate } from '../domain/learned-rate.js';
import type { Store } from '../stores/store.js';

const EVERY_MS = { single: 60_000, shared: 2_000 } as const;
const key = (connectionId: string): string => `rate:${connectionId}`;

export class RateMemory {
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: Pick<Store, 'meta' | 'apply'>,
    private readonly ownership: 'single' | 'shared',
  ) {}

  /** @returns whether it is time to look what others have learned; then it counts as looked at. */
  isDue(now: number): boolean {
    if (now - this.readAt < EVERY_MS[this.ownership]) return false;
    this.readAt = now;
    return true;
  }

  async read(connectionId: string): Promise<LearnedRate> {
    const kept = await this.store.meta(key(connectionId));
    return kept === null ? UNTAUGHT : (JSON.parse(kept) as LearnedRate);
  }

  async write(connectionId: string, learned: LearnedRate, now: number): Promise<void> {
    const value = JSON.stringify(learned);
    await this.store.apply({ now, guards: [], writes: [{ write: 'putMeta', key: key(connectionId), value }] });
  }
}
