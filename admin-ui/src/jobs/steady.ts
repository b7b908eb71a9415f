import type { JobRow } from '../api/types';

/** A row as it stands in the list. */
export interface ShownRow extends JobRow {
  /** 'before': it is no longer part of what the list asks for, so this is how it was when last seen. */
  seen: 'now' | 'before';
}

/**
 * Keeps every row where the reader saw it: rows are updated in place, none is added, moved or taken away.
 * @returns also how many rows the fresh list has that are not shown.
 */
export function steady(shown: readonly ShownRow[], fresh: readonly JobRow[]): { rows: ShownRow[]; unseen: number } {
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const rows = shown.map((row): ShownRow => {
    const now = byId.get(row.id);
    return now ? { ...now, seen: 'now' } : { ...row, actions: [], seen: 'before' };
  });
  const known = new Set(shown.map(({ id }) => id));
  return { rows, unseen: fresh.filter(({ id }) => !known.has(id)).length };
}

export function asShown(fresh: readonly JobRow[]): ShownRow[] {
  return fresh.map((row) => ({ ...row, seen: 'now' }));
}

/** @returns the row that takes the place of those that leave: the next one that stays, else the one before. */
export function neighbourOf(rows: readonly JobRow[], leaving: readonly number[]): number | null {
  const last = rows.findLastIndex(({ id }) => leaving.includes(id));
  const after = rows.slice(last + 1).find(({ id }) => !leaving.includes(id));
  const before = rows.slice(0, Math.max(last, 0)).findLast(({ id }) => !leaving.includes(id));
  return (after ?? before)?.id ?? null;
}
