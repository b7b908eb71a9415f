/** Small pieces of SQL text. Names of columns are ours; values are always bound. */
import type { Value } from './values.js';

/**
 * @param key columns; one array a column comes as parameter.
 * @returns SQL for the rows under many keys, with `n`, the place of the key, beside each. The inner SELECT is fenced off by its
 * OFFSET: planned while the table is nearly empty, a plain join would read the whole index for ever after.
 */
export function byKey(table: string, key: readonly string[], columns = '*', type = 'text'): string {
  const names = key.map((_, index) => `k${index}`);
  const arrays = names.map((_, index) => `$${index + 1}::${type}[]`);
  const match = key.map((column, index) => `${column} = k.k${index}`).join(' AND ');
  return `SELECT k.n, t.* FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS k(${names.join(', ')}, n)
    CROSS JOIN LATERAL (SELECT ${columns} FROM ${table} WHERE ${match} OFFSET 0) AS t`;
}

/** Conditions of a filter joined by AND, with values as they come: `where.add('state = ', state)`. */
export class Where {
  readonly values: Value[];
  private readonly parts: string[] = [];

  constructor(values: readonly Value[] = []) {
    this.values = [...values];
  }

  /** `?` in the condition stands for the value, `?2` for the second. */
  add(condition: string, ...values: Value[]): void {
    const before = this.values.length;
    this.values.push(...values);
    this.parts.push(`(${condition.replace(/\?(\d)?/g, (_, place?: string) => `$${before + Number(place ?? 1)}`)})`);
  }

  get sql(): string {
    return this.parts.length === 0 ? 'true' : this.parts.join(' AND ');
  }
}
