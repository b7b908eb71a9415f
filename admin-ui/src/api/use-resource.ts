import { useCallback, useEffect, useState } from '@wordpress/element';
import { read } from './client';
import { useRefresh } from './refresh';
import { troubleFrom, type Trouble } from './trouble';

export interface Resource<T> {
  /** The last answer for this path; kept while a later one is awaited or fails. */
  data: T | null;
  /** Epoch ms of that answer by the browser's clock. */
  asOf: number | null;
  trouble: Trouble | null;
  loading: boolean;
  reload: () => void;
}

interface Kept {
  path: string | null;
  data: unknown;
  asOf: number | null;
  trouble: Trouble | null;
  loading: boolean;
}

/** Last answers by path, so that going back to a tab shows it at once while it is read again. */
const remembered = new Map<string, Pick<Kept, 'data' | 'asOf'>>();

/**
 * Reads a path, again at the reader's pace while the tab is visible, and never lets an answer for an older path win.
 * @param pace 'once' for what does not change by itself.
 */
export function useResource<T>(path: string | null, pace: 'refreshed' | 'once' = 'refreshed'): Resource<T> {
  const { everyMs, visible, pulse } = useRefresh();
  const [round, setRound] = useState(0);
  const [kept, setKept] = useState<Kept>(() => startOf(path));
  const current = kept.path === path ? kept : startOf(path);
  const reload = useCallback(() => setRound((last) => last + 1), []);

  useEffect(() => {
    if (path === null) return;
    const asked = new AbortController();
    setKept((before) => ({ ...(before.path === path ? before : startOf(path)), loading: true }));
    read<T>(path, asked.signal).then(
      (data) => asked.signal.aborted || setKept(answered(path, data)),
      (thrown: unknown) => asked.signal.aborted || setKept((before) => failed(before, thrown)),
    );
    return () => asked.abort();
  }, [path, round, pulse]);

  useEffect(() => {
    if (pace === 'once' || everyMs === null || !visible || current.loading) return;
    // Counted from the last answer, so that a slow sidecar is not asked twice at once.
    const waitMs = current.asOf === null ? everyMs : Math.max(0, current.asOf + everyMs - Date.now());
    const timer = setTimeout(reload, current.trouble === null ? waitMs : everyMs);
    return () => clearTimeout(timer);
  }, [pace, everyMs, visible, current.loading, current.asOf, current.trouble, reload]);

  return {
    data: current.data as T | null,
    asOf: current.asOf,
    trouble: current.trouble,
    loading: current.loading,
    reload,
  };
}

function startOf(path: string | null): Kept {
  const last = path === null ? undefined : remembered.get(path);
  return { path, data: last?.data ?? null, asOf: last?.asOf ?? null, trouble: null, loading: path !== null };
}

function answered(path: string, data: unknown): Kept {
  const asOf = Date.now();
  remembered.set(path, { data, asOf });
  return { path, data, asOf, trouble: null, loading: false };
}

function failed(before: Kept, thrown: unknown): Kept {
  return { ...before, trouble: troubleFrom(thrown), loading: false };
}
