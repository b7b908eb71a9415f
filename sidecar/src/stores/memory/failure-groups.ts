import { causeOfLast } from '../../domain/cause.js';
import type { Job } from '../../domain/job.js';
import type { FailureGroup } from '../store.js';

/** @param jobs those a filter has found, dead or not. */
export function failureGroups(jobs: readonly Job[], limit: number): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const job of jobs) {
    if (job.state !== 'dead') continue;
    const alone = groupOf(job);
    const key = JSON.stringify([alone.kind, alone.connectionId, alone.cause]);
    const held = groups.get(key);
    groups.set(key, held === undefined ? alone : joined(held, alone));
  }
  return [...groups.values()].sort(mostFirst).slice(0, limit);
}

function groupOf({ id: jobId, kind, connectionId, lastFailure, finishedAt }: Job): FailureGroup {
  const diedAt = finishedAt ?? 0;
  return { kind, connectionId, cause: causeOfLast(lastFailure), count: 1, firstAt: diedAt, lastAt: diedAt, jobId };
}

function joined(a: FailureGroup, b: FailureGroup): FailureGroup {
  const later = b.lastAt > a.lastAt || (b.lastAt === a.lastAt && b.jobId > a.jobId) ? b : a;
  return { ...later, count: a.count + b.count, firstAt: Math.min(a.firstAt, b.firstAt) };
}

/** Then the latest; the rest only so that the order is one. */
function mostFirst(a: FailureGroup, b: FailureGroup): number {
  return b.count - a.count || b.lastAt - a.lastAt || b.jobId - a.jobId;
}
