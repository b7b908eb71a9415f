/**
 * What a claim, a move and a merge do to a job, as values. Every store writes exactly what these return, so that
 * memory, SQLite and any later engine cannot drift apart in the meaning of a field.
 */
import { attemptsAfter, mayMove, MOVES, personMoves, PERSON_MOVES } from './job.js';
import type { FailureNote, Job, JobState, Move, NewJob, PersonMove } from './job.js';

/** A job with what a store keeps of it for itself. */
export interface JobLife extends Job {
  owner: string | null;
  claimedAt: number | null;
  /** Its first death since an event or a person last set it going: rescue counts its patience from here, so that a job
   * that dies again after each rescue is not rescued for ever. */
  firstDeadAt: number | null;
}

/** Undefined leaves a field, null clears it. */
export interface MoveEffects {
  runAt?: number;
  sentence?: string | null;
  failure?: FailureNote | null;
  blockedOn?: string | null;
  blockedUntil?: number | null;
  settledBy?: string | null;
  batchId?: string | null;
}

export function newLife(id: number, job: NewJob, now: number): JobLife {
  return {
    ...job,
    id,
    batchId: job.batchId ?? null,
    state: 'queued',
    attempts: 0,
    fence: 0,
    leaseUntil: null,
    blockedOn: null,
    blockedUntil: null,
    lastFailure: null,
    sentence: null,
    settledBy: null,
    createdAt: now,
    updatedAt: now,
    queuedAt: Math.max(now, job.runAt),
    finishedAt: null,
    owner: null,
    claimedAt: null,
    firstDeadAt: null,
  };
}

/** @returns whether the job may make the move now. A claim is no move of a unit: only the claim command gives leases. */
export function isLegal(move: Move, job: Pick<Job, 'state' | 'settledBy'>): boolean {
  if (move === 'claim') return false;
  return isPersonMove(move) ? personMoves(job).includes(move) : mayMove(move, job.state);
}

export function claimedLife(job: JobLife, now: number, owner: string, leaseMs: number): JobLife {
  return {
    ...job,
    state: 'running',
    fence: job.fence + 1,
    leaseUntil: now + leaseMs,
    owner,
    claimedAt: now,
    updatedAt: now,
  };
}

/** @returns the job after a legal move. Queued again without a time means: at once. */
export function movedLife(job: JobLife, move: Move, effects: MoveEffects, now: number): JobLife {
  const state: JobState = MOVES[move].to;
  const runAt = isWaiting(state) ? (effects.runAt ?? now) : job.runAt;
  return {
    ...job,
    state,
    attempts: attemptsAfter(move, job.attempts),
    runAt,
    queuedAt: isWaiting(state) ? Math.max(now, runAt) : job.queuedAt,
    leaseUntil: null,
    owner: null,
    claimedAt: null,
    blockedOn: blockedOnAfter(job, state, move, effects),
    blockedUntil: state === 'blocked' ? (effects.blockedUntil ?? null) : null,
    lastFailure: effects.failure === undefined ? failureAfter(job, move) : effects.failure,
    sentence: effects.sentence === undefined ? job.sentence : effects.sentence,
    settledBy: effects.settledBy ?? null,
    batchId: effects.batchId === undefined ? job.batchId : effects.batchId,
    updatedAt: now,
    finishedAt: isOver(state) ? now : null,
    firstDeadAt: firstDeadAfter(job, move, now),
  };
}

/** @returns the job going on at once, because the fact it was about to wait for is there. */
export function unblockedLife(job: JobLife, now: number): JobLife {
  return movedLife(job, 'postpone', { runAt: now, sentence: null }, now);
}

/**
 * @returns an unclaimed job that also answers `newer`: a retry keeps its delay, a queued one goes as early as either wants,
 * and a blocked one looks again, because what it waits for may not be needed any more.
 */
export function mergedLife(waiting: JobLife, newer: NewJob, now: number): JobLife {
  const isBlocked = waiting.state === 'blocked';
  const job = isBlocked ? movedLife(waiting, 'release', { runAt: newer.runAt, sentence: null }, now) : waiting;
  const runAt = job.state === 'queued' ? Math.min(job.runAt, newer.runAt) : job.runAt;
  return {
    ...withIntentOf(job, newer, now),
    runAt,
    queuedAt: runAt === job.runAt ? job.queuedAt : Math.max(now, runAt),
    priority: Math.min(job.priority, newer.priority),
    deadlineAt: earliest(job.deadlineAt, newer.deadlineAt),
  };
}

/** @returns a dead job set going by `newer`, with the times and the urgency of the new one. */
export function revivedLife(job: JobLife, newer: NewJob, now: number): JobLife {
  const alive = movedLife(job, 'revive', { runAt: newer.runAt, sentence: null }, now);
  return { ...withIntentOf(alive, newer, now), priority: newer.priority, deadlineAt: newer.deadlineAt };
}

/** Failures that may have passed by themselves: only jobs that died of these are rescued. */
export const TRANSIENT_FAILURES = ['unavailable', 'rate_limited', 'unexpected', 'unknown_outcome'] as const;

export function isRescuable(job: JobLife, now: number, minAgeMs: number, maxAgeMs: number): boolean {
  if (job.state !== 'dead' || job.finishedAt === null || job.firstDeadAt === null) return false;
  const transient = TRANSIENT_FAILURES.some((kind) => kind === job.lastFailure?.kind);
  return transient && job.finishedAt <= now - minAgeMs && job.firstDeadAt > now - maxAgeMs;
}

const isWaiting = (state: JobState): boolean => state === 'queued' || state === 'retrying';
const isOver = (state: JobState): boolean => state === 'done' || state === 'dead' || state === 'cancelled';

function isPersonMove(move: Move): move is PersonMove {
  return PERSON_MOVES.some((personMove) => personMove === move);
}

function blockedOnAfter(job: JobLife, state: JobState, move: Move, effects: MoveEffects): string | null {
  if (state === 'blocked') return effects.blockedOn ?? null;
  return move === 'expire' ? job.blockedOn : null;
}

/** A fresh start and an end both forget the failure; attempts keep the history. */
function failureAfter(job: JobLife, move: Move): FailureNote | null {
  const { to, attempts } = MOVES[move];
  return attempts === 'reset' || to === 'done' || to === 'cancelled' ? null : job.lastFailure;
}

function firstDeadAfter(job: JobLife, move: Move, now: number): number | null {
  const { to, by } = MOVES[move];
  if (to === 'dead') return job.firstDeadAt ?? now;
  return to === 'done' || by === 'event' || by === 'person' ? null : job.firstDeadAt;
}

function withIntentOf(job: JobLife, newer: NewJob, now: number): JobLife {
  const { traceId, origin } = newer;
  const payload = { ...job.payload, ...newer.payload };
  return { ...job, payload, traceId, origin, batchId: newer.batchId ?? job.batchId, updatedAt: now };
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
