/** Jobs by filter. */
import { JOB_STATES } from '../../domain/job.js';
import type { JobState } from '../../domain/job.js';
import type { FailureGroup, JobFilter, Page, Store } from '../store.js';
import { toJob } from './job-row.js';
import type { JobRow } from './job-row.js';
import { Gather } from './reading.js';
import type { Reading } from './reading.js';
import { byKey, Where } from './sql.js';
import { array } from './values.js';
import type { Value } from './values.js';

export function jobReads(reading: Reading) {
  const byId = new Gather<JobRow>(reading, 'job', byKey('jobs', ['id'], '*', 'bigint'));
  return {
    job: async (id) => {
      const row = await byId.one(String(id));
      return row === null ? null : toJob(row);
    },
    jobs: async (filter, { sort, limit, offset }) => {
      const where = condition(filter);
      // Ids first: a page far down a long list is found in the index, and only its rows are read whole.
      const page = `SELECT jobs.* FROM jobs WHERE id IN (
        SELECT id FROM jobs WHERE ${where.sql} ORDER BY ${ORDERS[sort]} LIMIT ${limit} OFFSET ${offset}) ORDER BY ${ORDERS[sort]}`;
      const [rows, counted] = await Promise.all([
        reading.rows<JobRow>(page, where.values),
        reading.first<{ total: number }>(`SELECT count(*) AS total FROM jobs WHERE ${where.sql}`, where.values),
      ]);
      return { rows: rows.map(toJob), total: counted?.total ?? 0 };
    },
    countByState: async (filter) => {
      const { sql, values } = condition(filter);
      const text = `SELECT state, count(*) AS count FROM jobs WHERE ${sql} GROUP BY state`;
      const counts = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
      for (const { state, count } of await reading.rows<{ state: JobState; count: number }>(text, values))
        counts[state] = count;
      return counts;
    },
    failureGroups: async (filter, limit) => {
      const { sql, values } = condition(filter);
      const text = `SELECT kind, connection_id, cause, count(*) AS count, min(coalesce(finished_at, 0)) AS first_at,
          max(coalesce(finished_at, 0)) AS last_at, (array_agg(id ORDER BY coalesce(finished_at, 0) DESC, id DESC))[1] AS job_id
        FROM jobs WHERE state = 'dead' AND ${sql} GROUP BY kind, connection_id, cause
        ORDER BY count DESC, last_at DESC, job_id DESC LIMIT ${limit}`;
      return (await reading.rows<GroupRow>(text, values)).map(toGroup);
    },
    lastJobId: async () => {
      const text = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('jobs', 'id')), 0) AS id";
      return (await reading.first<{ id: number }>(text))?.id ?? 0;
    },
  } satisfies Partial<Store>;
}

const ORDERS = {
  newest: 'id DESC',
  oldest: 'id',
  next: 'run_at, id',
  updated: 'updated_at DESC, id DESC',
} as const satisfies Record<Page['sort'], string>;

/** Each field of a filter with its SQL, `?` standing for the value bound to it. */
const FIELDS = {
  orgId: { sql: 'org_id = ?', value: (orgId: string) => orgId },
  connectionIds: { sql: 'connection_id = ANY (?::text[])', value: (ids: readonly string[]) => array(ids) },
  states: { sql: 'state = ANY (?::text[])', value: (states: readonly string[]) => array(states) },
  kinds: { sql: 'kind = ANY (?::text[])', value: (kinds: readonly string[]) => array(kinds) },
  subject: {
    // Two halves with an index each.
    sql: "(subject = ? AND state <> 'running') OR (subject = ? AND state = 'running' AND finished_at IS NULL)",
    value: (subject: string) => subject,
  },
  failureKind: { sql: 'failure_kind = ?', value: (kind: string) => kind },
  batchId: { sql: 'batch_id = ?', value: (batchId: string) => batchId },
  cause: { sql: 'cause = ?', value: (cause: string) => cause },
  traceId: { sql: 'trace_id = ?', value: (traceId: string) => traceId },
  idAfter: { sql: 'id > ?', value: (id: number) => id },
  idUpTo: { sql: 'id <= ?', value: (id: number) => id },
  updatedAfter: { sql: 'updated_at >= ?', value: (at: number) => at },
  updatedBefore: { sql: 'updated_at <= ?', value: (at: number) => at },
  late: { sql: 'deadline_at < ? AND finished_at IS NULL', value: ({ now }: { now: number }) => now },
  search: {
    // Under the collation "C" of these columns lower() folds ASCII letters only, as the other stores do.
    sql: `lower(subject) LIKE ? OR lower(sentence) LIKE ? OR (org_id, subject) IN (
      SELECT org_id, 'order:' || local_id FROM mappings
      WHERE type = 'order' AND (lower(remote_id) = ?2 OR lower(remote_label) LIKE ?))`,
    value: (search: string) => [part(search), folded(search)],
  },
} as const satisfies { [Field in keyof JobFilter]-?: { sql: string; value: (wanted: never) => Value | Value[] } };

/** @param values bound before those of the filter. */
export function condition(filter: JobFilter, values: readonly Value[] = []): Where {
  const where = new Where(values);
  for (const [field, { sql, value }] of Object.entries(FIELDS)) {
    const wanted = filter[field as keyof JobFilter];
    if (wanted !== undefined) where.add(sql, ...[(value as (wanted: unknown) => Value | Value[])(wanted)].flat());
  }
  return where;
}

/** A pattern that finds `text` anywhere in a text that was folded by lower(). */
export function part(text: string): string {
  return `%${folded(text).replace(/[\\%_]/g, '\\$&')}%`;
}

/** ASCII letters only. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

interface GroupRow {
  kind: string;
  connection_id: string;
  cause: string;
  count: number;
  first_at: number;
  last_at: number;
  job_id: number;
}

function toGroup({ kind, connection_id, cause, count, first_at, last_at, job_id }: GroupRow): FailureGroup {
  return { kind, connectionId: connection_id, cause, count, firstAt: first_at, lastAt: last_at, jobId: job_id };
}
