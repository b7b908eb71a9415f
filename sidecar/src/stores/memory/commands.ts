/** The set commands that change jobs. */
import { claimedLife, isLegal, isRescuable, movedLife } from '../../domain/job-life.js';
import { expiredNote, lapsedAttempt, rescuedNote, waitedInVain } from '../../domain/job-notes.js';
import { MOVES } from '../../domain/job.js';
import type { Move } from '../../domain/job.js';
import type { ClaimRequest, JobFilter, JobPatch, NewActivity } from '../store.js';
import { matches } from './filter.js';
import type { MemoryJob } from './job-table.js';
import type { Tables } from './tables.js';

export function claim(tables: Tables, request: ClaimRequest): MemoryJob[] {
  const claimed: MemoryJob[] = [];
  for (const [connectionId, wanted] of request.perConnection) {
    const most = Math.min(wanted, freeToRun(tables, connectionId, request.mostRunning));
    const least = request.upToPriority?.get(connectionId) ?? Number.POSITIVE_INFINITY;
    const ready = tables.jobs
      .all()
      .filter((job) => job.ready && job.connectionId === connectionId && job.priority <= least);
    const inOrder = ready.sort(request.order === 'deadline' ? byDeadline(request.now) : byPriority);
    for (const job of inOrder.slice(0, most)) {
      const life = claimedLife(job, request.now, request.owner, request.leaseMs);
      tables.jobs.put(life, request.now);
      claimed.push({ ...life, ready: false });
    }
  }
  return claimed;
}

function freeToRun(tables: Tables, connectionId: string, mostRunning: ClaimRequest['mostRunning']): number {
  const most = mostRunning?.get(connectionId) ?? Number.POSITIVE_INFINITY;
  const running = tables.jobs.all().filter((job) => job.state === 'running' && job.connectionId === connectionId);
  return Math.max(0, most - running.length);
}

export function promoteDue(tables: Tables, now: number, limit: number): number {
  const taken = new Map<string, number>();
  const due = tables.jobs.due(now).filter(({ connectionId }) => {
    const count = (taken.get(connectionId) ?? 0) + 1;
    taken.set(connectionId, count);
    return count <= limit;
  });
  for (const job of due) tables.jobs.replace({ ...job, ready: true });
  return due.length;
}

/** @param lapsed which of the running jobs go back. */
export function takeBack(
  tables: Tables,
  now: number,
  sentence: string,
  lapsed: (job: MemoryJob) => boolean,
  againAt = now,
): number[] {
  const back = tables.jobs
    .all()
    .filter((job) => job.state === 'running' && lapsed(job))
    .sort(by('leaseUntil'));
  for (const job of back) {
    tables.addAttempt(lapsedAttempt(job, now, sentence));
    tables.jobs.put(movedLife(job, 'lapse', { sentence, runAt: againAt }, now), now);
  }
  return back.map(({ id }) => id);
}

export function extendLease(tables: Tables, jobId: number, fence: number, leaseUntil: number): boolean {
  const job = tables.jobs.get(jobId);
  if (job?.state !== 'running' || job.fence !== fence) return false;
  tables.jobs.replace({ ...job, leaseUntil });
  return true;
}

export function expireBlocked(tables: Tables, now: number, limit: number): number {
  const expired = tables.jobs
    .all()
    .filter(({ state, blockedUntil }) => state === 'blocked' && blockedUntil !== null && blockedUntil <= now)
    .sort(by('blockedUntil'))
    .slice(0, limit);
  for (const job of expired) {
    tables.jobs.put(movedLife(job, 'expire', waitedInVain(job), now), now);
    tables.addActivity(expiredNote(job), now);
  }
  return expired.length;
}

export function rescue(tables: Tables, now: number, minAgeMs: number, maxAgeMs: number, limit: number): number {
  const rescued = tables.jobs
    .all()
    .filter((job) => isRescuable(job, now, minAgeMs, maxAgeMs))
    .sort(by('finishedAt'))
    .slice(0, limit);
  for (const job of rescued) {
    tables.jobs.put(movedLife(job, 'rescue', { sentence: null }, now), now);
    tables.addActivity(rescuedNote(job), now);
  }
  return rescued.length;
}

export interface Matching {
  filter: JobFilter;
  move: Move;
  patch: JobPatch;
  who: NewActivity;
  limit: number;
}

export function moveMatching(tables: Tables, { filter, move, patch, who, limit }: Matching, now: number): number {
  const found = tables.jobs
    .all()
    .filter((job) => isLegal(move, job) && matches(tables, job, filter))
    .slice(0, limit);
  for (const job of found) {
    const { orgId, connectionId, id: jobId, subject } = job;
    const change = { before: who.before ?? job.state, after: who.after ?? MOVES[move].to };
    tables.jobs.put(movedLife(job, move, patch, now), now);
    tables.addActivity({ ...who, ...change, orgId, connectionId, jobId, subject }, now);
  }
  return found.length;
}

function by(moment: 'leaseUntil' | 'blockedUntil' | 'finishedAt'): (a: MemoryJob, b: MemoryJob) => number {
  return (a, b) => (a[moment] ?? 0) - (b[moment] ?? 0) || a.id - b.id;
}

function byPriority(a: MemoryJob, b: MemoryJob): number {
  return a.priority - b.priority || a.id - b.id;
}

/** Passed deadlines first, the earliest of them leading; the others by priority. */
function byDeadline(now: number): (a: MemoryJob, b: MemoryJob) => number {
  const passed = ({ deadlineAt }: MemoryJob): number =>
    deadlineAt !== null && deadlineAt <= now ? deadlineAt : Number.MAX_SAFE_INTEGER;
  return (a, b) => passed(a) - passed(b) || (passed(a) === Number.MAX_SAFE_INTEGER ? byPriority(a, b) : a.id - b.id);
}
