/**
 * One progress record for jobs that were set going together. What is still to come is counted from its jobs; once all have
 * ended the counts are kept here, because done jobs are pruned.
 */
import type { JobState } from './job.js';

/** 'draft': shown, not started. 'processing': jobs are being set going or run. 'stopped': a person stopped it; it can go on.
 * 'action_required': all have ended, some need a person. 'failed': it could not be carried out, the note says why. */
export const BATCH_STATES = ['draft', 'processing', 'stopped', 'done', 'action_required', 'failed'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** What a batch does to each job it finds. */
export type BatchMove = 'retryNow' | 'forceDone' | 'cancel';

export interface Batch {
  id: string;
  orgId: string;
  /** "Retry 214 jobs that need attention" */
  title: string;
  state: BatchState;
  /** Which jobs, as the person saw them; null when the jobs were made by the batch itself. Plain JSON of a JobFilter. */
  filter: Readonly<Record<string, unknown>> | null;
  move: BatchMove | null;
  /** How many there were when it began. */
  total: number;
  /** How many have been set going so far. */
  moved: number;
  /** Jobs up to this id have been looked at: a batch that was stopped or interrupted goes on after it. */
  cursor: number;
  /** Newest job that was meant; those that came later are not. */
  lastJobId: number;
  who: string;
  reason: string | null;
  note: string | null;
  createdAt: number;
  startedAt: number | null;
  updatedAt: number;
  finishedAt: number | null;
  /** Its jobs by state, kept when it ended; null while it goes on. */
  finalCounts: Readonly<Record<JobState, number>> | null;
}
