/** What is written down when a job moves without a worker or a person doing it: the same words in every store. */
import type { JobLife, MoveEffects } from './job-life.js';
import { MOVES } from './job.js';
import type { Job, Move } from './job.js';

export interface MoveNote {
  orgId: string;
  connectionId: string;
  jobId: number;
  subject: string;
  who: string;
  what: string;
  why: string;
  before: string;
  after: string;
}

export function moveNote(job: Job, move: Move, who: string, why: string): MoveNote {
  const { orgId, connectionId, id: jobId, subject, state: before } = job;
  return { orgId, connectionId, jobId, subject, who, what: move, why, before, after: MOVES[move].to };
}

export const revivedNote = (job: Job, origin: string): MoveNote =>
  moveNote(job, 'revive', origin, 'A new version of its subject arrived.');
export const factNote = (job: Job, move: 'release' | 'revive', fact: string, source: string): MoveNote =>
  moveNote(job, move, source, `What it waited for is there: ${fact}.`);
export const expiredNote = (job: Job): MoveNote =>
  moveNote(job, 'expire', 'clock', `Waited until the deadline for ${job.blockedOn ?? 'something that did not come'}.`);
export const rescuedNote = (job: Job): MoveNote =>
  moveNote(job, 'rescue', 'clock', `Its failure may have passed: ${job.lastFailure?.summary ?? 'unknown'}`);

/** @returns what to set on a job whose fact did not come before the deadline. */
export function waitedInVain(job: Pick<Job, 'sentence' | 'blockedOn'>): MoveEffects {
  return {
    sentence: `Gave up waiting. ${job.sentence ?? `It needs ${job.blockedOn ?? 'something that did not come'}.`}`,
    failure: {
      kind: 'mapping_missing',
      code: 'wait_expired',
      status: null,
      summary: 'What the job waits for did not come before the deadline.',
      cure: 'Bring it about and the job goes by itself, or press Retry.',
      excerpt: null,
    },
  };
}

/** @returns the attempt of a worker that never settled its job. */
export function lapsedAttempt(job: JobLife, now: number, sentence: string) {
  const startedAt = job.claimedAt ?? now;
  return {
    jobId: job.id,
    fence: job.fence,
    outcome: 'lapsed' as const,
    failure: null,
    sentence,
    queueMs: Math.max(0, startedAt - job.queuedAt),
    runMs: Math.max(0, now - startedAt),
    startedAt,
  };
}

export const LEASE_RAN_OUT = 'The worker did not finish in time; the job goes again.';
export const OWNER_RESTARTED = 'Tallyman was stopped while the job ran; it goes again.';
