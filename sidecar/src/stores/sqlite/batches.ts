import type { Database } from 'better-sqlite3';
import type { Batch, BatchMove, BatchState } from '../../domain/batch.js';
import type { JobState } from '../../domain/job.js';
import type { Store } from '../store.js';
import { upsertInto } from './sql.js';

interface BatchRow {
  id: string;
  org_id: string;
  title: string;
  state: BatchState;
  filter: string | null;
  move: BatchMove | null;
  total: number;
  moved: number;
  cursor: number;
  last_job_id: number;
  who: string;
  reason: string | null;
  note: string | null;
  created_at: number;
  started_at: number | null;
  updated_at: number;
  finished_at: number | null;
  final_counts: string | null;
}

// prettier-ignore
const COLUMNS = [
  'id', 'org_id', 'title', 'state', 'filter', 'move', 'total', 'moved', 'cursor', 'last_job_id', 'who', 'reason', 'note',
  'created_at', 'started_at', 'updated_at', 'finished_at', 'final_counts',
] satisfies (keyof BatchRow)[];

export function batchesOf(db: Database) {
  const sql = {
    put: db.prepare<[BatchRow]>(upsertInto('batches', ['id'], COLUMNS)),
    one: db.prepare<[string], BatchRow>('SELECT * FROM batches WHERE id = ?'),
    latest: db.prepare<[{ orgId: string | null; states: string | null; limit: number }], BatchRow>(
      `SELECT * FROM batches
       WHERE (@orgId IS NULL OR org_id = @orgId)
         AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
       ORDER BY created_at DESC, id DESC LIMIT @limit`,
    ),
  };
  return {
    put: (batch: Batch, now: number) => void sql.put.run(fromBatch(batch, now)),
    state: (id: string): BatchState | null => sql.one.get(id)?.state ?? null,
    reads: {
      batch: async (id) => {
        const row = sql.one.get(id);
        return row === undefined ? null : toBatch(row);
      },
      batches: async ({ orgId, states }, limit) =>
        sql.latest
          .all({ orgId: orgId ?? null, states: states === undefined ? null : JSON.stringify(states), limit })
          .map(toBatch),
    } satisfies Partial<Store>,
  };
}

function fromBatch(batch: Batch, now: number): BatchRow {
  const {
    orgId,
    filter,
    lastJobId,
    createdAt,
    startedAt,
    updatedAt: _updatedAt,
    finishedAt,
    finalCounts,
    ...row
  } = batch;
  return {
    ...row,
    org_id: orgId,
    filter: filter === null ? null : JSON.stringify(filter),
    last_job_id: lastJobId,
    created_at: createdAt,
    started_at: startedAt,
    updated_at: now,
    finished_at: finishedAt,
    final_counts: finalCounts === null ? null : JSON.stringify(finalCounts),
  };
}

function toBatch(row: BatchRow): Batch {
  const { id, title, state, move, total, moved, cursor, who, reason, note } = row;
  return {
    id,
    orgId: row.org_id,
    title,
    state,
    filter: row.filter === null ? null : (JSON.parse(row.filter) as Record<string, unknown>),
    move,
    total,
    moved,
    cursor,
    lastJobId: row.last_job_id,
    who,
    reason,
    note,
    createdAt: row.created_at,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
    finalCounts: row.final_counts === null ? null : (JSON.parse(row.final_counts) as Record<JobState, number>),
  };
}
