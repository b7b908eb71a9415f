/** A job as it lies in its table. */
import { causeOfLast } from '../../domain/cause.js';
import type { JobLife } from '../../domain/job-life.js';
import type { FailureNote, Job, JobPayload, JobState, Subject } from '../../domain/job.js';
import type { ColumnType, Value } from './values.js';

export interface JobRow {
  id: number;
  org_id: string;
  connection_id: string;
  kind: string;
  subject: Subject;
  ordering_key: string;
  coalesce_key: string | null;
  batch_id: string | null;
  priority: number;
  run_at: number;
  deadline_at: number | null;
  payload: string;
  trace_id: string;
  origin: string;
  state: JobState;
  head: boolean;
  ready: boolean;
  followed: boolean;
  attempts: number;
  fence: number;
  lease_until: number | null;
  owner: string | null;
  claimed_at: number | null;
  blocked_on: string | null;
  blocked_until: number | null;
  last_failure: string | null;
  failure_kind: string | null;
  cause: string;
  sentence: string | null;
  settled_by: string | null;
  first_dead_at: number | null;
  created_at: number;
  updated_at: number;
  queued_at: number;
  finished_at: number | null;
}

/** Its place in the queue: head of its ordering key, ready to be claimed, perhaps with others behind it. */
export interface Place {
  head: boolean;
  ready: boolean;
  followed: boolean;
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
    batchId: row.batch_id,
    priority: row.priority,
    runAt: row.run_at,
    deadlineAt: row.deadline_at,
    payload: toPayload(row.payload),
    traceId: row.trace_id,
    origin: row.origin,
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

const CLAIMED = [
  'id',
  'org_id',
  'connection_id',
  'kind',
  'subject',
  'ordering_key',
  'coalesce_key',
  'batch_id',
  'priority',
  'run_at',
  'deadline_at',
  'payload',
  'trace_id',
  'origin',
  'attempts',
  'fence',
  'last_failure',
  'sentence',
  'settled_by',
  'first_dead_at',
  'created_at',
  'queued_at',
] as const satisfies readonly (keyof JobRow)[];
export type ClaimedRow = Pick<JobRow, (typeof CLAIMED)[number]>;

/** What is not known of a job that has just been claimed. */
export const CLAIMED_COLUMNS = CLAIMED.map((column) => `jobs.${column}`).join(', ');

export function toClaimed(row: ClaimedRow, { now, leaseMs }: { now: number; leaseMs: number }): Job {
  return {
    id: row.id,
    orgId: row.org_id,
    connectionId: row.connection_id,
    kind: row.kind,
    subject: row.subject,
    orderingKey: row.ordering_key,
    coalesceKey: row.coalesce_key,
    batchId: row.batch_id,
    priority: row.priority,
    runAt: row.run_at,
    deadlineAt: row.deadline_at,
    payload: toPayload(row.payload),
    traceId: row.trace_id,
    origin: row.origin,
    state: 'running',
    attempts: row.attempts,
    fence: row.fence,
    leaseUntil: now + leaseMs,
    blockedOn: null,
    blockedUntil: null,
    lastFailure: toFailure(row.last_failure),
    sentence: row.sentence,
    settledBy: row.settled_by,
    createdAt: row.created_at,
    updatedAt: now,
    queuedAt: row.queued_at,
    finishedAt: null,
  };
}

function toPayload(text: string): JobPayload {
  return text === '{}' ? {} : (JSON.parse(text) as JobPayload);
}

export function toLife(row: JobRow): JobLife {
  return { ...toJob(row), owner: row.owner, claimedAt: row.claimed_at, firstDeadAt: row.first_dead_at };
}

export function toFailure(text: string | null): FailureNote | null {
  return text === null ? null : (JSON.parse(text) as FailureNote);
}

export const fromFailure = (failure: FailureNote | null): string | null =>
  failure === null ? null : JSON.stringify(failure);

interface Column {
  name: keyof JobRow;
  type: ColumnType;
  value(job: JobLife, place: Place): Value;
}

/** Written once. */
export const FIXED: readonly Column[] = [
  { name: 'org_id', type: 'text', value: ({ orgId }) => orgId },
  { name: 'connection_id', type: 'text', value: ({ connectionId }) => connectionId },
  { name: 'kind', type: 'text', value: ({ kind }) => kind },
  { name: 'subject', type: 'text', value: ({ subject }) => subject },
  { name: 'ordering_key', type: 'text', value: ({ orderingKey }) => orderingKey },
  { name: 'coalesce_key', type: 'text', value: ({ coalesceKey }) => coalesceKey },
  { name: 'created_at', type: 'bigint', value: ({ createdAt }) => createdAt },
];

/** What a newer wish for the same thing may change. */
export const INTENT: readonly Column[] = [
  { name: 'priority', type: 'integer', value: ({ priority }) => priority },
  { name: 'deadline_at', type: 'bigint', value: ({ deadlineAt }) => deadlineAt },
  { name: 'payload', type: 'text', value: ({ payload }) => JSON.stringify(payload) },
  { name: 'trace_id', type: 'text', value: ({ traceId }) => traceId },
  { name: 'origin', type: 'text', value: ({ origin }) => origin },
];

/** What a move may change. Lease, owner and claim are the claim's alone: no unit leaves a job running. */
export const LIFE: readonly Column[] = [
  { name: 'state', type: 'text', value: ({ state }) => state },
  { name: 'head', type: 'boolean', value: (_, { head }) => head },
  { name: 'ready', type: 'boolean', value: (_, { ready }) => ready },
  { name: 'followed', type: 'boolean', value: (_, { followed }) => followed },
  { name: 'run_at', type: 'bigint', value: ({ runAt }) => runAt },
  { name: 'attempts', type: 'integer', value: ({ attempts }) => attempts },
  { name: 'batch_id', type: 'text', value: ({ batchId }) => batchId },
  { name: 'blocked_on', type: 'text', value: ({ blockedOn }) => blockedOn },
  { name: 'blocked_until', type: 'bigint', value: ({ blockedUntil }) => blockedUntil },
  { name: 'last_failure', type: 'text', value: ({ lastFailure }) => fromFailure(lastFailure) },
  { name: 'failure_kind', type: 'text', value: ({ lastFailure }) => lastFailure?.kind ?? null },
  { name: 'cause', type: 'text', value: ({ lastFailure }) => causeOfLast(lastFailure) },
  { name: 'sentence', type: 'text', value: ({ sentence }) => sentence },
  { name: 'settled_by', type: 'text', value: ({ settledBy }) => settledBy },
  { name: 'first_dead_at', type: 'bigint', value: ({ firstDeadAt }) => firstDeadAt },
  { name: 'updated_at', type: 'bigint', value: ({ updatedAt }) => updatedAt },
  { name: 'queued_at', type: 'bigint', value: ({ queuedAt }) => queuedAt },
  { name: 'finished_at', type: 'bigint', value: ({ finishedAt }) => finishedAt },
];

export function sameIntent(a: JobLife, b: JobLife): boolean {
  return (
    a.payload === b.payload &&
    a.traceId === b.traceId &&
    a.origin === b.origin &&
    a.priority === b.priority &&
    a.deadlineAt === b.deadlineAt
  );
}
