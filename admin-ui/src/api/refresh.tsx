import { createContext, useCallback, useContext, useEffect, useMemo, useState } from '@wordpress/element';
import type { ReactNode } from 'react';
import { kept, keep } from '../components/preferences';

/** How often the screen asks, in ms; null is "off". */
export const PACES_MS = [5_000, 15_000, 60_000, null] as const;
export type PaceMs = (typeof PACES_MS)[number];

interface Refresh {
  everyMs: PaceMs;
  /** False while the tab is hidden: nothing is asked for a reader who does not look. */
  visible: boolean;
  /** Grows when the reader asks for everything anew. */
  pulse: number;
  setEveryMs: (everyMs: PaceMs) => void;
  refreshNow: () => void;
}

const RefreshContext = createContext<Refresh | null>(null);

export function useRefresh(): Refresh {
  const refresh = useContext(RefreshContext);
  if (refresh === null) throw new Error('useRefresh needs a RefreshProvider above it.');
  return refresh;
}

export function RefreshProvider({ children }: { children: ReactNode }) {
  const [everyMs, setPace] = useState<PaceMs>(() => paceFrom(kept('refresh')));
  const [pulse, setPulse] = useState(0);
  const visible = useVisible();
  const setEveryMs = useCallback((pace: PaceMs) => {
    keep('refresh', pace);
    setPace(pace);
  }, []);
  const refreshNow = useCallback(() => setPulse((last) => last + 1), []);
  const refresh = useMemo(
    () => ({ everyMs, visible, pulse, setEveryMs, refreshNow }),
    [everyMs, visible, pulse, setEveryMs, refreshNow],
  );
  return <RefreshContext.Provider value={refresh}>{children}</RefreshContext.Provider>;
}

/** @returns 15 s for whatever is not one of the paces. */
export function paceFrom(value: unknown): PaceMs {
  return PACES_MS.find((pace) => pace === value) ?? (value === null ? null : 15_000);
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(() => document.visibilityState !== 'hidden');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState !== 'hidden');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
}
