import type { Batch, BatchMove, BatchState } from '../../domain/batch.js';
import type { Store } from '../store.js';
import type { Shape } from './keyed-table.js';
import type { Reading } from './reading.js';
import { Where } from './sql.js';
import { array } from './values.js';

export interface BatchRow {
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

export const BATCHES: Shape<BatchRow> = {
  table: 'batches',
  key: ['id'],
  // prettier-ignore
  others: [
    'org_id', 'title', 'state', 'filter', 'move', 'total', 'moved', 'cursor', 'last_job_id', 'who', 'reason', 'note',
    'created_at', 'started_at', 'updated_at', 'finished_at', 'final_counts',
  ],
  // prettier-ignore
  types: {
    total: 'bigint', moved: 'bigint', cursor: 'bigint', last_job_id: 'bigint', created_at: 'bigint',
    started_at: 'bigint', updated_at: 'bigint', finished_at: 'bigint',
  },
};

export function batchReads(reading: Reading) {
  return {
    batch: async (id) => {
      const row = await reading.first<BatchRow>('SELECT * FROM batches WHERE id = $1', [id], 'batch');
      return row === null ? null : toBatch(row);
    },
    batches: async ({ orgId, states }, limit) => {
      const where = new Where();
      if (orgId !== undefined) where.add('org_id = ?', orgId);
      if (states !== undefined) where.add('state = ANY (?::text[])', array(states));
      const sql = `SELECT * FROM batches WHERE ${where.sql} ORDER BY created_at DESC, id DESC LIMIT ${limit}`;
      return (await reading.rows<BatchRow>(sql, where.values)).map(toBatch);
    },
  } satisfies Partial<Store>;
}

export function fromBatch(batch: Batch, now: number): BatchRow {
  return {
    id: batch.id,
    org_id: batch.orgId,
    title: batch.title,
    state: batch.state,
    filter: json(batch.filter),
    move: batch.move,
    total: batch.total,
    moved: batch.moved,
    cursor: batch.cursor,
    last_job_id: batch.lastJobId,
    who: batch.who,
    reason: batch.reason,
    note: batch.note,
    created_at: batch.createdAt,
    started_at: batch.startedAt,
    updated_at: now,
    finished_at: batch.finishedAt,
    final_counts: json(batch.finalCounts),
  };
}

function toBatch(row: BatchRow): Batch {
  return {
    id: row.id,
    orgId: row.org_id,
    title: row.title,
    state: row.state,
    filter: row.filter === null ? null : (JSON.parse(row.filter) as NonNullable<Batch['filter']>),
    move: row.move,
    total: row.total,
    moved: row.moved,
    cursor: row.cursor,
    lastJobId: row.last_job_id,
    who: row.who,
    reason: row.reason,
    note: row.note,
    createdAt: row.created_at,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
    finalCounts: row.final_counts === null ? null : (JSON.parse(row.final_counts) as NonNullable<Batch['finalCounts']>),
  };
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
