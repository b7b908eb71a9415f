/**
 * Giving jobs to workers. Only ready rows are looked at, so what waits behind them costs nothing; rows that another
 * sidecar is taking are stepped over, so nobody waits.
 */
import type { Claimed } from './claimed.js';
import type { Job } from '../../domain/job.js';
import type { ClaimRequest } from '../store.js';
import { CLAIMED_COLUMNS, toClaimed } from './job-row.js';
import type { ClaimedRow } from './job-row.js';
import { nameOf } from './keyed-table.js';
import { lockColumns } from './lock-names.js';
import { sendAll } from './session.js';
import type { Rows, Session, Statement } from './session.js';
import { asTrouble, endedSession, troubleKind } from './trouble.js';
import { numbers, texts } from './values.js';

/** A connection without a limit of its own. */
const NO_LIMIT = 2_000_000_000;

const WANTED = `wanted AS MATERIALIZED (
    SELECT w.connection_id, w.least,
           greatest(0, least(w.most, w.limit_of_all - CASE WHEN w.limit_of_all = ${NO_LIMIT} THEN 0 ELSE
             (SELECT count(*) FROM jobs r WHERE r.state = 'running' AND r.finished_at IS NULL AND r.connection_id = w.connection_id) END)) AS most
    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS w(connection_id, most, limit_of_all, least))`;

const TAKE = `UPDATE jobs SET state = 'running', ready = false, fence = fence + 1, lease_until = $6, owner = $7,
       claimed_at = $5, updated_at = $5
  FROM picked WHERE jobs.ctid = picked.place RETURNING ${CLAIMED_COLUMNS}`;

const BY_PRIORITY = `WITH ${WANTED}, picked AS MATERIALIZED (
    SELECT j.place FROM wanted w CROSS JOIN LATERAL (
      SELECT ctid AS place FROM jobs WHERE connection_id = w.connection_id AND ready AND priority <= w.least
      ORDER BY priority, id LIMIT w.most FOR UPDATE SKIP LOCKED) j)
  ${TAKE}`;

/** Passed deadlines first; what is left of each share goes by priority. */
const BY_DEADLINE = `WITH ${WANTED}, late AS MATERIALIZED (
    SELECT w.connection_id, j.place FROM wanted w CROSS JOIN LATERAL (
      SELECT ctid AS place FROM jobs WHERE connection_id = w.connection_id AND ready AND deadline_at IS NOT NULL
        AND deadline_at <= $5 AND priority <= w.least
      ORDER BY deadline_at, id LIMIT w.most FOR UPDATE SKIP LOCKED) j),
  other AS MATERIALIZED (
    SELECT j.place FROM wanted w CROSS JOIN LATERAL (
      SELECT ctid AS place FROM jobs WHERE connection_id = w.connection_id AND ready AND priority <= w.least
        AND (deadline_at IS NULL OR deadline_at > $5)
      ORDER BY priority, id
      LIMIT w.most - (SELECT count(*) FROM late WHERE late.connection_id = w.connection_id) FOR UPDATE SKIP LOCKED) j),
  picked AS MATERIALIZED (SELECT place FROM late UNION ALL SELECT place FROM other)
  ${TAKE}`;

const LOCK = `SELECT count(pg_advisory_xact_lock(a, b) IS NULL) FROM unnest($1::integer[], $2::integer[]) AS names(a, b)`;
const BEGIN: Statement = { name: '', text: 'BEGIN', values: [] };
const COMMIT: Statement = { name: '', text: 'COMMIT', values: [] };
const TRIES = 4;

export type Claims = ReturnType<typeof claimsOf>;

