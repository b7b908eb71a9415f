/** What happened: attempts and activity, append-only. */
import type { Activity, Attempt, NewActivity, NewAttempt, Store } from '../store.js';
import { fromFailure, toFailure } from './job-row.js';
import type { Reading } from './reading.js';
import { Where } from './sql.js';
import type { Statement } from './session.js';
import { array } from './values.js';
import type { Undo } from './working-rows.js';

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

export class Journal {
  private readonly attempts: NewAttempt[] = [];
  private readonly activity: { entry: NewActivity; at: number }[] = [];

  constructor(private readonly undo: Undo) {}

  addAttempt(attempt: NewAttempt): void {
    this.attempts.push(attempt);
    this.undo.add(() => this.attempts.pop());
  }

  note(entry: NewActivity, at: number): void {
    this.activity.push({ entry, at });
    this.undo.add(() => this.activity.pop());
  }

  /** @param idOf the id of a job that was given one only now. */
  writers(idOf: (id: number) => number): Statement[] {
    return [
      ...(this.attempts.length === 0 ? [] : [attemptWriter(this.attempts)]),
      ...(this.activity.length === 0 ? [] : [activityWriter(this.activity, idOf)]),
    ];
  }
}

function attemptWriter(attempts: readonly NewAttempt[]): Statement {
  const text = `INSERT INTO attempts (job_id, fence, outcome, failure, sentence, queue_ms, run_ms, started_at)
    SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[])`;
  const values = [
    array(attempts.map(({ jobId }) => jobId)),
    array(attempts.map(({ fence }) => fence)),
    array(attempts.map(({ outcome }) => outcome)),
    array(attempts.map(({ failure }) => fromFailure(failure))),
    array(attempts.map(({ sentence }) => sentence)),
    array(attempts.map(({ queueMs }) => queueMs)),
    array(attempts.map(({ runMs }) => runMs)),
    array(attempts.map(({ startedAt }) => startedAt)),
  ];
  return { name: 'insert_attempts', text, values };
}

function activityWriter(
  activity: readonly { entry: NewActivity; at: number }[],
  idOf: (id: number) => number,
): Statement {
  const text = `INSERT INTO activity (org_id, connection_id, job_id, subject, who, what, why, before, after, at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::text[], $9::text[], $10::bigint[])`;
  const column = (of: keyof NewActivity) => array(activity.map(({ entry }) => entry[of]));
  const values = [
    column('orgId'),
    column('connectionId'),
    array(activity.map(({ entry: { jobId } }) => (jobId === null ? null : idOf(jobId)))),
    column('subject'),
    column('who'),
    column('what'),
    column('why'),
    column('before'),
    column('after'),
    array(activity.map(({ at }) => at)),
  ];
  return { name: 'insert_activity', text, values };
}

export function journalReads(reading: Reading) {
  return {
    attempts: async (jobId) => {
      const sql = 'SELECT * FROM attempts WHERE job_id = $1 ORDER BY id';
      return (await reading.rows<AttemptRow>(sql, [jobId], 'attempts')).map(toAttempt);
    },
    activity: async ({ jobId, subject, orgId }, limit) => {
      const where = new Where();
      if (jobId !== undefined) where.add('job_id = ?', jobId);
      if (subject !== undefined) where.add('subject = ?', subject);
      if (orgId !== undefined) where.add('org_id = ?', orgId);
      const sql = `SELECT * FROM activity WHERE ${where.sql} ORDER BY id DESC LIMIT ${limit}`;
      return (await reading.rows<ActivityRow>(sql, where.values)).map(toActivity);
    },
  } satisfies Partial<Store>;
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

function toActivity({ org_id: orgId, connection_id: connectionId, job_id: jobId, ...row }: ActivityRow): Activity {
  return { ...row, orgId, connectionId, jobId };
}
