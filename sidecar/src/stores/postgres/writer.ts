/** Group commit: all changes that wait while the last transaction is under way share the next one; a refused one is undone alone. */
import type { JobLife } from '../../domain/job-life.js';
import { NOTHING_CLAIMED } from './claimed.js';
import type { Claimed } from './claimed.js';
import { makesReady } from './job-writers.js';
import { FIRST_NEW_ID } from './jobs.js';
import { Transaction } from './transaction.js';
import type { TransactionOptions } from './transaction.js';
import { asTrouble, troubleKind, UnknownOutcome } from './trouble.js';
import { Refused } from './unit.js';
import { Wants } from './wants.js';
import { NotRead } from './working-rows.js';
import { workOn, writersOf } from './work.js';
import type { Work } from './work.js';

/** @returns the id of a job that was given one only when all was done. */
export type IdOf = (id: number) => number;

export interface Change<Result> {
  /** About how many rows it writes: bounds what goes into one transaction. */
  size: number;
  /** Whether a claim that is made right after it has to see it. */
  wakes: boolean;
  want(work: Work, claimed: Claimed): void;
  run(work: Work): Result;
  /** What a refused one answers. */
  refused?(refusal: Refused): Result;
  /** The answer with the ids that are told. */
  told?(result: Result, idOf: IdOf): Result;
}

interface Task {
  change: Change<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}
/** To be called only once the commit has held. */
type Answer = (idOf: IdOf) => void;

export interface WriterOptions extends TransactionOptions {
  claimed: Claimed;
  /** Something runnable was committed. */
  onReady(): void;
}

const MOST_CHANGES = 256;
const MOST_ROWS = 2_000;
const FIRST_PAUSE_MS = 5;
const FIRST_PAUSE_WITHOUT_SERVER_MS = 100;
const LONGEST_PAUSE_MS = 500;
/** After so many tries a group is halved: one of it may be the one that cannot be done. */
const TRIES_TOGETHER = 4;

export class Writer {
  private waiting: Task[] = [];
  private readonly waking = new Set<Promise<unknown>>();
  private state: 'idle' | 'working' | 'closed' = 'idle';
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: WriterOptions) {}

  /** @returns what the change answered, once it is durable. */
  run<Result>(change: Change<Result>): Promise<Result> {
    if (this.state === 'closed') return Promise.reject(new Error('The store is closed.'));
    const done = new Promise<unknown>((resolve, reject) => {
      this.waiting.push({ change, resolve, reject });
      this.start();
    }) as Promise<Result>;
    if (change.wakes) this.remember(done);
    return done;
  }

  /** Waits for changes handed in so far that make something runnable. */
  async settled(): Promise<void> {
    if (this.waking.size > 0) await Promise.all([...this.waking]);
  }

  /** Commits what waits and takes no more. */
  async close(): Promise<void> {
    this.state = 'closed';
    await this.loop;
  }

  private remember(done: Promise<unknown>): void {
    const forget = () => void this.waking.delete(seen);
    const seen: Promise<void> = done.then(forget, forget);
    this.waking.add(seen);
  }

  private start(): void {
    if (this.state !== 'idle') return;
    this.state = 'working';
    this.loop = new Promise((resolve) => setImmediate(resolve)).then(() => this.work());
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) await this.commit(this.next());
    if (this.state === 'working') this.state = 'idle';
  }

  private next(): Task[] {
    let rows = 0;
    const end = this.waiting.findIndex(({ change }, index) => {
      rows += change.size;
      return index === MOST_CHANGES || (rows > MOST_ROWS && index > 0);
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  /** Answers all of them, whatever happens. */
  private async commit(tasks: readonly Task[]): Promise<void> {
    const until = this.options.elapsedMs() + this.options.patienceMs;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.attempt(tasks, tries === 1 ? this.options.claimed : NOTHING_CLAIMED);
      } catch (error) {
        if (error instanceof UnknownOutcome) return tasks.forEach(({ reject }) => reject(error));
        const kind = troubleKind(error);
        const isOfOne = kind === 'request' || (kind === 'try_again' && tries >= TRIES_TOGETHER);
        if (isOfOne && tasks.length > 1) return this.inHalves(tasks);
        const mayHelp = kind === 'try_again' || kind === 'connection';
        if (!mayHelp || this.options.elapsedMs() > until)
          return tasks.forEach(({ reject }) => reject(asTrouble(error)));
        await pause(kind === 'connection' ? FIRST_PAUSE_WITHOUT_SERVER_MS : FIRST_PAUSE_MS, tries);
      }
    }
  }

  private async inHalves(tasks: readonly Task[]): Promise<void> {
    const middle = Math.ceil(tasks.length / 2);
    await this.commit(tasks.slice(0, middle));
    await this.commit(tasks.slice(middle));
  }

  /** @throws when nothing of it was applied, or nobody can know. */
  private async attempt(tasks: readonly Task[], claimed: Claimed): Promise<void> {
    const wants = new Wants();
    try {
      await this.attemptWith(wants, tasks, claimed);
    } catch (error) {
      // They may have been taken back meanwhile: from here on the database is asked.
      for (const id of wants.of<JobLife, number>('claimed jobs').keys()) this.options.claimed.forget(id);
      throw error;
    }
  }

  private async attemptWith(wants: Wants, tasks: readonly Task[], claimed: Claimed): Promise<void> {
    let work = workOn(wants);
    for (const { change } of tasks) change.want(work, claimed);
    for (;;) {
      const transaction = await Transaction.begin(this.options, work);
      try {
        const answers = perform(tasks, work);
        return await this.finish(transaction, work, answers);
      } catch (error) {
        if (!(error instanceof NotRead)) throw error;
        error.add();
        await transaction.rollBack();
        work = workOn(wants);
      }
    }
  }

  private async finish(transaction: Transaction, work: Work, answers: readonly Answer[]): Promise<void> {
    const ids = await transaction.newIds(work.jobs.inserted);
    const idOf: IdOf = (id) => (id < FIRST_NEW_ID ? id : (ids[id - FIRST_NEW_ID] ?? id));
    await transaction.commit(await transaction.made(() => writersOf(work, idOf)));
    for (const [id] of work.jobs.rows.changes()) this.options.claimed.forget(id);
    for (const answer of answers) answer(idOf);
    if (makesReady(work.jobs)) this.options.onReady();
  }
}

/** @returns how to answer each. @throws NotRead */
function perform(tasks: readonly Task[], work: Work): Answer[] {
  return tasks.map(({ change, resolve, reject }) => {
    try {
      const result = change.run(work);
      work.undo.keep();
      return (idOf) => resolve(change.told === undefined ? result : change.told(result, idOf));
    } catch (error) {
      if (error instanceof NotRead) throw error;
      work.undo.rollBack();
      if (!(error instanceof Refused) || change.refused === undefined) return () => reject(error);
      const refused = change.refused(error);
      return () => resolve(refused);
    }
  });
}

function pause(firstMs: number, tries: number): Promise<void> {
  const ms = Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** (tries - 1));
  return new Promise((resolve) => setTimeout(resolve, ms));
}
