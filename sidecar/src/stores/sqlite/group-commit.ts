/**
 * One transaction for all work of an event-loop turn. A commit with synchronous=FULL waits for the disk, so sharing it is
 * what makes many small units affordable.
 */
import type { Database, Statement } from 'better-sqlite3';
import { isBusy } from './database.js';

/** Bounds how long one transaction keeps the event loop. */
const MOST_IN_ONE_COMMIT = 500;
/**
 * Somebody else writes to the file (a copy being made, a curious administrator): it is tried again, so that the event loop is
 * free meanwhile, and given up after ten seconds, when whoever waits for an answer has to be told.
 */
const PATIENCE = { tries: 200, againMs: 50 } as const;

/**
 * What a savepoint may have to undo is kept in memory, which is decided at the beginning: beyond 64 KB, and one unit fills those,
 * it would go through a temporary file. Only that: a large sort for a reader must be able to use one.
 */
const BEGIN_WITH_SAVEPOINTS = 'PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE; PRAGMA temp_store = DEFAULT';

/** 'again': may be done a second time after its first was undone; 'once': keeps books of its own outside the database. */
export type Repeat = 'again' | 'once';

interface Task {
  work: () => unknown;
  repeat: Repeat;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

interface Told {
  /** Work was undone: what was remembered of it is wrong. */
  undone(): void;
  /** A transaction is about to begin: there can be one at a time. */
  begins?(): void;
}

/** To be called only once the commit has held. */
type Answer = () => void;

export class GroupCommit {
  private readonly db: Database;
  private readonly sql: Record<'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'undo', Statement<[]>>;
  private readonly patience: { tries: number; againMs: number };
  private readonly told: Told;
  private waiting: Task[] = [];
  private state: 'idle' | 'scheduled' | 'closed' = 'idle';
  /** In vain, one after another. */
  private tries = 0;

  constructor(db: Database, told: Told, patience: { tries: number; againMs: number } = PATIENCE) {
    this.db = db;
    this.told = told;
    this.patience = patience;
    this.sql = {
      begin: db.prepare<[]>('BEGIN IMMEDIATE'),
      commit: db.prepare<[]>('COMMIT'),
      rollback: db.prepare<[]>('ROLLBACK'),
      savepoint: db.prepare<[]>('SAVEPOINT unit'),
      release: db.prepare<[]>('RELEASE unit'),
      undo: db.prepare<[]>('ROLLBACK TO unit'),
    };
  }

  /** @returns what `work` returned, once it is durable. What it throws undoes it alone. */
  run<Result>(work: () => Result, repeat: Repeat = 'again'): Promise<Result> {
    if (this.state === 'closed') return Promise.reject(new Error('The store is closed.'));
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ work, repeat, resolve: resolve as Task['resolve'], reject });
      this.schedule();
    });
  }

  /** Commits what waits and takes no more. */
  close(): void {
    while (this.waiting.length > 0) {
      this.tries = this.patience.tries;
      this.commitNext();
    }
    this.state = 'closed';
  }

  private schedule(): void {
    if (this.state !== 'idle') return;
    this.state = 'scheduled';
    const turn = (): void => {
      if (this.state === 'closed') return;
      this.state = 'idle';
      this.commitNext();
      if (this.waiting.length > 0) this.schedule();
    };
    if (this.tries === 0) setImmediate(turn);
    else setTimeout(turn, this.patience.againMs);
  }

  private commitNext(): void {
    const tasks = this.waiting.splice(0, MOST_IN_ONE_COMMIT);
    if (tasks.length === 0) return;
    this.told.begins?.();
    try {
      for (const answer of this.atOnce(tasks) ?? this.eachForItself(tasks)) answer();
    } catch (error) {
      this.undoAll();
      for (const { reject } of tasks) reject(error);
    }
  }

  /** Nearly always nobody throws, and savepoints would undo nothing. @returns null when somebody has, and all of it is undone. */
  private atOnce(tasks: readonly Task[]): Answer[] | null {
    if (tasks.some(({ repeat }) => repeat === 'once')) return null;
    if (!this.begun(tasks, () => this.sql.begin.run())) return [];
    const answers: Answer[] = [];
    try {
      for (const { work, resolve } of tasks) {
        const value = work();
        answers.push(() => resolve(value));
      }
    } catch {
      this.undoAll();
      return null;
    }
    this.sql.commit.run();
    return answers;
  }

  /** A savepoint each, so that one that throws takes nobody along. */
  private eachForItself(tasks: readonly Task[]): Answer[] {
    if (!this.begun(tasks, () => this.db.exec(BEGIN_WITH_SAVEPOINTS))) return [];
    const answers = tasks.map((task) => this.perform(task));
    this.sql.commit.run();
    return answers;
  }

  private undoAll(): void {
    // A full disk may have ended the transaction by itself.
    if (this.db.inTransaction) this.sql.rollback.run();
    this.told.undone();
  }

  private begun(tasks: readonly Task[], begin: () => void): boolean {
    try {
      begin();
    } catch (error) {
      this.notBegun(tasks, error);
      return false;
    }
    this.tries = 0;
    return true;
  }

  private notBegun(tasks: readonly Task[], error: unknown): void {
    this.tries += 1;
    if (isBusy(error) && this.tries < this.patience.tries) return void this.waiting.unshift(...tasks);
    this.tries = 0;
    for (const { reject } of [...tasks, ...this.waiting.splice(0)]) reject(error);
  }

  private perform({ work, resolve, reject }: Task): Answer {
    this.sql.savepoint.run();
    try {
      const value = work();
      this.sql.release.run();
      return () => resolve(value);
    } catch (error) {
      // A full disk may have ended the whole transaction: then nobody's work stands.
      if (!this.db.inTransaction) throw error;
      this.sql.undo.run();
      this.sql.release.run();
      this.told.undone();
      return () => reject(error);
    }
  }
}
