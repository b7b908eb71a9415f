/** Rows found by another key than their own, e.g. a mapping by its remote id: which row has it, as units see it. */
import { nameOf } from './keyed-table.js';
import { texts } from './values.js';
import type { Reader, Wants } from './wants.js';
import { NotRead, WorkingRows } from './working-rows.js';
import type { Undo } from './working-rows.js';

export interface Way {
  name: string;
  /** Takes one array of text a part of the key, and answers `n`, the place of the key, and `id`, what has it. */
  text: string;
}

export class SecondKey {
  private readonly wanted: Map<string, readonly string[]>;
  private readonly rows: WorkingRows<string>;

  constructor(
    undo: Undo,
    private readonly wants: Wants,
    private readonly way: Way,
  ) {
    this.wanted = wants.of(way.name);
    this.rows = new WorkingRows<string>(undo);
  }

  want(...key: string[]): void {
    const name = nameOf(this.way.name, ...key);
    this.wants.locks.add(name);
    this.wanted.set(name, key);
  }

  get(...key: string[]): string | null {
    const name = nameOf(this.way.name, ...key);
    if (!this.rows.isRead(name)) throw new NotRead(() => this.want(...key));
    return this.rows.get(name);
  }

  /** Null frees it. */
  put(id: string | null, ...key: string[]): void {
    this.rows.put(nameOf(this.way.name, ...key), id);
  }

  readers(): Reader[] {
    const keys = [...this.wanted];
    const first = keys[0]?.[1];
    if (first === undefined) return [];
    const values = first.map((_, part) => texts(keys.map(([, key]) => key[part] ?? '')));
    return [
      {
        statement: { ...this.way, values },
        receive: ({ rows }) => {
          for (const [name] of keys) this.rows.read(name, null);
          for (const { n, id } of rows) this.rows.read(keys[Number(n) - 1]?.[0] ?? '', String(id));
        },
      },
    ];
  }
}
