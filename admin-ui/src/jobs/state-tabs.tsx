import { __ } from '@wordpress/i18n';
import type { JobList } from '../api/types';
import { usePlace, PlaceLink } from '../navigation/use-place';
import { STATES, STATE_ORDER } from '../words/states';

/** One link a state, with its count; the other filters stay. */
export function StateTabs({ counts }: { counts: JobList['counts'] | null }) {
  const { place } = usePlace();
  const total = counts && Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <nav className="tallyman-states" aria-label={__('Jobs by state', 'tallyman')}>
      <ul>
        {[null, ...STATE_ORDER].map((state) => (
          <li key={state ?? 'all'}>
            <PlaceLink
              to={{ ...place, state, page: 1 }}
              className={place.state === state ? 'is-current' : ''}
              aria-current={place.state === state ? 'page' : undefined}
            >
              {state === null ? __('All', 'tallyman') : STATES[state].label()}
              {counts && <span className="tallyman-count">{state === null ? total : counts[state]}</span>}
            </PlaceLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
