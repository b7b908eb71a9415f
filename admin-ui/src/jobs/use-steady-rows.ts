import { useCallback, useEffect, useRef, useState } from '@wordpress/element';
import type { JobList, JobRow } from '../api/types';
import type { Resource } from '../api/use-resource';
import { asShown, steady, type ShownRow } from './steady';

interface Shown {
  path: string;
  rows: ShownRow[];
  unseen: number;
}

interface SteadyRows {
  rows: ShownRow[] | null;
  /** True when the list is no longer what is shown: rows came, or left. */
  changed: boolean;
  unseen: number;
  /** Shows the list as it is now. */
  catchUp: () => void;
  /** Asks again and shows the answer whole: after the reader did something. */
  reload: () => void;
}

/** The rows of a list that moves on by itself, standing still for whoever reads them. */
export function useSteadyRows(resource: Resource<JobList>, path: string): SteadyRows {
  const { data, asOf } = resource;
  const [shown, setShown] = useState<Shown | null>(null);
  // Answers up to this moment are shown whole: the first one for a path, and the one after an action.
  const wholeUntil = useWholeUntil(path);

  useEffect(() => {
    if (data === null || asOf === null) return;
    const remembered = asOf < wholeUntil.current;
    setShown((before) =>
      before?.path === path && wholeUntil.current === 0 ? updated(before, data.rows) : whole(path, data.rows),
    );
    if (!remembered) wholeUntil.current = 0;
  }, [data, asOf, path, wholeUntil]);

  const catchUp = useCallback(() => data && setShown(whole(path, data.rows)), [data, path]);
  const { reload: ask } = resource;
  const reload = useCallback(() => {
    wholeUntil.current = Date.now();
    ask();
  }, [ask, wholeUntil]);
  const changed = shown !== null && (shown.unseen > 0 || shown.rows.some(({ seen }) => seen === 'before'));
  return { rows: shown?.rows ?? null, changed, unseen: shown?.unseen ?? 0, catchUp, reload };
}

function useWholeUntil(path: string) {
  const wholeUntil = useRef(Date.now());
  const last = useRef(path);
  if (last.current !== path) {
    last.current = path;
    wholeUntil.current = Date.now();
  }
  return wholeUntil;
}

function whole(path: string, fresh: readonly JobRow[]): Shown {
  return { path, rows: asShown(fresh), unseen: 0 };
}

function updated(before: Shown, fresh: readonly JobRow[]): Shown {
  return { path: before.path, ...steady(before.rows, fresh) };
}
