import { useEffect, useState } from '@wordpress/element';
import type { Width } from './views';

/** Where wp-admin itself becomes narrow. */
const NARROW = '(max-width: 782px)';

export function useWidth(): Width {
  const [narrow, setNarrow] = useState(() => window.matchMedia(NARROW).matches);
  useEffect(() => {
    const query = window.matchMedia(NARROW);
    const look = () => setNarrow(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, []);
  return narrow ? 'narrow' : 'wide';
}
