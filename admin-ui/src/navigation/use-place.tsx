import { createContext, useCallback, useContext, useEffect, useMemo, useState } from '@wordpress/element';
import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { placeFrom, queryOf, type Place } from './place';

interface Navigation {
  place: Place;
  /** False until the reader follows the first link: a page that just opened leaves focus where the browser put it. */
  moved: boolean;
  /** Goes to a place; 'replace' for steps nobody wants to go back through, like each letter of a search. */
  go: (place: Partial<Place>, history?: 'push' | 'replace') => void;
}

const NavigationContext = createContext<Navigation | null>(null);

export function usePlace(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error('usePlace needs a NavigationProvider above it.');
  return navigation;
}

export function NavigationProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(() => placeFrom(window.location.search));
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    const back = () => {
      setMoved(true);
      setPlace(placeFrom(window.location.search));
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);
  const go = useCallback((next: Partial<Place>, history: 'push' | 'replace' = 'push') => {
    const query = queryOf(next);
    if (query === window.location.search) return;
    window.history[`${history}State`](null, '', query);
    setMoved(true);
    setPlace(placeFrom(query));
  }, []);
  const navigation = useMemo(() => ({ place, moved, go }), [place, moved, go]);
  return <NavigationContext.Provider value={navigation}>{children}</NavigationContext.Provider>;
}

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'onClick'> & { to: Partial<Place> };

/** A real link: it can be opened in a new tab, copied and middle-clicked. */
export function PlaceLink({ to, children, ...rest }: LinkProps) {
  return (
    <a {...rest} {...useFollow()(to)}>
      {children}
    </a>
  );
}

/** What turns an `a` into a link to a place, for components that want to draw the `a` themselves. */
export function useFollow() {
  const { go } = usePlace();
  return (to: Partial<Place>) => ({
    href: queryOf(to),
    onClick: (event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
      event.preventDefault();
      go(to);
    },
  });
}
