/** What happened: attempts and activity, append-only. */
import type { Database } from 'better-sqlite3';
import type { Activity, Attempt, NewActivity, NewAttempt, Store } from '../store.js';
import { fromFailure, toFailure } from './job-row.js';
import { rowInsert, VALUE } from './sql.js';
import type { Select } from './statements.js';

interface AttemptRow {
  id: number;
  job_id: number;
  fence: number;
  outcome: Attempt['outcome'];
  failure: string | null;
  sentence: string;
  queue_ms: number;
  run_ms: number;
  started_at: number;
}
interface ActivityRow {
  id: number;
  org_id: string;
  connection_id: string | null;
  job_id: number | null;
  subject: string;
  who: string;
  what: string;
  why: string | null;
  before: string | null;
  after: string | null;
  at: number;
}

// prettier-ignore
const ATTEMPT = [
  'job_id', 'fence', 'outcome', 'failure', 'sentence', 'queue_ms', 'run_ms', 'started_at',
] satisfies (keyof AttemptRow)[];
// prettier-ignore
const ACTIVITY = [
  'org_id', 'connection_id', 'job_id', 'subject', 'who', 'what', 'why', 'before', 'after', 'at',
] satisfies (keyof ActivityRow)[];

export type Journal = ReturnType<typeof journalOf>;

export function journalOf(db: Database, select: Select) {
  const sql = {
    attempt: rowInsert<Omit<AttemptRow, 'id'>>(db, 'attempts', ATTEMPT),
    activity: rowInsert<Omit<ActivityRow, 'id'>>(db, 'activity', ACTIVITY),
    attempts: db.prepare<[number], AttemptRow>(`SELECT * FROM attempts WHERE job_id = ${VALUE} ORDER BY id`),
  };
  return {
    addAttempt: (attempt: NewAttempt): void => void sql.attempt(fromAttempt(attempt)),
    note: (activity: NewActivity, at: number): void => void sql.activity(fromActivity(activity, at)),
    reads: {
      attempts: async (jobId) => sql.attempts.all(jobId).map(toAttempt),
      activity: async (filter, limit) => activityRows(select, filter, limit).map(toActivity),
    } satisfies Partial<Store>,
  };
}

/** Newest first. */
function activityRows(
  select: Select,
  { jobId, subject, orgId }: Parameters<Store['activity']>[0],
  limit: number,
): ActivityRow[] {
  const conditions = [
    ...(jobId === undefined ? [] : ['job_id = @jobId']),
    ...(subject === undefined ? [] : ['subject = @subject']),
    ...(orgId === undefined ? [] : ['org_id = @orgId']),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const text = `SELECT * FROM activity ${where} ORDER BY id DESC LIMIT @limit`;
  return select<ActivityRow>(text, { jobId, subject, orgId, limit });
}

function fromAttempt(attempt: NewAttempt): Omit<AttemptRow, 'id'> {
  return {
    job_id: attempt.jobId,
    fence: attempt.fence,
    outcome: attempt.outcome,
    failure: fromFailure(attempt.failure),
    sentence: attempt.sentence,
    queue_ms: attempt.queueMs,
    run_ms: attempt.runMs,
    started_at: attempt.startedAt,
  };
}

function toAttempt(row: AttemptRow): Attempt {
  return {
    id: row.id,
    jobId: row.job_id,
    fence: row.fence,
    outcome: row.outcome,
    failure: toFailure(row.failure),
    sentence: row.sentence,
    queueMs: row.queue_ms,
    runMs: row.run_ms,
    startedAt: row.started_at,
  };
}

function fromActivity({ orgId, connectionId, jobId, ...activity }: NewActivity, at: number): Omit<ActivityRow, 'id'> {
  const { subject, who, what, why, before, after } = activity;
  return { org_id: orgId, connection_id: connectionId, job_id: jobId, subject, who, what, why, before, after, at };
}

function toActivity({ org_id: orgId, connection_id: connectionId, job_id: jobId, ...row }: ActivityRow): Activity {
  return { ...row, orgId, connectionId, jobId };
}
