import type { JobRow } from '../api/types';

interface Row {
  id: number | string;
  actions?: readonly unknown[];
}

/** A row as it stands in the list. */
export type Shown<Of> = Of & {
  /** 'before': it is no longer part of what the list asks for, so this is how it was when last seen. */
  seen: 'now' | 'before';
};
export type ShownRow = Shown<JobRow>;

/**
 * Keeps every row where the reader saw it: rows are updated in place, none is added, moved or taken away.
 * @returns also how many rows the fresh list has that are not shown.
 */
export function steady<Of extends Row>(
  shown: readonly Shown<Of>[],
  fresh: readonly Of[],
): { rows: Shown<Of>[]; unseen: number } {
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const rows = shown.map((row): Shown<Of> => {
    const now = byId.get(row.id);
    return now ? { ...now, seen: 'now' } : withoutActions({ ...row, seen: 'before' });
  });
  const known = new Set(shown.map(({ id }) => id));
  return { rows, unseen: fresh.filter(({ id }) => !known.has(id)).length };
}

export function asShown<Of extends Row>(fresh: readonly Of[]): Shown<Of>[] {
  return fresh.map((row) => ({ ...row, seen: 'now' }));
}

/** @returns the row that takes the place of those that leave: the next one that stays, else the one before. */
export function neighbourOf(rows: readonly JobRow[], leaving: readonly number[]): number | null {
  const last = rows.findLastIndex(({ id }) => leaving.includes(id));
  const after = rows.slice(last + 1).find(({ id }) => !leaving.includes(id));
  const before = rows.slice(0, Math.max(last, 0)).findLast(({ id }) => !leaving.includes(id));
  return (after ?? before)?.id ?? null;
}

/** What may be done with it now is not known. */
function withoutActions<Of extends Row>(row: Shown<Of>): Shown<Of> {
  return row.actions === undefined ? row : { ...row, actions: [] };
}
