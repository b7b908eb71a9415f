/** Is a failure worth another try, and when? One exhaustive switch; nothing else in the product decides it. */
import { assertNever } from './assert-never.js';
import type { Failure } from './failure.js';
import type { KindSpec } from './kinds.js';

export interface FailedRun {
  failure: Pick<Failure, 'kind' | 'retryAfterSeconds' | 'code'>;
  /** Attempts used before this run. */
  attempts: number;
  /** Kind of the failure before this one; null when there was none. */
  previous: string | null;
  spec: Pick<KindSpec, 'delaysMs'>;
  /** 'known': the breaker was open already when this call failed. */
  outage: 'none' | 'known';
  /** 0 up to 1. */
  chance: number;
}

export type Next =
  /** Counts as an attempt. After `unknown_outcome` the next run finds an intended mapping and looks it up before it sends. */
  | { next: 'retry'; delayMs: number }
  /** Again later, at no cost. */
  | { next: 'postpone'; delayMs: number }
  /** Again when the connection answers again, at no cost. */
  | { next: 'awaitConnection' }
  | { next: 'pauseConnection' }
  | { next: 'block'; fact: string }
  | { next: 'dead' };

/** Used when a remote says "too many requests" without saying until when. */
export const RATE_LIMIT_PAUSE_MS = 60_000;
const JITTER = 0.2;

/** @returns what becomes of a job whose run ended in `failure`. */
export function nextStep(run: FailedRun): Next {
  const { failure } = run;
  switch (failure.kind) {
    case 'unavailable':
    case 'unknown_outcome':
      return run.outage === 'known' ? { next: 'awaitConnection' } : again(run);
    case 'unexpected':
      return again(run);
    case 'rate_limited':
      return { next: 'postpone', delayMs: afterRateLimit(run) };
    case 'unauthorized':
      return { next: 'pauseConnection' };
    case 'rejected':
    case 'invalid':
      return { next: 'dead' };
    case 'not_found':
    case 'conflict':
      return hadItsSecondTry(run) ? { next: 'dead' } : again(run);
    case 'mapping_missing':
      // The code names the fact; without a name there is nothing that could ever release the job.
      return failure.code === null ? { next: 'dead' } : { next: 'block', fact: failure.code };
    default:
      return assertNever(failure.kind);
  }
}

/** ±20 %, so that jobs that failed together do not come back together. */
export function jittered(delayMs: number, chance: number): number {
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * chance));
}

function again({ failure, attempts, spec, chance }: FailedRun): Next {
  const delayMs = spec.delaysMs[attempts];
  if (delayMs === undefined) return { next: 'dead' };
  const askedForMs = (failure.retryAfterSeconds ?? 0) * 1000;
  return { next: 'retry', delayMs: Math.max(jittered(delayMs, chance), askedForMs) };
}

/** Never earlier than the remote asked for. */
function afterRateLimit({ failure, chance }: FailedRun): number {
  const askedForMs = failure.retryAfterSeconds === null ? RATE_LIMIT_PAUSE_MS : failure.retryAfterSeconds * 1000;
  return Math.round(askedForMs * (1 + JITTER * chance));
}

/** With no attempt used the failure before belongs to an earlier life of the job. */
function hadItsSecondTry({ failure, attempts, previous }: FailedRun): boolean {
  return attempts > 0 && previous === failure.kind;
}
