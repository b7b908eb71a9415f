/** Jobs by filter. Sets are bound as JSON, so that one text serves every number of states or connections. */
import type { Database } from 'better-sqlite3';
import { LIVE_STATES } from '../../domain/job.js';
import type { JobFilter, Page, Store } from '../store.js';
import type { Count } from './counts.js';
import { toJob } from './job-row.js';
import type { JobRow } from './job-row.js';
import { containing } from './sql.js';
import type { Select } from './statements.js';

export interface Condition {
  /** Never empty. */
  sql: string;
  values: Record<string, string | number>;
}

export function jobReads(db: Database, select: Select, count: Count) {
  const byId = db.prepare<[number], JobRow>('SELECT * FROM jobs WHERE id = ?');
  const lastId = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'jobs'").pluck();
  return {
    lastJobId: async () => lastId.get() ?? 0,
    job: async (id) => {
      const row = byId.get(id);
      return row === undefined ? null : toJob(row);
    },
    jobs: async (filter, { sort, limit, offset }) => {
      const { sql, values } = condition(filter);
      // Ids first: a page far down a long list is found in the index, and only its rows are read whole.
      const page = `SELECT jobs.* FROM jobs WHERE id IN (
        SELECT id FROM jobs WHERE ${sql} ORDER BY ${ORDERS[sort]} LIMIT @limit OFFSET @offset) ORDER BY ${ORDERS[sort]}`;
      const rows = select<JobRow>(page, { ...values, limit, offset }).map(toJob);
      return { rows, total: Object.values(await count(filter)).reduce((sum, one) => sum + one) };
    },
    countByState: count,
  } satisfies Partial<Store>;
}

const ORDERS = {
  newest: 'id DESC',
  oldest: 'id',
  next: 'run_at, id',
  updated: 'updated_at DESC, id DESC',
} as const satisfies Record<Page['sort'], string>;

/** Each field of a filter with its SQL and the value bound to it. */
const FIELDS = {
  orgId: { sql: 'org_id = @orgId', value: (orgId: string) => orgId },
  connectionIds: { sql: 'connection_id IN (SELECT value FROM json_each(@connectionIds))', value: JSON.stringify },
  states: { sql: 'state IN (SELECT value FROM json_each(@states))', value: JSON.stringify },
  kinds: { sql: 'kind IN (SELECT value FROM json_each(@kinds))', value: JSON.stringify },
  subject: { sql: 'subject = @subject', value: (subject: string) => subject },
  failureKind: { sql: "last_failure ->> 'kind' = @failureKind", value: (kind: string) => kind },
  batchId: { sql: 'batch_id = @batchId', value: (batchId: string) => batchId },
  cause: { sql: 'cause = @cause', value: (cause: string) => cause },
  traceId: { sql: 'trace_id = @traceId', value: (traceId: string) => traceId },
  idAfter: { sql: 'id > @idAfter', value: (id: number) => id },
  idUpTo: { sql: 'id <= @idUpTo', value: (id: number) => id },
  updatedAfter: { sql: 'updated_at >= @updatedAfter', value: (at: number) => at },
  updatedBefore: { sql: 'updated_at <= @updatedBefore', value: (at: number) => at },
  late: {
    sql: `deadline_at IS NOT NULL AND deadline_at < @late AND state IN (${LIVE_STATES.map((state) => `'${state}'`).join(', ')})`,
    value: ({ now }: { now: number }) => now,
  },
  search: {
    sql: `(subject LIKE @search ESCAPE '\\' OR sentence LIKE @search ESCAPE '\\' OR (org_id, subject) IN (
      SELECT org_id, 'order:' || local_id FROM mappings
      WHERE type = 'order' AND (lower('%' || remote_id || '%') = lower(@search) OR remote_label LIKE @search ESCAPE '\\')))`,
    value: containing,
  },
} as const satisfies {
  [Field in keyof JobFilter]-?: { sql: string; value: (wanted: never) => string | number };
};

export function condition(filter: JobFilter): Condition {
  const parts: string[] = ['1'];
  const values: Condition['values'] = {};
  for (const [field, { sql, value }] of Object.entries(FIELDS)) {
    const wanted = filter[field as keyof JobFilter];
    if (wanted === undefined) continue;
    parts.push(sql);
    values[field] = (value as (wanted: unknown) => string | number)(wanted);
  }
  return { sql: parts.join(' AND '), values };
}
