/** Giving jobs to the worker. Only ready rows are looked at, so what waits behind them costs nothing. */
import type { Database } from 'better-sqlite3';
import { claimedLife } from '../../domain/job-life.js';
import type { JobLife } from '../../domain/job-life.js';
import type { Job } from '../../domain/job.js';
import type { ClaimRequest } from '../store.js';
import { toLife } from './job-row.js';
import type { JobRow } from './job-row.js';

export type Claims = ReturnType<typeof claimsOf>;

export function claimsOf(db: Database) {
  const sql = {
    byPriority: db.prepare<[string, number], JobRow>(
      `SELECT * FROM jobs INDEXED BY jobs_ready
       WHERE connection_id = ? AND ready = 1 ORDER BY priority, id LIMIT ?`,
    ),
    byDeadline: db.prepare<[string, number, number], JobRow>(
      `SELECT * FROM jobs INDEXED BY jobs_ready_by_deadline
       WHERE connection_id = ? AND ready = 1 AND deadline_at IS NOT NULL AND deadline_at <= ?
       ORDER BY deadline_at, id LIMIT ?`,
    ),
    claim: db.prepare<[number, string, number, number, number]>(
      `UPDATE jobs SET state = 'running', ready = 0, fence = fence + 1, lease_until = ?, owner = ?, claimed_at = ?,
              updated_at = ?
       WHERE id = ?`,
    ),
    promote: db.prepare<[number, number]>(
      `UPDATE jobs SET ready = 1 WHERE id IN (
         SELECT id FROM jobs INDEXED BY jobs_due
         WHERE head = 1 AND ready = 0 AND state IN ('queued', 'retrying') AND run_at <= ?
         ORDER BY run_at, id LIMIT ?)`,
    ),
    extend: db.prepare<[number, number, number]>(
      "UPDATE jobs SET lease_until = ? WHERE id = ? AND fence = ? AND state = 'running'",
    ),
  };

  function claim(request: ClaimRequest): Job[] {
    return [...request.perConnection].flatMap(([connectionId, most]) => {
      const late =
        request.order === 'deadline' ? take(sql.byDeadline.all(connectionId, request.now, most), request) : [];
      return [...late, ...take(sql.byPriority.all(connectionId, most - late.length), request)];
    });
  }

  function take(rows: JobRow[], { now, owner, leaseMs }: ClaimRequest): Job[] {
    for (const { id } of rows) sql.claim.run(now + leaseMs, owner, now, now, id);
    return rows.map((row) => withoutLife(claimedLife(toLife(row), now, owner, leaseMs)));
  }

  return {
    claim,
    promoteDue: (now: number, limit: number): number => sql.promote.run(now, limit).changes,
    extendLease: (jobId: number, fence: number, leaseUntil: number): boolean =>
      sql.extend.run(leaseUntil, jobId, fence).changes === 1,
  };
}

function withoutLife({ owner: _owner, claimedAt: _claimedAt, firstDeadAt: _firstDeadAt, ...job }: JobLife): Job {
  return job;
}
