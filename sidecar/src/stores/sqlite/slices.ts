/** Commands on sets run in slices, each a commit of its own, so that a long one does not keep everybody else waiting. */
import type { GroupCommit } from './group-commit.js';

const MOST_ROWS = 500;
const MOST_MS = 10;

export interface Slices {
  /**
   * Calls `take` for rows and `handle` for each, until `limit` rows are handled or none are left. Handled rows must be
   * out of what `take` finds.
   * @returns all rows handled.
   */
  each<Row>(limit: number, take: (most: number) => Row[], handle: (row: Row) => void): Promise<Row[]>;
  /** The same for a statement that handles rows by itself and says how many. */
  count(limit: number, handle: (most: number) => number): Promise<number>;
}

export function slicesOf(commits: GroupCommit, elapsedMs: () => number): Slices {
  function slice<Row>(rows: Row[], handle: (row: Row) => void): Row[] {
    const end = elapsedMs() + MOST_MS;
    const handled: Row[] = [];
    for (const row of rows) {
      handle(row);
      handled.push(row);
      if (elapsedMs() >= end) break;
    }
    return handled;
  }

  async function each<Row>(limit: number, take: (most: number) => Row[], handle: (row: Row) => void): Promise<Row[]> {
    const all: Row[] = [];
    for (;;) {
      const most = Math.min(MOST_ROWS, limit - all.length);
      if (most <= 0) return all;
      const { found, handled } = await commits.run(() => {
        const rows = take(most);
        return { found: rows.length, handled: slice(rows, handle) };
        // Whoever handles rows may count them.
      }, 'once');
      all.push(...handled);
      if (found < most && handled.length === found) return all;
    }
  }

  async function count(limit: number, handle: (most: number) => number): Promise<number> {
    let total = 0;
    for (;;) {
      const most = Math.min(MOST_ROWS, limit - total);
      if (most <= 0) return total;
      const handled = await commits.run(() => handle(most));
      total += handled;
      if (handled < most) return total;
    }
  }

  return { each, count };
}
