import { useCallback, useEffect, useRef, useState } from '@wordpress/element';
import type { Resource } from '../api/use-resource';
import { asShown, steady, type Shown } from './steady';

interface Row {
  id: number | string;
}

interface Standing<Of> {
  path: string;
  rows: Shown<Of>[];
  unseen: number;
}

interface SteadyRows<Of> {
  rows: Shown<Of>[] | null;
  /** True when the list is no longer what is shown: rows came, or left. */
  changed: boolean;
  unseen: number;
  /** Shows the list as it is now. */
  catchUp: () => void;
  /** Asks again and shows the answer whole: after the reader did something. */
  reload: () => void;
}

/** The rows of a list that moves on by itself, standing still for whoever reads them. */
export function useSteadyRows<Of extends Row>(resource: Resource<{ rows: Of[] }>, path: string): SteadyRows<Of> {
  const { data, asOf } = resource;
  const [shown, setShown] = useState<Standing<Of> | null>(null);
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

function whole<Of extends Row>(path: string, fresh: readonly Of[]): Standing<Of> {
  return { path, rows: asShown(fresh), unseen: 0 };
}

function updated<Of extends Row>(before: Standing<Of>, fresh: readonly Of[]): Standing<Of> {
  return { path: before.path, ...steady(before.rows, fresh) };
}
