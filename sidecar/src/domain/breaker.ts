/** Outage is not failure: after a row of calls without an answer a connection's jobs wait and lose no attempt. Pure. */
export interface BreakerState {
  state: 'closed' | 'open' | 'probing';
  /** Consecutive calls that got no answer: `unavailable`, or broken off when the change may have been sent already. */
  failures: number;
  /** When the next probe may go, epoch ms; null while closed. While probing: when that probe counts as lost. */
  probeAt: number | null;
  /** Which of PROBE_DELAYS_MS comes next. */
  step: number;
  openedAt: number | null;
}

/** What a run learned about a connection. 'silent': it asked nothing. 'unclear': an answer was lost. */
export type Evidence = 'answered' | 'unavailable' | 'unclear' | 'silent';

export const FAILURES_TO_OPEN = 5;
export const PROBE_DELAYS_MS = [30_000, 120_000, 300_000, 900_000, 3_600_000] as const;
/** A probe whose process died must not keep the connection shut for ever. Longer than a lease. */
export const PROBE_LOST_MS = 120_000;
export const CLOSED: BreakerState = { state: 'closed', failures: 0, probeAt: null, step: 0, openedAt: null };

export function afterSuccess(): BreakerState {
  return CLOSED;
}

/** One more without an answer. A failed probe opens it again, for longer. */
export function afterUnavailable(breaker: BreakerState, now: number): BreakerState {
  const failures = breaker.failures + 1;
  if (breaker.state === 'closed' && failures < FAILURES_TO_OPEN) return { ...breaker, failures };
  if (breaker.state === 'open') return { ...breaker, failures };
  const step = breaker.state === 'closed' ? 0 : Math.min(breaker.step + 1, PROBE_DELAYS_MS.length - 1);
  const delay = PROBE_DELAYS_MS[step] ?? PROBE_DELAYS_MS[0];
  return { state: 'open', failures, probeAt: now + delay, step, openedAt: breaker.openedAt ?? now };
}

/** Open and due: exactly one job may go and see. */
export function toProbing(breaker: BreakerState, now: number): BreakerState {
  return { ...breaker, state: 'probing', probeAt: now + PROBE_LOST_MS };
}

/** The probe ended without asking the remote anything: the next job may go and see. */
export function afterSilentProbe(breaker: BreakerState, now: number): BreakerState {
  return breaker.state === 'probing' ? { ...breaker, state: 'open', probeAt: now } : breaker;
}

/** How many jobs the connection may start now, given its own limit. */
export function allowance(breaker: BreakerState, now: number, limit: number): number {
  if (breaker.state === 'closed') return limit;
  return breaker.probeAt !== null && breaker.probeAt <= now ? 1 : 0;
}

/** The only way a breaker moves by what jobs saw; stores apply it under their lock, so that no count is lost between processes. */
export function afterEvidence(
  breaker: BreakerState,
  evidence: Evidence,
  run: 'probe' | 'ordinary',
  now: number,
): BreakerState {
  if (evidence === 'answered') return afterSuccess();
  // An outage that begins while creates are under way shows itself only as answers that were lost.
  if (evidence === 'unavailable' || evidence === 'unclear') return afterUnavailable(breaker, now);
  return run === 'probe' ? afterSilentProbe(breaker, now) : breaker;
}

export function sameBreaker(a: BreakerState, b: BreakerState): boolean {
  return a.state === b.state && a.failures === b.failures && a.probeAt === b.probeAt && a.step === b.step;
}
