import { causeOfLast } from '../../domain/cause.js';
import { JOB_STATES } from '../../domain/job.js';
import type { Job, JobState } from '../../domain/job.js';
import type { JobFilter, Page } from '../store.js';
import type { Tables } from './tables.js';

export function matches(tables: Tables, job: Job, filter: JobFilter): boolean {
  return (
    equals(filter.orgId, job.orgId) &&
    oneOf(filter.connectionIds, job.connectionId) &&
    oneOf(filter.states, job.state) &&
    oneOf(filter.kinds, job.kind) &&
    equals(filter.subject, job.subject) &&
    equals(filter.failureKind, job.lastFailure?.kind) &&
    equals(filter.batchId, job.batchId) &&
    equals(filter.cause, causeOfLast(job.lastFailure)) &&
    equals(filter.traceId, job.traceId) &&
    (filter.idAfter === undefined || job.id > filter.idAfter) &&
    (filter.idUpTo === undefined || job.id <= filter.idUpTo) &&
    (filter.updatedAfter === undefined || job.updatedAt >= filter.updatedAfter) &&
    (filter.updatedBefore === undefined || job.updatedAt <= filter.updatedBefore) &&
    (filter.late === undefined || isLate(job, filter.late.now)) &&
    (filter.search === undefined || isFound(tables, job, filter.search))
  );
}

/** Past its deadline and not over. */
export function isLate({ deadlineAt, finishedAt }: Job, now: number): boolean {
  return deadlineAt !== null && deadlineAt < now && finishedAt === null;
}

export function pageOf(jobs: readonly Job[], { sort, offset, limit }: Page): Job[] {
  return [...jobs].sort(ORDERS[sort]).slice(offset, offset + limit);
}

export function countByState(jobs: readonly Job[]): Record<JobState, number> {
  const counts = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
  for (const { state } of jobs) counts[state] += 1;
  return counts;
}

const ORDERS = {
  newest: (a, b) => b.id - a.id,
  oldest: (a, b) => a.id - b.id,
  next: (a, b) => a.runAt - b.runAt || a.id - b.id,
  updated: (a, b) => b.updatedAt - a.updatedAt || b.id - a.id,
} as const satisfies Record<Page['sort'], (a: Job, b: Job) => number>;

function equals<Value>(wanted: Value | undefined, value: unknown): boolean {
  return wanted === undefined || wanted === value;
}

function oneOf(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || wanted.includes(value);
}

function isFound(tables: Tables, job: Job, search: string): boolean {
  const has = (text: string | null): boolean => text !== null && folded(text).includes(folded(search));
  return (
    has(job.subject) ||
    has(job.sentence) ||
    tables.mappings
      .all()
      .filter(
        ({ type, orgId, localId }) => type === 'order' && orgId === job.orgId && job.subject === `order:${localId}`,
      )
      .some(
        ({ remoteId, remoteLabel }) => (remoteId !== null && folded(remoteId) === folded(search)) || has(remoteLabel),
      )
  );
}

/** Folds ASCII letters only, as SQLite's LIKE does. */
export function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
