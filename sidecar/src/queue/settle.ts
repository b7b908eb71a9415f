/** Makes one unit of work of how a run ended: attempt, move, the handler's writes, what was learned about the connections. */
import type { Move } from '../domain/job.js';
import type { Failure } from '../domain/failure.js';
import { failureNote } from '../domain/sentences.js';
import type { Applied, JobPatch, NewAttempt, Store, Unit, Write } from '../stores/store.js';
import { confirm, contactNews, type News } from './contact-news.js';
import type { Outcome } from './handler.js';
import type { Run } from './run.js';
import type { Standing } from './standing.js';
import { verdictOf } from './verdict.js';
import type { World } from './world.js';

export type End =
  | { end: 'outcome'; outcome: Outcome }
  /** Back at no cost: another connection is away, or the service stops. */
  | { end: 'postponed'; runAt: number; sentence: string }
  /** Somebody else has the job now; there is nothing to say about it. */
  | { end: 'lost' };

export type SettledAs = Exclude<NewAttempt['outcome'], 'lapsed'> | 'lost';

/** What becomes of the job. */
export interface Verdict {
  as: Exclude<SettledAs, 'lost'>;
  move: Move;
  patch: JobPatch;
  sentence: string;
  failure: Failure | null;
  /** The handler's. */
  writes: readonly Write[];
  /** The connection whose credentials were refused. */
  pause: string | null;
}

export interface SettleDeps {
  store: Store;
  standing: Standing;
  world: World;
}

/** Writes the end of a run under its fence, whole or not at all. */
export async function settle(run: Run, end: End, deps: SettleDeps): Promise<SettledAs> {
  if (end.end === 'lost') return lost(run, deps);
  const verdict = await verdictOf(run, end, deps);
  // From here to the store nothing waits: counts of runs that end side by side must reach it in the order they were made.
  const news = contactNews(run, verdict, deps);
  let answer: Applied | null = null;
  try {
    answer = await applyOrSurvive(run, verdict, news, deps);
    if (answer.applied) return settled(run, verdict, deps);
    if (isOurs(answer, run)) return lost(run, deps);
    const { guard } = answer.failed;
    answer = null;
    const refused = await refusedVerdict(run, guard, deps);
    answer = await deps.store.apply(unit(run, refused, news, deps.world.now()));
    return answer.applied ? settled(run, refused, deps) : lost(run, deps);
  } finally {
    confirm(news, answer, deps.standing);
  }
}

/** What the handler wanted to record was refused: without that record the job is not done, whatever it did outside. */
async function refusedVerdict(run: Run, guard: string, deps: SettleDeps): Promise<Verdict> {
  const summary = `What the job wanted to record contradicts what is already recorded (${guard}).`;
  const failure: Failure = {
    kind: 'conflict',
    status: null,
    code: guard,
    summary,
    retryAfterSeconds: null,
    excerpt: null,
  };
  return verdictOf(run, { end: 'outcome', outcome: { outcome: 'failed', failure } }, deps);
}

/** A record the store cannot take must not leave the job running until its lease ends, again and again. */
async function applyOrSurvive(run: Run, verdict: Verdict, news: News, { store, world }: SettleDeps): Promise<Applied> {
  try {
    return await store.apply(unit(run, verdict, news, world.now()));
  } catch (error) {
    if (verdict.writes.length === 0) throw error;
    const message = error instanceof Error ? error.message : String(error);
    world.log('job.record_refused', { jobId: run.job.id, kind: run.job.kind, message });
    return { applied: false, failed: { guard: 'legalMove', jobId: -1, move: verdict.move, state: null } };
  }
}

function unit(run: Run, verdict: Verdict, news: News, now: number): Unit {
  const { id: jobId, fence } = run.job;
  const move: Write = { write: 'moveJob', jobId, move: verdict.move, patch: verdict.patch };
  const attempt: Write = { write: 'insertAttempt', attempt: attemptOf(run, verdict, now) };
  return {
    now,
    guards: [{ guard: 'fence', jobId, fence }],
    writes: [attempt, ...verdict.writes, move, ...news.writes],
  };
}

function attemptOf({ job, startedAt }: Run, verdict: Verdict, now: number): NewAttempt {
  return {
    jobId: job.id,
    fence: job.fence,
    outcome: verdict.as,
    failure: verdict.failure === null ? null : failureNote(verdict.failure),
    sentence: verdict.sentence,
    queueMs: Math.max(0, startedAt - Math.max(job.queuedAt, job.runAt)),
    runMs: Math.max(0, now - startedAt),
    startedAt,
  };
}

function isOurs({ failed }: Extract<Applied, { applied: false }>, { job }: Run): boolean {
  return (failed.guard === 'fence' || failed.guard === 'legalMove') && failed.jobId === job.id;
}

function settled(run: Run, verdict: Verdict, { world }: SettleDeps): SettledAs {
  const { id: jobId, kind, connectionId, traceId } = run.job;
  const { as, failure } = verdict;
  const { queueMs, runMs } = attemptOf(run, verdict, world.now());
  const times = { queueMs, runMs };
  world.log('job.settled', {
    jobId,
    kind,
    connectionId,
    traceId,
    outcome: as,
    failure: failure?.kind ?? null,
    ...times,
  });
  return as;
}

function lost({ job }: Run, { world }: SettleDeps): 'lost' {
  world.log('job.lost', { jobId: job.id, kind: job.kind, fence: job.fence });
  return 'lost';
}
