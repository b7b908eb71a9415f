/** Giving jobs to the worker. Only ready rows are looked at, so what waits behind them costs nothing. */
import type { Database } from 'better-sqlite3';
import type { Job } from '../../domain/job.js';
import type { ClaimRequest } from '../store.js';
import { toJob } from './job-row.js';
import type { JobRow } from './job-row.js';
import type { JobTable } from './job-table.js';
import { VALUE, WAITING, WAITING_CONNECTIONS } from './sql.js';

export type Claims = ReturnType<typeof claimsOf>;

export function claimsOf(db: Database, jobs: JobTable) {
  const sql = {
    byPriority: db.prepare<[...Claimed, string, number, number], FoundRow>(
      claiming(`SELECT id FROM jobs INDEXED BY jobs_ready
        WHERE connection_id = ${VALUE} AND ready = 1 AND priority <= ${VALUE} ORDER BY priority, id LIMIT ?`),
    ),
    byDeadline: db.prepare<[...Claimed, string, number, number, number], FoundRow>(
      claiming(`SELECT id FROM jobs INDEXED BY jobs_ready_by_deadline
        WHERE connection_id = ${VALUE} AND ready = 1 AND deadline_at IS NOT NULL AND deadline_at <= ${VALUE}
          AND priority <= ${VALUE}
        ORDER BY deadline_at, id LIMIT ?`),
    ),
    running: db
      .prepare<[string, number], number>(
        `SELECT count(*) FROM (
           SELECT 1 FROM jobs INDEXED BY jobs_by_state WHERE connection_id = ? AND state = 'running' LIMIT ?)`,
      )
      .pluck(),
    /** Each connection that has something due: one step in the index for each, however much waits there. */
    due: db
      .prepare<[number], string>(
        `${WAITING_CONNECTIONS}
         SELECT id FROM waiting WHERE id IS NOT NULL AND EXISTS (
           SELECT 1 FROM jobs INDEXED BY jobs_due WHERE ${WAITING} AND connection_id = waiting.id AND run_at <= ?)`,
      )
      .pluck(),
    promote: db.prepare<[string, number, number]>(
      `UPDATE jobs SET ready = 1 WHERE id IN (
         SELECT id FROM jobs INDEXED BY jobs_due
         WHERE ${WAITING} AND connection_id = ${VALUE} AND run_at <= ${VALUE} ORDER BY run_at, id LIMIT ?)`,
    ),
    extend: db.prepare<[number, number, number]>(
      "UPDATE jobs SET lease_until = ? WHERE id = ? AND fence = ? AND state = 'running'",
    ),
  };

  function claim(request: ClaimRequest): Job[] {
    return [...request.perConnection].flatMap(([connectionId, wanted]) => {
      const most = Math.min(wanted, freeToRun(connectionId, request));
      if (most <= 0) return [];
      const least = request.upToPriority?.get(connectionId) ?? Number.MAX_SAFE_INTEGER;
      const { now, owner, leaseMs, order } = request;
      const claimed: Claimed = [now + leaseMs, owner, now, now];
      const late = order === 'deadline' ? sql.byDeadline.all(...claimed, connectionId, now, least, most) : [];
      const others = sql.byPriority.all(...claimed, connectionId, least, most - late.length);
      const rows = [...late.sort(byDeadline), ...others.sort(byPriority)].map((row) => asClaimed(row, request));
      jobs.keepClaimed(rows);
      return rows.map(toJob);
    });
  }

  function freeToRun(connectionId: string, { mostRunning }: ClaimRequest): number {
    const most = mostRunning?.get(connectionId);
    return most === undefined ? Number.MAX_SAFE_INTEGER : most - (sql.running.get(connectionId, most) ?? 0);
  }

  return {
    claim,
    dueConnections: (now: number): string[] => sql.due.all(now),
    promote: (connectionId: string, now: number, limit: number): number =>
      sql.promote.run(connectionId, now, limit).changes,
    extendLease(jobId: number, fence: number, leaseUntil: number): boolean {
      jobs.forgetClaimed(jobId);
      return sql.extend.run(leaseUntil, jobId, fence).changes === 1;
    },
  };
}

/** lease_until, owner, claimed_at, updated_at */
type Claimed = [number, string, number, number];

/** One statement for all that are found: it costs two thirds of looking first and writing each. */
function claiming(found: string): string {
  return `UPDATE jobs SET state = 'running', ready = 0, fence = fence + 1, lease_until = ?, owner = ?, claimed_at = ?,
            updated_at = ?
          WHERE id IN (${found}) RETURNING ${FOUND.join(', ')}`;
}

// prettier-ignore
const FOUND = [
  'id', 'org_id', 'connection_id', 'kind', 'subject', 'ordering_key', 'coalesce_key', 'priority', 'run_at', 'deadline_at',
  'payload', 'trace_id', 'origin', 'attempts', 'fence', 'last_failure', 'sentence', 'settled_by', 'first_dead_at',
  'created_at', 'queued_at', 'batch_id', 'cause',
] as const satisfies readonly (keyof JobRow)[];
/** What is not known of a job that is being claimed: the rest would be put together and taken apart again for each. */
type FoundRow = Pick<JobRow, (typeof FOUND)[number]>;

/** @returns the row as the claim has left it. */
function asClaimed(row: FoundRow, { now, owner, leaseMs }: ClaimRequest): JobRow {
  return {
    ...row,
    state: 'running',
    head: 1,
    ready: 0,
    lease_until: now + leaseMs,
    owner,
    claimed_at: now,
    blocked_on: null,
    blocked_until: null,
    updated_at: now,
    finished_at: null,
  };
}

// RETURNING keeps no order.
const byPriority = (a: FoundRow, b: FoundRow): number => a.priority - b.priority || a.id - b.id;
const byDeadline = (a: FoundRow, b: FoundRow): number => (a.deadline_at ?? 0) - (b.deadline_at ?? 0) || a.id - b.id;
