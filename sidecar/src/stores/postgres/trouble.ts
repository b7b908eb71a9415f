/** What went wrong at the database, and what may be done about it. */

/** Rows changed between reading and writing: nothing was applied, and another try sees the change. */
export class Conflict extends Error {}

/** Said to whoever asked. Never holds values: messages of the server may quote them, so only its code goes in. */
export class DatabaseTrouble extends Error {
  readonly code: string | null;

  constructor(sentence: string, code: string | null, cause: unknown) {
    super(sentence, { cause });
    this.name = 'DatabaseTrouble';
    this.code = code;
  }
}

export type TroubleKind =
  /** Nothing was applied: the server ended the transaction for reasons of its own, or somebody was faster. */
  | 'try_again'
  /** The connection is gone or cannot be made. What was under way before COMMIT was sent is not applied. */
  | 'connection'
  /** The server is there but cannot write: it will not get better by hurrying. */
  | 'full'
  /** What one of those who share the transaction wants cannot be done. */
  | 'request';

const OUR_CONFLICT = 'TM001';
const TRY_AGAIN = new Set([
  OUR_CONFLICT,
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // a lock was not given in time
  '57014', // a statement took too long
  '23505', // two inserted the same key
  '53200', // out of lock table
  '25P03', // idle in transaction for too long: this process stood still
]);
const CONNECTION = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25006']);
const FULL = new Set(['53100', '58030', '54000']);
const SYSTEM_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;
/** The driver's own words: these errors carry no code. */
const DRIVER_WORDS = /connection|timeout|not queryable|was closed|read ECONN/i;

export function troubleKind(error: unknown): TroubleKind {
  if (error instanceof Conflict) return 'try_again';
  const code = codeOf(error);
  if (code === null) return error instanceof Error && DRIVER_WORDS.test(error.message) ? 'connection' : 'request';
  if (TRY_AGAIN.has(code)) return 'try_again';
  if (FULL.has(code)) return 'full';
  return CONNECTION.has(code) || code.startsWith('08') || SYSTEM_CODES.test(code) ? 'connection' : 'request';
}

/** SQLSTATE or the system's code, or null. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** The server has ended the session with this message, or there never was one: what it was doing is not known from the error. */
export function endedSession(error: unknown): boolean {
  const severity = typeof error === 'object' && error !== null && 'severity' in error ? error.severity : null;
  return severity === 'FATAL' || severity === 'PANIC' || severity === null;
}

const SENTENCES = {
  try_again: 'The database was too busy with others to do this in time. Nothing was changed.',
  connection: 'The database cannot be reached. Nothing was changed.',
  full: 'The database cannot write: its disk is full or fails. Nothing was changed.',
  request: 'The database refused what was asked of it. Nothing was changed.',
} as const satisfies Record<TroubleKind, string>;

/** @returns what to tell whoever asked. */
export function asTrouble(error: unknown): DatabaseTrouble {
  if (error instanceof DatabaseTrouble) return error;
  const code = codeOf(error);
  return new DatabaseTrouble(`${SENTENCES[troubleKind(error)]}${code === null ? '' : ` (${code})`}`, code, error);
}

/** Nobody knows whether it was applied: it must not be tried again. */
export class UnknownOutcome extends DatabaseTrouble {
  constructor(cause: unknown) {
    super(
      'The connection to the database was lost while it committed, and whether it did could not be found out.',
      codeOf(cause),
      cause,
    );
  }
}
