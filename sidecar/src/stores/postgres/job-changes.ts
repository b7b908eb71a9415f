/** Jobs changed by a unit: enqueued, moved, set going by a fact. */
import { isLegal, mergedLife, movedLife, revivedLife, unblockedLife } from '../../domain/job-life.js';
import type { JobLife } from '../../domain/job-life.js';
import { factNote, revivedNote } from '../../domain/job-notes.js';
import type { Move, NewJob } from '../../domain/job.js';
import type { IllegalMove, JobPatch, WriteResult } from '../store.js';
import type { Work } from './work.js';

type Enqueued = Extract<WriteResult, { kind: 'enqueued' }>;

export function enqueue(work: Work, job: NewJob, onDead: 'revive' | 'leave', now: number): Enqueued {
  const { jobs } = work;
  const unclaimed = jobs.unclaimedLike(job);
  if (unclaimed !== null) {
    jobs.save(mergedLife(unclaimed, job, now), now);
    return { kind: 'enqueued', jobId: unclaimed.id, how: 'coalesced' };
  }
  const dead = jobs.deadLike(job);
  if (dead !== null) return meetDead(work, dead, job, onDead, now);
  return { kind: 'enqueued', jobId: jobs.insert(job, now).id, how: 'inserted' };
}

function meetDead(work: Work, dead: JobLife, job: NewJob, onDead: 'revive' | 'leave', now: number): Enqueued {
  if (onDead === 'leave') return { kind: 'enqueued', jobId: dead.id, how: 'left_dead' };
  work.jobs.save(revivedLife(dead, job, now), now);
  work.journal.note(revivedNote(dead, job.origin), now);
  return { kind: 'enqueued', jobId: dead.id, how: 'revived' };
}

/** @returns the refusal, or null when the job has moved. */
export function moveJob(work: Work, jobId: number, move: Move, patch: JobPatch, now: number): IllegalMove | null {
  const job = work.jobs.get(jobId);
  if (job === null || !isLegal(move, job)) return { guard: 'legalMove', jobId, move, state: job?.state ?? null };
  const blockedOn = patch.blockedOn ?? null;
  if (move === 'block' && blockedOn === null) throw new Error(`Job ${jobId} cannot wait for nothing.`);
  const isThere = move === 'block' && blockedOn !== null && work.facts.get(blockedOn) !== null;
  work.jobs.save(isThere ? unblockedLife(job, now) : movedLife(job, move, patch, now), now);
  return null;
}

/** @returns ids of the jobs that go on because of it. */
export function putFact(
  work: Work,
  { fact, orgId, source }: { fact: string; orgId: string; source: string },
  now: number,
): number[] {
  const { jobs, facts, journal } = work;
  if (facts.get(fact) === null) facts.put({ fact, org_id: orgId, source, at: now }, fact);
  return jobs.waitersOf(fact).map((job) => {
    const move = job.state === 'blocked' ? 'release' : 'revive';
    jobs.save(movedLife(job, move, { sentence: null }, now), now);
    journal.note(factNote(job, move, fact, source), now);
    return job.id;
  });
}
