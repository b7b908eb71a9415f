/** A job as it lies in its table. */
import { causeOfLast } from '../../domain/cause.js';
import type { JobLife } from '../../domain/job-life.js';
import type { FailureNote, Job, JobPayload, JobState, Subject } from '../../domain/job.js';

export interface JobRow {
  id: number;
  org_id: string;
  connection_id: string;
  kind: string;
  subject: Subject;
  ordering_key: string;
  coalesce_key: string | null;
  priority: number;
  run_at: number;
  deadline_at: number | null;
  payload: string;
  trace_id: string;
  origin: string;
  state: JobState;
  head: 0 | 1;
  ready: 0 | 1;
  attempts: number;
  fence: number;
  lease_until: number | null;
  owner: string | null;
  claimed_at: number | null;
  blocked_on: string | null;
  blocked_until: number | null;
  last_failure: string | null;
  sentence: string | null;
  settled_by: string | null;
  first_dead_at: number | null;
  created_at: number;
  updated_at: number;
  queued_at: number;
  finished_at: number | null;
  batch_id: string | null;
  /** Written for the views; a job's own is read off its failure. */
  cause: string;
}

export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    orgId: row.org_id,
    connectionId: row.connection_id,
    kind: row.kind,
    subject: row.subject,
    orderingKey: row.ordering_key,
    coalesceKey: row.coalesce_key,
    priority: row.priority,
    runAt: row.run_at,
    deadlineAt: row.deadline_at,
    payload: JSON.parse(row.payload) as JobPayload,
    traceId: row.trace_id,
    origin: row.origin,
    batchId: row.batch_id,
    state: row.state,
    attempts: row.attempts,
    fence: row.fence,
    leaseUntil: row.lease_until,
    blockedOn: row.blocked_on,
    blockedUntil: row.blocked_until,
    lastFailure: toFailure(row.last_failure),
    sentence: row.sentence,
    settledBy: row.settled_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    queuedAt: row.queued_at,
    finishedAt: row.finished_at,
  };
}

export function toLife(row: JobRow): JobLife {
  return { ...toJob(row), owner: row.owner, claimedAt: row.claimed_at, firstDeadAt: row.first_dead_at };
}

export function toFailure(text: string | null): FailureNote | null {
  return text === null ? null : (JSON.parse(text) as FailureNote);
}

export const fromFailure = (failure: FailureNote | null): string | null =>
  failure === null ? null : JSON.stringify(failure);

/** Its place in the queue: head of its ordering key, ready to be claimed. */
export interface Place {
  head: 0 | 1;
  ready: 0 | 1;
}

/** What is written once. */
export function fixedColumns(job: JobLife) {
  return {
    org_id: job.orgId,
    connection_id: job.connectionId,
    kind: job.kind,
    subject: job.subject,
    ordering_key: job.orderingKey,
    coalesce_key: job.coalesceKey,
    created_at: job.createdAt,
  };
}

/** What a claim, a move or a merge may change. */
export function changingColumns(job: JobLife, { head, ready }: Place) {
  return {
    priority: job.priority,
    run_at: job.runAt,
    deadline_at: job.deadlineAt,
    payload: JSON.stringify(job.payload),
    trace_id: job.traceId,
    origin: job.origin,
    state: job.state,
    head,
    ready,
    attempts: job.attempts,
    fence: job.fence,
    lease_until: job.leaseUntil,
    owner: job.owner,
    claimed_at: job.claimedAt,
    blocked_on: job.blockedOn,
    blocked_until: job.blockedUntil,
    last_failure: fromFailure(job.lastFailure),
    sentence: job.sentence,
    settled_by: job.settledBy,
    first_dead_at: job.firstDeadAt,
    updated_at: job.updatedAt,
    queued_at: job.queuedAt,
    finished_at: job.finishedAt,
    batch_id: job.batchId,
    cause: causeOfLast(job.lastFailure),
  };
}
