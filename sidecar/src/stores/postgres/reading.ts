/** Questions to the database: on connections of their own, so that no change waits for a screen. */
import type pg from 'pg';
import { nameOf } from './keyed-table.js';
import { asTrouble, troubleKind } from './trouble.js';
import { single, texts } from './values.js';
import type { Value } from './values.js';

const FIRST_PAUSE_MS = 50;

export class Reading {
  constructor(
    private readonly pool: pg.Pool,
    private readonly elapsedMs: () => number,
    private readonly patienceMs: number,
  ) {}

  /**
   * Asked again while the server is away: what goes this way changes nothing, or may as well be done twice.
   * @param name prepared under it when given: for questions asked all the time, whose text never differs.
   */
  async rows<Row>(text: string, values: readonly Value[] = [], name?: string): Promise<Row[]> {
    const until = this.elapsedMs() + this.patienceMs;
    const query = { text, values: values.map(single), ...(name === undefined ? {} : { name }) };
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      try {
        return (await this.pool.query<Row & pg.QueryResultRow>(query)).rows;
      } catch (error) {
        if (troubleKind(error) !== 'connection' || this.elapsedMs() + pauseMs > until) throw asTrouble(error);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  async first<Row>(text: string, values: readonly Value[] = [], name?: string): Promise<Row | null> {
    return (await this.rows<Row>(text, values, name))[0] ?? null;
  }
}

interface Asked<Made> {
  key: readonly string[];
  answer: Promise<Made | null>;
  resolve(made: Made | null): void;
  reject(error: unknown): void;
}

/** Rows by key, asked for by many at once: all of one turn go in one question, each key once, and its answer is shared. */
export class Gather<Row, Made = Row> {
  private asked = new Map<string, Asked<Made>>();

  /**
   * @param text takes one array of text a part of the key, and answers `n`, the place of the key, beside the row.
   * @param make what is answered, made once a row.
   */
  constructor(
    private readonly reading: Reading,
    private readonly name: string,
    private readonly text: string,
    private readonly make: (row: Row) => Made = (row) => row as unknown as Made,
  ) {}

  one(...key: string[]): Promise<Made | null> {
    const name = nameOf(this.name, ...key);
    const known = this.asked.get(name);
    if (known !== undefined) return known.answer;
    const asked = waiting<Made>(key);
    this.asked.set(name, asked);
    if (this.asked.size === 1) setImmediate(() => void this.ask());
    return asked.answer;
  }

  private async ask(): Promise<void> {
    const asked = [...this.asked.values()];
    this.asked = new Map();
    const parts = asked[0]?.key.map((_, part) => texts(asked.map(({ key }) => key[part] ?? ''))) ?? [];
    try {
      const rows = await this.reading.rows<Row & { n: number }>(this.text, parts, this.name);
      const found = new Map(rows.map((row) => [row.n, this.make(row)]));
      asked.forEach(({ resolve }, index) => resolve(found.get(index + 1) ?? null));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

function waiting<Made>(key: readonly string[]): Asked<Made> {
  const { promise: answer, resolve, reject } = Promise.withResolvers<Made | null>();
  return { key, answer, resolve, reject };
}
