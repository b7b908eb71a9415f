/** What a person does to one job: one unit, with who, why, and the old and new values. */
import { MOVES, personMoves, type Job, type JobState, type PersonMove } from '../domain/job.js';
import type { JobPatch, NewActivity, Store, Write } from '../stores/store.js';
import { corrections } from './corrections.js';
import type { Answer, By, OperatorDeps } from './operator.js';
import { settlementWrites, unsettleWrites } from './settlement.js';

const NEEDS_REASON: ReadonlySet<PersonMove> = new Set(['forceDone', 'cancel', 'correct']);

/** What the job says afterwards. */
export const SAID: Record<PersonMove, (who: string, reason: string) => string> = {
  retryNow: (who) => `Queued again by ${who}.`,
  correct: (who) => `Corrected by ${who} and queued again.`,
  forceDone: (who, reason) => `Marked as done by ${who}: ${reason}. Nothing was sent.`,
  cancel: (who, reason) => `Cancelled by ${who}: ${reason}. It will not be sent.`,
  reopen: (who) => `Re-opened by ${who}.`,
};

/** One press on one job: a unit, or the reason why not. */
export async function pressOn(
  jobId: number,
  move: PersonMove,
  by: By,
  deps: OperatorDeps,
  fields: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { store } = deps;
  const job = await store.job(jobId);
  if (job === null) return { ok: false, error: 'not_found', sentence: 'There is no such job.' };
  if (!personMoves(job).includes(move)) return illegal(move, job);
  const reason = by.reason?.trim() ?? '';
  if (NEEDS_REASON.has(move) && reason === '') return invalid('Say why: the reason is kept with the job.');
  const consequences = await consequencesOf(move, job, fields, { ...by, reason }, store);
  if ('ok' in consequences) return consequences;
  const sentence = SAID[move](by.who, withoutFullStop(reason));
  return apply(job, move, by, sentence, consequences, deps);
}

async function apply(
  job: Job,
  move: PersonMove,
  by: By,
  sentence: string,
  consequences: Write[],
  { store, nudge }: OperatorDeps,
): Promise<Answer> {
  const answer = await store.apply({
    now: by.now,
    // The move itself is the guard: the table refuses it when the job has moved on meanwhile. It comes first, because a
    // released fact could otherwise move this very job before it.
    guards: [],
    writes: [
      { write: 'moveJob', jobId: job.id, move, patch: patchFor(move, by, sentence) },
      ...consequences,
      pressed(job, move, by),
    ],
  });
  if (!answer.applied) return illegal(move, (await store.job(job.id)) ?? job);
  nudge();
  return { ok: true, sentence };
}

/** Everything beside the move, or the answer that refuses it. */
async function consequencesOf(
  move: PersonMove,
  job: Job,
  fields: Readonly<Record<string, string>>,
  by: By & { reason: string },
  store: Store,
): Promise<Write[] | Extract<Answer, { ok: false }>> {
  switch (move) {
    case 'retryNow':
      return [];
    case 'correct':
      return corrections(job, fields, by, store);
    case 'forceDone':
      return settlementWrites(job, 'done_by_person', by, store);
    case 'cancel':
      return settlementWrites(job, 'not_to_be_sent', by, store);
    case 'reopen':
      return unsettleWrites(job, by, store);
  }
}

function patchFor(move: PersonMove, { who, now, batchId }: By, sentence: string): JobPatch {
  const marked = batchId === undefined ? { sentence } : { sentence, batchId };
  return move === 'forceDone' || move === 'cancel' ? { ...marked, settledBy: who } : { ...marked, runAt: now };
}

const WHY_NOT: Record<JobState, string> = {
  queued: 'The job is waiting to run.',
  running: 'The job is running at this moment. Wait until it has ended, then try again.',
  retrying: 'The job is waiting for its next try.',
  blocked: 'The job is waiting for something else.',
  dead: 'The job needs attention.',
  done: 'The job is done already.',
  cancelled: 'The job was cancelled.',
};

function illegal(
  move: PersonMove,
  { state, settledBy }: Pick<Job, 'state' | 'settledBy'>,
): Extract<Answer, { ok: false }> {
  const ended = move === 'reopen' && state === 'done' && settledBy === null;
  const sentence = ended
    ? 'The job ended by itself, and what it did is real. Only what a person ended can be re-opened.'
    : WHY_NOT[state];
  return { ok: false, error: 'illegal_move', sentence };
}

function invalid(sentence: string): Extract<Answer, { ok: false }> {
  return { ok: false, error: 'invalid', sentence };
}

const PRESSED: Record<PersonMove, string> = {
  retryNow: 'Retried.',
  correct: 'Corrected and retried.',
  forceDone: 'Marked as done.',
  cancel: 'Cancelled.',
  reopen: 'Re-opened.',
};

function pressed({ id: jobId, orgId, connectionId, subject, state }: Job, move: PersonMove, by: By): Write {
  const activity = {
    ...noted(by, by.seen === undefined ? PRESSED[move] : `${PRESSED[move]} ${by.seen}`),
    orgId,
    connectionId,
    jobId,
    subject,
    before: state,
    after: MOVES[move].to,
  };
  return { write: 'insertActivity', activity };
}

export function noted(
  { who, reason }: By,
  what: string,
): Pick<NewActivity, 'who' | 'what' | 'why' | 'before' | 'after'> {
  return { who, what, why: reason, before: null, after: null };
}

function withoutFullStop(text: string): string {
  return text.replace(/\.$/, '');
}
