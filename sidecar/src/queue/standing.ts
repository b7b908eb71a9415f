/**
 * What this process believes of each connection right now: paused or not, breaker. The store has the last word, since others
 * may share it; but jobs end side by side, and each has to count on top of the one before although its word is still on the way.
 */
import { afterEvidence, CLOSED, sameBreaker, toProbing, type BreakerState, type Evidence } from '../domain/breaker.js';
import type { Connection } from '../domain/connection.js';

interface Known {
  name: string;
  state: Connection['state'];
  breaker: BreakerState;
  /** The job of this process that went to see whether the remote is back. */
  probeJobId: number | null;
  /** When this process last changed or wrote it, counted in changes. */
  changedAt: number;
  /** Changes made here that the store may not show yet. */
  unwritten: number;
  /** Last success and last failure as kept, epoch ms. */
  answeredAt: number;
  troubledAt: number;
}

/** What a run was to its connection. */
export type RunKind = 'probe' | 'ordinary';

/** A connection that goes on answering is said again no more often: its row is shared by all its jobs. */
const GOOD_WORD_EVERY_MS = 5_000;

export class Standing {
  private readonly known = new Map<string, Known>();
  private changes = 0;

  /** Take before reading the store; what changed here since then is newer than what was read. */
  mark(): number {
    return this.changes;
  }

  adopt(connections: readonly Connection[], mark: number): void {
    for (const connection of connections) {
      const held = this.known.get(connection.id);
      if (held !== undefined && (held.unwritten > 0 || held.changedAt > mark)) continue;
      this.known.set(connection.id, {
        ...asRead(connection),
        probeJobId: held?.probeJobId ?? null,
        changedAt: held?.changedAt ?? 0,
      });
    }
  }

  nameOf(connectionId: string): string {
    return this.known.get(connectionId)?.name ?? 'The connection';
  }

  breaker(connectionId: string): BreakerState {
    return this.known.get(connectionId)?.breaker ?? CLOSED;
  }

  isPaused(connectionId: string): boolean {
    return this.known.get(connectionId)?.state === 'paused';
  }

  /** `jobId` goes to see whether the remote is back. @returns the breaker to keep. */
  probe(connectionId: string, jobId: number, now: number): BreakerState {
    const breaker = toProbing(this.breaker(connectionId), now);
    this.change(connectionId, { breaker, probeJobId: jobId });
    return breaker;
  }

  /** Counts what a run saw. @returns what the run was, when the store has to hear of it; null when nothing changes. */
  note(connectionId: string, jobId: number, evidence: Evidence, now: number): RunKind | null {
    const held = this.known.get(connectionId);
    if (held === undefined) return null;
    const run = held.probeJobId === jobId ? 'probe' : 'ordinary';
    const breaker = afterEvidence(held.breaker, evidence, run, now);
    if (sameBreaker(breaker, held.breaker)) return null;
    this.change(connectionId, { breaker, probeJobId: run === 'probe' ? null : held.probeJobId });
    return run;
  }

  /** @returns whether a success is worth keeping: the first after a failure, and one now and then. */
  isNewGoodWord(connectionId: string, now: number): boolean {
    const held = this.known.get(connectionId);
    if (held === undefined) return true;
    if (held.answeredAt > held.troubledAt && now - held.answeredAt < GOOD_WORD_EVERY_MS) return false;
    held.answeredAt = now;
    return true;
  }

  noteTrouble(connectionId: string, now: number): void {
    const held = this.known.get(connectionId);
    if (held !== undefined) held.troubledAt = now;
  }

  /** @returns 'paused' for the first to say so; the others have nothing to add. */
  pause(connectionId: string): 'paused' | 'already' {
    if (this.isPaused(connectionId)) return 'already';
    this.change(connectionId, { state: 'paused' });
    return 'paused';
  }

  /**
   * Every change above is to be followed by this, once the store has taken or refused it.
   * @param breaker as the store has it now, when it said so: it has counted what other processes saw as well.
   */
  written(connectionId: string, breaker?: BreakerState): void {
    const held = this.known.get(connectionId);
    if (held === undefined) return;
    this.changes += 1;
    const unwritten = Math.max(0, held.unwritten - 1);
    // While more is on its way the answer to an earlier word is old already.
    const latest = breaker !== undefined && unwritten === 0 ? breaker : held.breaker;
    this.known.set(connectionId, { ...held, breaker: latest, changedAt: this.changes, unwritten });
  }

  private change(connectionId: string, change: Partial<Known>): void {
    const held = this.known.get(connectionId);
    if (held === undefined) return;
    this.changes += 1;
    this.known.set(connectionId, { ...held, ...change, changedAt: this.changes, unwritten: held.unwritten + 1 });
  }
}

function asRead({ name, state, breaker, lastSuccessAt, lastFailure }: Connection) {
  return { name, state, breaker, unwritten: 0, answeredAt: lastSuccessAt ?? 0, troubledAt: lastFailure?.at ?? 0 };
}
