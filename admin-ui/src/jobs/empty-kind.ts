import type { JobList, JobState } from '../api/types';
import type { Place } from '../navigation/place';

export type EmptyKind = 'nothing_yet' | 'no_match' | 'all_clear';

/** States that are good to be empty. */
const HOPED_EMPTY: readonly JobState[] = ['dead', 'queued', 'running', 'retrying', 'blocked'];

/** Why a list has no rows. The fourth reason, a sidecar that does not answer, is no empty list. */
export function emptyKind(counts: JobList['counts'], place: Place): EmptyKind {
  if (isNarrowed(place) || place.page > 1) return 'no_match';
  if (Object.values(counts).every((count) => count === 0)) return 'nothing_yet';
  return place.state !== null && HOPED_EMPTY.includes(place.state) ? 'all_clear' : 'no_match';
}

/** Whether anything beside the state narrows the list. */
export function isNarrowed({ search, late, connection, kind, failure, cause, batch, since }: Place): boolean {
  return search !== '' || late || [connection, kind, failure, cause, batch, since].some((one) => one !== null);
}
