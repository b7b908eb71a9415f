/** Jobs changed by a unit: enqueued, moved, set going by a fact. */
import type { Database } from 'better-sqlite3';
import { isLegal, mergedLife, movedLife, newLife, revivedLife, unblockedLife } from '../../domain/job-life.js';
import type { JobLife } from '../../domain/job-life.js';
import { factNote, revivedNote } from '../../domain/job-notes.js';
import type { Move, NewJob } from '../../domain/job.js';
import type { IllegalMove, JobPatch, WriteResult } from '../store.js';
import type { Facts } from './facts.js';
import { toLife } from './job-row.js';
import type { JobRow } from './job-row.js';
import type { JobTable } from './job-table.js';
import type { Journal } from './journal.js';
import { MERGEABLE, VALUE } from './sql.js';

type Enqueued = Extract<WriteResult, { kind: 'enqueued' }>;

export function jobWrites(db: Database, { jobs, journal, facts }: { jobs: JobTable; journal: Journal; facts: Facts }) {
  const sql = {
    /** The newest that is not claimed; without one, the newest dead. */
    same: db.prepare<[string, string], JobRow>(
      `SELECT * FROM jobs INDEXED BY jobs_coalesce
       WHERE org_id = ${VALUE} AND coalesce_key = ${VALUE} AND ${MERGEABLE}
       ORDER BY state = 'dead', id DESC LIMIT 1`,
    ),
    waitingFor: db.prepare<[string], JobRow>(`SELECT * FROM jobs WHERE blocked_on = ${VALUE} ORDER BY id`),
  };

  function change(row: JobRow, job: JobLife, now: number): void {
    jobs.save(job, row, now);
  }

  function enqueue(job: NewJob, onDead: 'revive' | 'leave', now: number): Enqueued {
    const { orgId, coalesceKey } = job;
    if (coalesceKey === null) return insert(job, now);
    const same = sql.same.get(orgId, coalesceKey);
    if (same === undefined) return insert(job, now);
    if (same.state === 'dead') return meetDead(same, job, onDead, now);
    change(same, mergedLife(toLife(same), job, now), now);
    return { kind: 'enqueued', jobId: same.id, how: 'coalesced' };
  }

  function insert(job: NewJob, now: number): Enqueued {
    return { kind: 'enqueued', jobId: jobs.insert(newLife(0, job, now), now), how: 'inserted' };
  }

  function meetDead(row: JobRow, job: NewJob, onDead: 'revive' | 'leave', now: number): Enqueued {
    if (onDead === 'leave') return { kind: 'enqueued', jobId: row.id, how: 'left_dead' };
    const dead = toLife(row);
    change(row, revivedLife(dead, job, now), now);
    journal.note(revivedNote(dead, job.origin), now);
    return { kind: 'enqueued', jobId: row.id, how: 'revived' };
  }

  /** @returns the refusal, or null when the job has moved. */
  function move(jobId: number, move: Move, patch: JobPatch, now: number): IllegalMove | null {
    const row = jobs.get(jobId);
    if (row === undefined || !isLegal(move, { state: row.state, settledBy: row.settled_by })) {
      return { guard: 'legalMove', jobId, move, state: row?.state ?? null };
    }
    const blockedOn = patch.blockedOn ?? null;
    if (move === 'block' && blockedOn === null) throw new Error(`Job ${jobId} cannot wait for nothing.`);
    const isThere = move === 'block' && blockedOn !== null && facts.has(blockedOn);
    const job = toLife(row);
    change(row, isThere ? unblockedLife(job, now) : movedLife(job, move, patch, now), now);
    return null;
  }

  /** @returns ids of the jobs that go on because of it. */
  function putFact({ fact, orgId, source }: { fact: string; orgId: string; source: string }, now: number): number[] {
    facts.put(fact, orgId, source, now);
    return sql.waitingFor.all(fact).map((row) => {
      const move = row.state === 'blocked' ? 'release' : 'revive';
      const job = toLife(row);
      change(row, movedLife(job, move, { sentence: null }, now), now);
      journal.note(factNote(job, move, fact, source), now);
      return row.id;
    });
  }

  return { enqueue, move, putFact };
}
