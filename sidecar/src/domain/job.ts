/**
 * The queue's states and moves: the only place that says which exist.
 * Store guards, the API's `actions`, the screen's badges and docs/states.md are derived from this table.
 */
export const JOB_STATES = ['queued', 'running', 'retrying', 'blocked', 'dead', 'done', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** States in which a job still has something to do by itself. */
export const LIVE_STATES = ['queued', 'running', 'retrying', 'blocked'] as const satisfies readonly JobState[];
/** Live, not claimed: what coalescing may replace. */
export const UNCLAIMED_STATES = ['queued', 'retrying', 'blocked'] as const satisfies readonly JobState[];
/** States that hold an ordering key. A blocked or dead job lets the next one of its key pass: the job that brings the
 * missing fact often has the same key, and would otherwise wait for the one that waits for it. */
export const KEY_HOLDING_STATES = ['queued', 'running', 'retrying'] as const satisfies readonly JobState[];

export type Actor = 'worker' | 'clock' | 'event' | 'person';

interface Transition {
  from: readonly JobState[];
  to: JobState;
  by: Actor;
  /** 'add': this run counts against the kind's delays. 'reset': all attempts are available again. */
  attempts: 'keep' | 'add' | 'reset';
}

export const MOVES = {
  claim: { from: ['queued', 'retrying'], to: 'running', by: 'worker', attempts: 'keep' },
  succeed: { from: ['running'], to: 'done', by: 'worker', attempts: 'add' },
  skip: { from: ['running'], to: 'done', by: 'worker', attempts: 'add' },
  retry: { from: ['running'], to: 'retrying', by: 'worker', attempts: 'add' },
  /** Put back at no cost: rate limit, open breaker, paused connection, graceful stop. */
  postpone: { from: ['running'], to: 'queued', by: 'worker', attempts: 'keep' },
  block: { from: ['running'], to: 'blocked', by: 'worker', attempts: 'keep' },
  fail: { from: ['running'], to: 'dead', by: 'worker', attempts: 'add' },
  /** The lease ran out: the worker died or hangs. */
  lapse: { from: ['running'], to: 'queued', by: 'clock', attempts: 'keep' },
  release: { from: ['blocked'], to: 'queued', by: 'event', attempts: 'keep' },
  expire: { from: ['blocked'], to: 'dead', by: 'clock', attempts: 'keep' },
  rescue: { from: ['dead'], to: 'queued', by: 'clock', attempts: 'reset' },
  revive: { from: ['dead'], to: 'queued', by: 'event', attempts: 'reset' },
  retryNow: { from: ['queued', 'retrying', 'blocked', 'dead'], to: 'queued', by: 'person', attempts: 'reset' },
  correct: { from: ['queued', 'retrying', 'blocked', 'dead'], to: 'queued', by: 'person', attempts: 'reset' },
  forceDone: { from: ['queued', 'retrying', 'blocked', 'dead'], to: 'done', by: 'person', attempts: 'keep' },
  cancel: { from: ['queued', 'retrying', 'blocked', 'dead'], to: 'cancelled', by: 'person', attempts: 'keep' },
  reopen: { from: ['done', 'cancelled'], to: 'queued', by: 'person', attempts: 'reset' },
} as const satisfies Record<string, Transition>;

export type Move = keyof typeof MOVES;
export type PersonMove = 'retryNow' | 'correct' | 'forceDone' | 'cancel' | 'reopen';
export const PERSON_MOVES = [
  'retryNow',
  'correct',
  'forceDone',
  'cancel',
  'reopen',
] as const satisfies readonly PersonMove[];

/** @returns whether the table allows `move` on a job that is in `state`. */
export function mayMove(move: Move, state: JobState): boolean {
  return (MOVES[move].from as readonly JobState[]).includes(state);
}

/** @returns how many attempts a job has used after `move`, given those before. */
export function attemptsAfter(move: Move, attempts: number): number {
  const rule = MOVES[move].attempts;
  if (rule === 'add') return attempts + 1;
  return rule === 'reset' ? 0 : attempts;
}

/**
 * What a person may do with a job. A job that ended by itself is not re-opened: its effect is real.
 * @param settledBy set when a person ended it (force done, cancel).
 */
export function personMoves(job: { state: JobState; settledBy: string | null }): PersonMove[] {
  return PERSON_MOVES.filter((move) => mayMove(move, job.state) && (move !== 'reopen' || job.settledBy !== null));
}

/** The thing a job is about, e.g. `order:4711`. Always an id of the store the connection serves. */
export type Subject = `${'order' | 'shipment' | 'store' | 'connection'}:${string}`;

export interface NewJob {
  orgId: string;
  connectionId: string;
  kind: string;
  subject: Subject;
  /** Jobs with one key run one at a time, oldest first. */
  orderingKey: string;
  priority: number;
  /** Epoch ms; later than now means it waits. */
  runAt: number;
  /** Epoch ms by which it should be done (SLA), or null. */
  deadlineAt: number | null;
  /** Unclaimed jobs with one key become one job; null never coalesces. */
  coalesceKey: string | null;
  /** Intent only, never a copy of the subject: the handler reads the records when it runs. */
  payload: JobPayload;
  traceId: string;
  /** What asked for it, in words for the activity: "order changed", "sweep", "clerk Anna". */
  origin: string;
  /** The batch it was made by, or set going by last. */
  batchId?: string | null;
}

export type JobPayload = Readonly<Record<string, string | number | boolean | null>>;

export interface Job extends NewJob {
  id: number;
  batchId: string | null;
  state: JobState;
  attempts: number;
  /** Grows with each claim; a late finisher holds an older one and is refused. */
  fence: number;
  leaseUntil: number | null;
  /** The fact it waits for while blocked (kept when it died of the deadline, so that the fact revives it). */
  blockedOn: string | null;
  blockedUntil: number | null;
  lastFailure: FailureNote | null;
  /** One plain sentence: what came of it, or why it waits. */
  sentence: string | null;
  settledBy: string | null;
  createdAt: number;
  updatedAt: number;
  /** When it last became runnable; queue time is counted from here. */
  queuedAt: number;
  finishedAt: number | null;
}

/** What is kept of a failure: no personal data, no secrets (domain/redact.ts). */
export interface FailureNote {
  kind: string;
  code: string | null;
  status: number | null;
  /** "The warehouse answered 400: Reference is not unique." */
  summary: string;
  /** What to do about it, for a clerk. */
  cure: string;
  excerpt: string | null;
}
