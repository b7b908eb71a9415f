import type { JobListFilter } from '../api/types';
import type { Place } from '../navigation/place';

/** What the list shows, as the sidecar is asked for it. */
export function meantBy({ state, connection, kind, failure, cause, batch, since, late, search }: Place): JobListFilter {
  const plain = { state, connection, kind, failure, cause, batch, since };
  const said = Object.entries(plain).filter(([, value]) => value !== null);
  return {
    ...(Object.fromEntries(said) as JobListFilter),
    ...(late ? { late: '1' } : {}),
    ...(search === '' ? {} : { search }),
  };
}
