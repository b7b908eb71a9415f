/** What a transaction has to lock and to read. It outlives the rows: when something is found missing, all is read anew with it. */
import type { Statement, Rows } from './session.js';

export interface Reader {
  statement: Statement;
  receive(rows: Rows): void;
}

export class Wants {
  /** Names that nobody else may be working on meanwhile. */
  readonly locks = new Set<string>();
  /** Further questions, to be asked under the locks. */
  readonly questions: Reader[] = [];
  private readonly maps = new Map<string, Map<unknown, unknown>>();

  /** What is wanted of one kind, by name. */
  of<Wanted, Key = string>(kind: string): Map<Key, Wanted> {
    let map = this.maps.get(kind);
    if (map === undefined) this.maps.set(kind, (map = new Map()));
    return map as Map<Key, Wanted>;
  }
}
