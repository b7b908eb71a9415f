/**
 * What this process knows of each connection right now: paused or not, breaker. Jobs end side by side, and each has to count
 * on top of the one before; reading the row, adding one and writing it back would lose counts.
 */
import {
  afterSilentProbe,
  afterSuccess,
  afterUnavailable,
  CLOSED,
  toProbing,
  type BreakerState,
} from '../domain/breaker.js';
import type { Connection } from '../domain/connection.js';

/** What a run learned about a connection. 'silent': it asked nothing. 'unclear': an answer was lost. */
export type Evidence = 'answered' | 'unavailable' | 'unclear' | 'silent';

interface Known {
  name: string;
  state: Connection['state'];
  breaker: BreakerState;
  /** The job that went to see whether the remote is back. */
  probeJobId: number | null;
  /** When this process last changed or wrote it, counted in changes. */
  changedAt: number;
  /** Changes made here that the store may not show yet. */
  unwritten: number;
}

export class Standing {
  private readonly known = new Map<string, Known>();
  private changes = 0;

  /** Take before reading the store; what changed here since then is newer than what was read. */
  mark(): number {
    return this.changes;
  }

  adopt(connections: readonly Connection[], mark: number): void {
    for (const { id, name, state, breaker } of connections) {
      const held = this.known.get(id);
      if (held !== undefined && (held.unwritten > 0 || held.changedAt > mark)) continue;
      const probeJobId = held?.probeJobId ?? null;
      this.known.set(id, { name, state, breaker, probeJobId, changedAt: held?.changedAt ?? 0, unwritten: 0 });
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

  /** Counts what a run saw. @returns the breaker to keep, or null when nothing changed. */
  note(connectionId: string, jobId: number, evidence: Evidence, now: number): BreakerState | null {
    const held = this.known.get(connectionId);
    if (held === undefined) return null;
    const breaker = next(held.breaker, evidence, held.probeJobId === jobId ? 'probe' : 'ordinary', now);
    const probeJobId = held.probeJobId === jobId ? null : held.probeJobId;
    if (sameBreaker(breaker, held.breaker)) return null;
    this.change(connectionId, { breaker, probeJobId });
    return breaker;
  }

  /** @returns 'paused' for the first to say so; the others have nothing to add. */
  pause(connectionId: string): 'paused' | 'already' {
    if (this.isPaused(connectionId)) return 'already';
    this.change(connectionId, { state: 'paused' });
    return 'paused';
  }

  /** Every change above is to be followed by this, once the store has taken or refused it. */
  written(connectionId: string): void {
    const held = this.known.get(connectionId);
    if (held === undefined) return;
    this.changes += 1;
    this.known.set(connectionId, { ...held, changedAt: this.changes, unwritten: Math.max(0, held.unwritten - 1) });
  }

  private change(connectionId: string, change: Partial<Known>): void {
    const held = this.known.get(connectionId);
    if (held === undefined) return;
    this.changes += 1;
    this.known.set(connectionId, { ...held, ...change, changedAt: this.changes, unwritten: held.unwritten + 1 });
  }
}

function next(breaker: BreakerState, evidence: Evidence, run: 'probe' | 'ordinary', now: number): BreakerState {
  if (evidence === 'answered') return afterSuccess();
  if (evidence === 'unavailable') return afterUnavailable(breaker, now);
  if (run === 'ordinary') return breaker;
  return evidence === 'unclear' ? afterUnavailable(breaker, now) : afterSilentProbe(breaker, now);
}

function sameBreaker(a: BreakerState, b: BreakerState): boolean {
  return a.state === b.state && a.failures === b.failures && a.probeAt === b.probeAt && a.step === b.step;
}
