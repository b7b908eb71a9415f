/** From how a run ended to what becomes of its job. */
import { assertNever } from '../domain/assert-never.js';
import type { Failure } from '../domain/failure.js';
import { kindSpec } from '../domain/kinds.js';
import { nextStep, type Next } from '../domain/retry.js';
import { failedSentence, failureNote } from '../domain/sentences.js';
import type { Write } from '../stores/store.js';
import type { Outcome } from './handler.js';
import type { Run } from './run.js';
import type { End, SettleDeps, Verdict } from './settle.js';

/** A job that waits for another connection than its own looks again after this long. */
const LOOK_AGAIN_MS = 60_000;

type Failed = Extract<Outcome, { outcome: 'failed' }>;
type Waiting = Extract<Outcome, { outcome: 'wait' }>;

export async function verdictOf(run: Run, end: Exclude<End, { end: 'lost' }>, deps: SettleDeps): Promise<Verdict> {
  if (end.end === 'postponed') return postponed(end.runAt, end.sentence);
  const { outcome } = end;
  switch (outcome.outcome) {
    case 'done':
      return succeeded('done', 'succeed', outcome);
    case 'skip':
      return succeeded('skip', 'skip', outcome);
    case 'wait':
      return (await goesRoundInCircles(run, outcome, deps))
        ? afterFailure(run, inCircles(outcome), deps)
        : blocked(run, outcome, deps);
    case 'failed':
      return afterFailure(run, outcome, deps);
    default:
      return assertNever(outcome);
  }
}

/** @returns the connection that failed: the last one that said so, else the job's own. */
export function blamed(run: Run, failure: Failure): string {
  const guilty = [...run.contacts].filter(([, contact]) => contact !== 'answered' && contact.kind === failure.kind);
  return guilty.at(-1)?.[0] ?? run.job.connectionId;
}

function succeeded(
  as: 'done' | 'skip',
  move: 'succeed' | 'skip',
  { sentence, writes }: { sentence: string; writes?: Write[] },
): Verdict {
  return { as, move, patch: { sentence, failure: null }, sentence, failure: null, writes: writes ?? [], pause: null };
}

function postponed(runAt: number, sentence: string): Verdict {
  return {
    as: 'postponed',
    move: 'postpone',
    patch: { runAt, sentence },
    sentence,
    failure: null,
    writes: [],
    pause: null,
  };
}

function blocked({ job }: Run, { fact, sentence, writes }: Waiting, { world }: SettleDeps): Verdict {
  const blockedUntil = world.now() + kindSpec(job.kind).waitDeadlineMs;
  const patch = { sentence, blockedOn: fact, blockedUntil };
  return { as: 'wait', move: 'block', patch, sentence, failure: null, writes: writes ?? [], pause: null };
}

function afterFailure(run: Run, { failure, writes = [] }: Failed, { standing, world }: SettleDeps): Verdict {
  const { job } = run;
  const spec = kindSpec(job.kind);
  const outage = standing.breaker(blamed(run, failure)).state === 'closed' ? 'none' : 'known';
  const previous = job.lastFailure?.kind ?? null;
  const next = nextStep({ failure, attempts: job.attempts, previous, spec, outage, chance: world.chance() });
  const sentence = failedSentence(failure, next, { number: job.attempts + 1, of: spec.delaysMs.length + 1 });
  return { ...consequence(next, run, failure, sentence, world.now()), sentence, failure, writes };
}

/** What a job at no cost says changes; its last failure stays, so that a second conflict is still known as the second. */
function consequence(
  next: Next,
  run: Run,
  failure: Failure,
  sentence: string,
  now: number,
): Pick<Verdict, 'as' | 'move' | 'patch' | 'pause'> {
  const guilty = blamed(run, failure);
  const again = guilty === run.job.connectionId ? now : now + LOOK_AGAIN_MS;
  switch (next.next) {
    case 'retry':
      return {
        as: 'failed',
        move: 'retry',
        patch: { runAt: now + next.delayMs, sentence, failure: failureNote(failure) },
        pause: null,
      };
    case 'dead':
      return { as: 'failed', move: 'fail', patch: { sentence, failure: failureNote(failure) }, pause: null };
    case 'postpone':
      return { as: 'postponed', move: 'postpone', patch: { runAt: now + next.delayMs, sentence }, pause: null };
    case 'awaitConnection':
      return { as: 'postponed', move: 'postpone', patch: { runAt: again, sentence }, pause: null };
    case 'pauseConnection':
      return { as: 'postponed', move: 'postpone', patch: { runAt: again, sentence }, pause: guilty };
    case 'block': {
      const blockedUntil = now + kindSpec(run.job.kind).waitDeadlineMs;
      return { as: 'wait', move: 'block', patch: { sentence, blockedOn: next.fact, blockedUntil }, pause: null };
    }
    default:
      return assertNever(next);
  }
}

/**
 * A job that waits for a fact which is there goes straight back to the queue. Right once, when the fact came in between;
 * the second time in a row it would run for ever.
 */
async function goesRoundInCircles({ job }: Run, { fact, sentence }: Waiting, { store }: SettleDeps): Promise<boolean> {
  if (!(await store.hasFact(fact))) return false;
  const attempts = await store.attempts(job.id);
  return attempts.some(
    (attempt) => attempt.fence === job.fence - 1 && attempt.outcome === 'wait' && attempt.sentence === sentence,
  );
}

function inCircles({ fact, writes }: Waiting): Failed {
  const summary = `The job waits for something that is already there (${fact}).`;
  const failure: Failure = {
    kind: 'unexpected',
    status: null,
    code: null,
    summary,
    retryAfterSeconds: null,
    excerpt: null,
  };
  return { outcome: 'failed', failure, ...(writes && { writes }) };
}
