/**
 * One read transaction for all questions of an event-loop turn. Outside a transaction each statement takes and gives back the
 * file's lock and looks whether somebody else has written: for the small questions every job and every request asks, that is
 * most of what they cost.
 */
import type { Database } from 'better-sqlite3';

export interface ReadTurn {
  /** Call it before a question. */
  open(): void;
  /** Before anything else begins a transaction. */
  close(): void;
}

export function readTurnOn(db: Database): ReadTurn {
  const sql = { begin: db.prepare<[]>('BEGIN DEFERRED'), end: db.prepare<[]>('COMMIT') };
  let state: 'open' | 'closed' = 'closed';
  function close(): void {
    if (state === 'closed') return;
    state = 'closed';
    // A store that is closed has ended it.
    if (db.open && db.inTransaction) sql.end.run();
  }
  return {
    open() {
      // Inside a commit questions are part of it.
      if (state === 'open' || db.inTransaction) return;
      sql.begin.run();
      state = 'open';
      setImmediate(close);
    },
    close,
  };
}

type Question = (...args: never[]) => unknown;

/** @returns the same questions, each asked within the turn's transaction. */
export function askedIn<Questions extends Readonly<Record<string, Question>>>(
  turn: ReadTurn,
  questions: Questions,
): Questions {
  const within =
    (ask: Question): Question =>
    (...args) => {
      turn.open();
      return ask(...args);
    };
  return Object.fromEntries(Object.entries(questions).map(([name, ask]) => [name, within(ask)])) as Questions;
}
