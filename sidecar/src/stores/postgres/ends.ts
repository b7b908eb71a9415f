/**
 * Runs that ended well and left nothing but their attempt: most of what a queue writes. Nothing has to be read for them, as
 * this process has claimed them itself, so they are written in the first turn to the server. What a run does to its job is
 * the domain's to say here too; only who comes to the front of the key next is found by the statement itself.
 */
import { attemptsAfter, MOVES } from '../../domain/job.js';
import type { Job, Move } from '../../domain/job.js';
import type { JobPatch, NewAttempt, Unit } from '../store.js';
import type { Claimed } from './claimed.js';
import { FINISHED } from './job-writers.js';
import { keyName } from './jobs.js';
import type { Statement } from './session.js';
import { array, numbers, texts } from './values.js';

export interface End {
  job: Job;
  attempts: number;
  sentence: string | null;
  attempt: NewAttempt;
  at: number;
}

/** @returns what the unit says when that is all it says, else null. */
export function endOf({ now, guards, writes }: Unit, claimed: Claimed): End | null {
  const [guard] = guards;
  const [first, second] = writes;
  if (guards.length !== 1 || writes.length !== 2 || guard?.guard !== 'fence') return null;
  if (first?.write !== 'insertAttempt' || second?.write !== 'moveJob') return null;
  const { attempt } = first;
  const { jobId, move, patch } = second;
  if (jobId !== guard.jobId || !isPlainMove(move, patch) || !isPlainAttempt(attempt, guard)) return null;
  const job = claimed.running(jobId, guard.fence);
  if (job === null) return null;
  return {
    job,
    attempts: attemptsAfter(move, job.attempts),
    sentence: patch.sentence ?? job.sentence,
    attempt,
    at: now,
  };
}

/** From running to done, and nothing is said but a sentence. */
function isPlainMove(move: Move, { sentence, failure, settledBy, batchId }: JobPatch): boolean {
  const isSilent = (failure ?? settledBy ?? null) === null && batchId === undefined && sentence !== null;
  return isSilent && MOVES[move].by === 'worker' && MOVES[move].to === 'done';
}

function isPlainAttempt({ jobId, fence, failure }: NewAttempt, run: { jobId: number; fence: number }): boolean {
  return jobId === run.jobId && fence === run.fence && failure === null;
}

/** Few columns: what the job and its attempt say alike is sent once. */
const COLUMNS = `unnest($2::bigint[], $3::integer[], $4::integer[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::bigint[],
    $10::bigint[], $11::bigint[])
    AS run(id, fence, attempts, sentence, ended_at, outcome, said, queue_ms, run_ms, started_at)`;

/** Each row of `ended` has left the front when its successor is looked for: the index that lets one of a key be in front sees it. */
const TEXT = `WITH ended AS (
    UPDATE jobs SET ${FINISHED}, attempts = run.attempts, sentence = run.sentence, settled_by = NULL,
           updated_at = run.ended_at, finished_at = run.ended_at
    FROM ${COLUMNS}
    WHERE jobs.id = run.id AND jobs.fence = run.fence AND jobs.state = 'running'
    RETURNING jobs.org_id, jobs.ordering_key, jobs.followed, run.*),
  noted AS (
    INSERT INTO attempts (job_id, fence, outcome, sentence, queue_ms, run_ms, started_at)
    SELECT id, fence, outcome, coalesce(said, sentence), queue_ms, run_ms, started_at FROM ended),
  next AS (
    UPDATE jobs SET head = true, ready = found.run_at <= found.ended_at, followed = true
    FROM (SELECT behind.id, behind.run_at, ended.ended_at FROM ended CROSS JOIN LATERAL (
            SELECT id, run_at FROM jobs WHERE org_id = ended.org_id AND ordering_key = ended.ordering_key
              AND NOT head AND state IN ('queued', 'retrying') ORDER BY id + 0 LIMIT 1) AS behind
          WHERE ended.followed) AS found
    WHERE jobs.id = found.id RETURNING jobs.ready)
  SELECT expect_rows((SELECT count(*) FROM ended), $1), (SELECT count(*) FROM next WHERE ready) AS ready`;

/** Those of one transaction. Their jobs and keys are nobody else's in it. */
export class Ends {
  private readonly ends: End[] = [];

  add(end: End): void {
    this.ends.push(end);
  }

  get size(): number {
    return this.ends.length;
  }

  /** Names that nobody else may be working on meanwhile. */
  *locks(): Iterable<string> {
    for (const { job } of this.ends) yield keyName(job.orgId, job.orderingKey);
  }

  statements(): Statement[] {
    const { ends } = this;
    if (ends.length === 0) return [];
    const values = [
      ends.length,
      numbers(ends.map(({ job }) => job.id)),
      numbers(ends.map(({ job }) => job.fence)),
      numbers(ends.map(({ attempts }) => attempts)),
      array(ends.map(({ sentence }) => sentence)),
      numbers(ends.map(({ at }) => at)),
      texts(ends.map(({ attempt }) => attempt.outcome)),
      array(ends.map(({ sentence, attempt }) => (attempt.sentence === sentence ? null : attempt.sentence))),
      numbers(ends.map(({ attempt }) => attempt.queueMs)),
      numbers(ends.map(({ attempt }) => attempt.runMs)),
      numbers(ends.map(({ attempt }) => attempt.startedAt)),
    ];
    return [{ name: 'end_runs', text: TEXT, values }];
  }
}
