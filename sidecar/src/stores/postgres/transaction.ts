/**
 * One transaction in three turns to the server: lock and read; (ids for new jobs); write and commit. Runs that ended plainly
 * need no reading: where there is nothing else, one turn does.
 *
 * What became of it is known before anybody is told. A server's error means that nothing was applied; so does a connection
 * lost before COMMIT was sent. When it was lost after that, a mark in the database tells, once the old session is surely over;
 * only when that cannot be asked is the outcome called unknown.
 */
import type { Client } from 'pg';
import { lockEach } from './company.js';
import type { Company } from './company.js';
import type { Ends } from './ends.js';
import { nameOf } from './keyed-table.js';
import { sendAll } from './session.js';
import type { Rows, Session, Statement } from './session.js';
import { endedSession, UnknownOutcome } from './trouble.js';
import { readersOf } from './work.js';
import type { Work } from './work.js';

const PAUSE_MS = 100;

export interface TransactionOptions {
  session: Session;
  company: Company;
  elapsedMs: () => number;
  /** So long a server that is away is asked what became of a commit. */
  patienceMs: number;
  /** Of this store alone; one transaction of it at a time. */
  writerId: string;
}

const BEGIN: Statement = { name: '', text: 'BEGIN', values: [] };
const COMMIT: Statement = { name: '', text: 'COMMIT', values: [] };

const MARK = {
  name: 'mark_commit',
  text: `INSERT INTO writers (id, commits, at) VALUES ($1, $2, now())
    ON CONFLICT (id) DO UPDATE SET commits = excluded.commits, at = excluded.at`,
};
const MARKED = { name: 'marked_commit', text: 'SELECT commits FROM writers WHERE id = $1' };

/** Of this process; grows with each transaction that wrote. */
let commits = 0;

export class Transaction {
  /** Whether something runnable came of the runs that ended plainly; null when there are none. */
  private endsReady: boolean | null = null;

  private constructor(
    private readonly options: TransactionOptions,
    private readonly client: Client,
    private readonly number: number,
  ) {}

  /** Locks and reads what the work wants. Each question is asked after the locks are held, and so sees all that was committed under them. */
  static begin(options: TransactionOptions, work: Work, ends: Ends): Promise<Transaction> {
    return Transaction.tried(options, async (transaction) => {
      await transaction.step(() => transaction.open(work, ends));
      return transaction;
    });
  }

  /** All in one turn, as nothing has to be read. @returns whether something runnable came of it. @throws as `commit` does. */
  static whole(options: TransactionOptions, ends: Ends): Promise<boolean> {
    return Transaction.tried(options, async (transaction) => {
      const before = [BEGIN, ...transaction.locks(() => ends.locks())];
      const answers = await transaction.send([...before, ...ends.statements()]);
      return answers === null || isAnyReady(answers[before.length]);
    });
  }

  /** Once more when others were met at its locks: nothing was applied, and it goes by names then. */
  private static async tried<Result>(
    options: TransactionOptions,
    go: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      try {
        return await go(await Transaction.next(options));
      } catch (error) {
        if (!options.company.met(error)) throw error;
      }
    }
  }

  private static async next(options: TransactionOptions): Promise<Transaction> {
    return new Transaction(options, await options.session.client(), (commits += 1));
  }

  /** @returns ids for so many new jobs, growing. Given under the locks, so that the order of a key is the order of its ids. */
  async newIds(count: number): Promise<number[]> {
    if (count === 0) return [];
    const text = `SELECT nextval(sequence) AS id FROM (SELECT pg_get_serial_sequence('jobs', 'id')::regclass AS sequence OFFSET 0) AS s,
      generate_series(1, $1)`;
    const ask = () => this.client.query<{ id: number }>({ name: 'new_ids', text, values: [count] });
    return (await this.step(ask)).rows.map(({ id }) => id);
  }

  /** What is to be written, made by `make`; when that throws, nothing is. */
  made(make: () => Statement[]): Promise<Statement[]> {
    return this.step(async () => make());
  }

  get madeReady(): boolean {
    return this.endsReady === true;
  }

  /** @returns once it is durable. @throws when it is not applied, or when nobody can know (UnknownOutcome). */
  async commit(statements: readonly Statement[]): Promise<void> {
    if (statements.length === 0 && this.endsReady === null) return this.rollBack();
    await this.send(statements);
  }

  async rollBack(): Promise<void> {
    await this.client.query('ROLLBACK').catch(() => this.options.session.drop());
  }

  /** @returns the answers, or null when they were lost with the connection; what was sent is durable then too. */
  private async send(statements: readonly Statement[]): Promise<Rows[] | null> {
    try {
      const mark = { ...MARK, values: [this.options.writerId, this.number] };
      return await sendAll(this.client, [...statements, mark, COMMIT]);
    } catch (error) {
      if (!endedSession(error)) throw error;
      this.options.session.drop();
      if ((await this.outcome(error)) === 'aborted') throw error;
      return null;
    }
  }

  /** Before COMMIT is sent an error of any kind means that nothing was applied; the session is made fit for the next. */
  private async step<Result>(step: () => Promise<Result>): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      if (endedSession(error)) this.options.session.drop();
      else await this.rollBack();
      throw error;
    }
  }

  /** The ends go first: who asks afterwards sees them. */
  private async open(work: Work, ends: Ends): Promise<void> {
    const readers = readersOf(work);
    const locked = [BEGIN, ...this.locks(() => [...work.wants.locks, ...ends.locks()])];
    const before = [...locked, ...ends.statements()];
    const answers = await sendAll(this.client, [...before, ...readers.map(({ statement }) => statement)]);
    readers.forEach(({ receive }, index) => receive(answers[before.length + index] as Rows));
    if (ends.size > 0) this.endsReady = isAnyReady(answers[locked.length]);
  }

  private locks(names: () => Iterable<string>): Statement[] {
    return this.options.company.locks(this.ownName, names);
  }

  /** Held from before the first change to the end: whoever gets it knows that the transaction is over. */
  private get ownName(): string {
    return nameOf('writer', this.options.writerId);
  }

  private async outcome(cause: unknown): Promise<'committed' | 'aborted'> {
    const until = this.options.elapsedMs() + this.options.patienceMs;
    for (;;) {
      try {
        return await this.marked();
      } catch {
        if (this.options.elapsedMs() > until) throw new UnknownOutcome(cause);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  /** Asked on a new connection, and only once the old session is over: it may still be at work on what it was sent. */
  private async marked(): Promise<'committed' | 'aborted'> {
    const { session, writerId } = this.options;
    const client = await session.client();
    try {
      const answers = await sendAll(client, [
        BEGIN,
        lockEach([this.ownName]),
        { ...MARKED, values: [writerId] },
        COMMIT,
      ]);
      return Number(answers[2]?.rows[0]?.['commits'] ?? 0) >= this.number ? 'committed' : 'aborted';
    } catch (error) {
      if (endedSession(error)) session.drop();
      throw error;
    }
  }
}

function isAnyReady(answer: Rows | undefined): boolean {
  return Number(answer?.rows[0]?.['ready']) > 0;
}