/** @param claimed told of every job that is given out: settling it need not read it again. */
export function claimsOf(session: Session, claimed: Claimed) {
  async function claim(request: ClaimRequest): Promise<Job[]> {
    const rows = await send(statementsFor(request));
    const jobs = rows.map((row) => {
      const job = toClaimed(row, request);
      claimed.add({ job, owner: request.owner, claimedAt: request.now, firstDeadAt: row.first_dead_at });
      return job;
    });
    return inOrder(jobs, request);
  }

  async function promoteDue(now: number, limit: number): Promise<number> {
    const [answer] = await trying(() => sent([{ name: 'promote_due', text: PROMOTE, values: [now, limit] }]));
    return answer?.rowCount ?? 0;
  }

  async function send(statements: Statement[]): Promise<ClaimedRow[]> {
    const answers = await trying(() => sent(statements));
    return (answers.at(statements.length === 1 ? 0 : 2)?.rows ?? []) as unknown as ClaimedRow[];
  }

  async function sent(statements: readonly Statement[]): Promise<Rows[]> {
    const client = await session.client();
    try {
      return await sendAll(client, statements);
    } catch (error) {
      if (endedSession(error)) session.drop();
      throw error;
    }
  }

  return { claim, promoteDue };
}

/** Nothing was given out when it fails, or the lease of what was given out ends by itself. */
async function trying<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const kind = troubleKind(error);
      if ((kind !== 'try_again' && kind !== 'connection') || tries === TRIES) throw asTrouble(error);
      await new Promise((resolve) => setTimeout(resolve, 20 * 4 ** tries));
    }
  }
}

function statementsFor(request: ClaimRequest): Statement[] {
  const { now, owner, leaseMs, order, perConnection, mostRunning, upToPriority } = request;
  const connections = [...perConnection.keys()];
  const values = [
    texts(connections),
    numbers(connections.map((id) => Math.min(NO_LIMIT, perConnection.get(id) ?? 0))),
    numbers(connections.map((id) => Math.min(NO_LIMIT, mostRunning?.get(id) ?? NO_LIMIT))),
    numbers(connections.map((id) => upToPriority?.get(id) ?? NO_LIMIT)),
    now,
    now + leaseMs,
    owner,
  ];
  const claim =
    order === 'deadline'
      ? { name: 'claim_by_deadline', text: BY_DEADLINE, values }
      : { name: 'claim_by_priority', text: BY_PRIORITY, values };
  const limited = connections.filter((id) => mostRunning?.has(id) === true);
  if (limited.length === 0) return [claim];
  // Counted one after the other: two who count at the same moment would both find the last place free.
  const names = lockColumns(limited.map((id) => nameOf('running', id)));
  return [BEGIN, { name: 'lock_running', text: LOCK, values: names }, claim, COMMIT];
}

/** The earliest due of each connection first. Connections are stepped through in the index, however many rows each has. */
const PROMOTE = `WITH RECURSIVE waiting AS (
    (SELECT connection_id FROM jobs WHERE head AND NOT ready AND state IN ('queued', 'retrying')
     ORDER BY connection_id LIMIT 1)
    UNION ALL
    SELECT (SELECT j.connection_id FROM jobs j WHERE j.head AND NOT j.ready AND j.state IN ('queued', 'retrying')
              AND j.connection_id > waiting.connection_id ORDER BY j.connection_id LIMIT 1)
    FROM waiting WHERE waiting.connection_id IS NOT NULL),
  due AS MATERIALIZED (
    SELECT j.id FROM waiting CROSS JOIN LATERAL (
      SELECT id FROM jobs WHERE connection_id = waiting.connection_id AND head AND NOT ready
        AND state IN ('queued', 'retrying') AND run_at <= $1
      ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) j)
  UPDATE jobs SET ready = true FROM due WHERE jobs.id = due.id`;

/** As they were asked for: by connection, then as the index gave them. */
function inOrder(jobs: Job[], { order, now, perConnection }: ClaimRequest): Job[] {
  const rank = new Map([...perConnection.keys()].map((id, index) => [id, index]));
  const passed = ({ deadlineAt }: Job): number =>
    order === 'deadline' && deadlineAt !== null && deadlineAt <= now ? deadlineAt : Number.MAX_SAFE_INTEGER;
  return jobs.sort((a, b) => {
    const byConnection = (rank.get(a.connectionId) ?? 0) - (rank.get(b.connectionId) ?? 0);
    if (byConnection !== 0) return byConnection;
    const byDeadline = passed(a) - passed(b);
    if (byDeadline !== 0) return byDeadline;
    return passed(a) === Number.MAX_SAFE_INTEGER ? a.priority - b.priority || a.id - b.id : a.id - b.id;
  });
}
