import { createContext, useContext, useEffect, useState } from '@wordpress/element';
import type { ReactNode } from 'react';

const NowContext = createContext(0);

/** @returns epoch ms of a moment that moves on every few seconds, the same for the whole page. */
export function useNow(): number {
  return useContext(NowContext);
}

export function NowProvider({ clock, children }: { clock: () => number; children: ReactNode }) {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const ticking = setInterval(() => setNow(clock()), 5_000);
    return () => clearInterval(ticking);
  }, [clock]);
  return <NowContext.Provider value={now}>{children}</NowContext.Provider>;
}
