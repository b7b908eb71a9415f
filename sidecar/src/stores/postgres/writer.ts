/** Group commit: all changes that wait while the last transaction is under way share the next one; a refused one is undone alone. */
import type { JobLife } from '../../domain/job-life.js';
import { NOTHING_CLAIMED } from './claimed.js';
import type { Claimed } from './claimed.js';
import { Ends } from './ends.js';
import type { End } from './ends.js';
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
  /** When it is a run that ended plainly; answered by `ended`. */
  end?(claimed: Claimed): End | null;
  ended?(): Result;
  /** It goes by an answer of the database that changes of the same transaction would make untrue. */
  alone?: true;
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
interface Parts {
  ends: Ends;
  ended: Task[];
  others: Task[];
}
/** Both to be called only once the commit has held. */
type Answer = (idOf: IdOf) => void;
type Tell = () => void;

export interface WriterOptions extends TransactionOptions {
  claimed: Claimed;
  /** Something runnable was committed. */
  onReady(): void;
}

const MOST_CHANGES = 1_000;
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
    while (this.waiting.length > 0) {
      const tell = await this.commit(this.next());
      // Who is told has much to do: the server works on the next transaction meanwhile.
      if (this.waiting.length > 0) setImmediate(tell);
      else tell();
    }
    if (this.state === 'working') this.state = 'idle';
  }

  private next(): Task[] {
    let rows = 0;
    const startsAlone = this.waiting[0]?.change.alone === true;
    const end = this.waiting.findIndex(({ change }, index) => {
      rows += change.size;
      return index === MOST_CHANGES || (index > 0 && (rows > MOST_ROWS || startsAlone || change.alone === true));
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  /** @returns how to tell those who asked; those it failed for have been told. */
  private async commit(tasks: readonly Task[]): Promise<Tell> {
    const until = this.options.elapsedMs() + this.options.patienceMs;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.attempt(tasks, tries === 1 ? this.options.claimed : NOTHING_CLAIMED);
      } catch (error) {
        if (error instanceof UnknownOutcome) return failed(tasks, error);
        const kind = troubleKind(error);
        const isOfOne = kind === 'request' || (kind === 'try_again' && tries >= TRIES_TOGETHER);
        if (isOfOne && tasks.length > 1) return this.inHalves(tasks);
        const mayHelp = kind === 'try_again' || kind === 'connection';
        if (!mayHelp || this.options.elapsedMs() > until) return failed(tasks, asTrouble(error));
        await pause(kind === 'connection' ? FIRST_PAUSE_WITHOUT_SERVER_MS : FIRST_PAUSE_MS, tries);
      }
    }
  }

  private async inHalves(tasks: readonly Task[]): Promise<Tell> {
    const middle = Math.ceil(tasks.length / 2);
    const tellFirst = await this.commit(tasks.slice(0, middle));
    tellFirst();
    return this.commit(tasks.slice(middle));
  }

  /** @throws when nothing of it was applied, or nobody can know. */
  private async attempt(tasks: readonly Task[], claimed: Claimed): Promise<Tell> {
    const wants = new Wants();
    try {
      const { ends, ended, others, work } = parted(tasks, wants, claimed);
      if (others.length > 0) return await this.attemptWith(work, { ends, ended, others });
      if (await Transaction.whole(this.options, ends)) this.options.onReady();
      return () => tellEnded(ended);
    } catch (error) {
      // They may have been taken back meanwhile: from here on the database is asked.
      for (const id of wants.of<JobLife, number>('claimed jobs').keys()) this.options.claimed.forget(id);
      throw error;
    }
  }

  private async attemptWith(wanted: Work, { ends, ended, others }: Parts): Promise<Tell> {
    for (let work = wanted; ; work = workOn(work.wants)) {
      const transaction = await Transaction.begin(this.options, work, ends);
      try {
        const answers = perform(others, work);
        const idOf = await this.finish(transaction, work);
        return () => {
          tellEnded(ended);
          for (const answer of answers) answer(idOf);
        };
      } catch (error) {
        if (!(error instanceof NotRead)) throw error;
        error.add();
        await transaction.rollBack();
      }
    }
  }

  private async finish(transaction: Transaction, work: Work): Promise<IdOf> {
    const ids = await transaction.newIds(work.jobs.inserted);
    const idOf: IdOf = (id) => (id < FIRST_NEW_ID ? id : (ids[id - FIRST_NEW_ID] ?? id));
    await transaction.commit(await transaction.made(() => writersOf(work, idOf)));
    for (const [id] of work.jobs.rows.changes()) this.options.claimed.forget(id);
    if (transaction.madeReady || makesReady(work.jobs)) this.options.onReady();
    return idOf;
  }
}

/**
 * Parts what has to be read for from what has not. Ends go before the others, so one whose job or key an earlier one asks
 * for stays among these.
 */
function parted(tasks: readonly Task[], wants: Wants, claimed: Claimed): Parts & { work: Work } {
  const work = workOn(wants);
  const ends = new Ends();
  const ended: Task[] = [];
  const others: Task[] = [];
  for (const task of tasks) {
    const end = task.change.end?.(claimed) ?? null;
    if (end === null || work.jobs.isWanted(end.job)) {
      task.change.want(work, claimed);
      others.push(task);
    } else {
      // Nobody may take it from there a second time, nor rely on it should this fail.
      claimed.forget(end.job.id);
      ends.add(end);
      ended.push(task);
    }
  }
  return { work, ends, ended, others };
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

function tellEnded(ended: readonly Task[]): void {
  for (const { change, resolve } of ended) resolve(change.ended?.());
}

function failed(tasks: readonly Task[], error: unknown): Tell {
  for (const { reject } of tasks) reject(error);
  return () => undefined;
}

function pause(firstMs: number, tries: number): Promise<void> {
  const ms = Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** (tries - 1));
  return new Promise((resolve) => setTimeout(resolve, ms));
}
