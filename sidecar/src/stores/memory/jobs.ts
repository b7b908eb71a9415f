/** Jobs changed by a unit: enqueued, moved, released by a fact. */
import { isLegal, mergedLife, movedLife, newLife, revivedLife, unblockedLife } from '../../domain/job-life.js';
import { factNote, revivedNote } from '../../domain/job-notes.js';
import { UNCLAIMED_STATES } from '../../domain/job.js';
import type { Move, NewJob } from '../../domain/job.js';
import type { IllegalMove, JobPatch, WriteResult } from '../store.js';
import type { MemoryJob } from './job-table.js';
import type { Tables } from './tables.js';

type Enqueued = Extract<WriteResult, { kind: 'enqueued' }>;

export function enqueue(tables: Tables, job: NewJob, onDead: 'revive' | 'leave', now: number): Enqueued {
  const unclaimed = sameIntent(tables, job, UNCLAIMED_STATES);
  if (unclaimed !== null) {
    tables.jobs.put(mergedLife(unclaimed, job, now), now);
    return { kind: 'enqueued', jobId: unclaimed.id, how: 'coalesced' };
  }
  const dead = sameIntent(tables, job, ['dead']);
  if (dead === null) return insert(tables, job, now);
  if (onDead === 'leave') return { kind: 'enqueued', jobId: dead.id, how: 'left_dead' };
  tables.jobs.put(revivedLife(dead, job, now), now);
  tables.addActivity(revivedNote(dead, job.origin), now);
  return { kind: 'enqueued', jobId: dead.id, how: 'revived' };
}

/** @returns the refusal, or null when the job has moved. */
export function moveJob(tables: Tables, jobId: number, move: Move, patch: JobPatch, now: number): IllegalMove | null {
  const job = tables.jobs.get(jobId);
  if (job === null || !isLegal(move, job)) return { guard: 'legalMove', jobId, move, state: job?.state ?? null };
  if (move === 'block' && (patch.blockedOn ?? null) === null) throw new Error(`Job ${jobId} cannot wait for nothing.`);
  const isThere = move === 'block' && tables.facts.get(patch.blockedOn ?? '') !== null;
  tables.jobs.put(isThere ? unblockedLife(job, now) : movedLife(job, move, patch, now), now);
  return null;
}

/** @returns ids of the jobs that go on because of the fact. */
export function putFact(tables: Tables, fact: { fact: string; orgId: string; source: string }, now: number): number[] {
  if (tables.facts.get(fact.fact) === null) tables.facts.put(fact, fact.fact);
  const waiting = tables.jobs.all().filter(({ blockedOn }) => blockedOn === fact.fact);
  for (const job of waiting) {
    const move = job.state === 'blocked' ? 'release' : 'revive';
    tables.jobs.put(movedLife(job, move, { sentence: null }, now), now);
    tables.addActivity(factNote(job, move, fact.fact, fact.source), now);
  }
  return waiting.map(({ id }) => id);
}

function sameIntent(tables: Tables, job: NewJob, states: readonly MemoryJob['state'][]): MemoryJob | null {
  return job.coalesceKey === null ? null : tables.jobs.withCoalesceKey(job.orgId, job.coalesceKey, states);
}

function insert(tables: Tables, job: NewJob, now: number): Enqueued {
  const id = tables.nextId('job');
  tables.jobs.put(newLife(id, job, now), now);
  return { kind: 'enqueued', jobId: id, how: 'inserted' };
}
