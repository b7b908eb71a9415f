import type { View, ViewTable } from '@wordpress/dataviews/wp';
import type { Place } from '../navigation/place';
import type { Width } from '../jobs/views';
import { isDeliveryState } from '../words/deliveries';

export const PER_PAGE = 20;

/** The address as DataViews wants it. On a narrow screen a delivery is one column. */
export function viewOf(place: Place, width: Width): ViewTable {
  return {
    type: 'table',
    titleField: 'topic',
    descriptionField: 'sentence',
    showDescription: true,
    fields: width === 'narrow' ? [] : ['outcome', 'connection', 'receivedAt', 'duplicates'],
    layout: { density: 'balanced', enableMoving: false },
    search: place.search,
    filters: [...filter('outcome', place.outcome), ...filter('connection', place.connection)],
    page: place.page,
    perPage: PER_PAGE,
  };
}

export function placeAfter(view: View, place: Place): Place {
  const outcome = chosen(view, 'outcome');
  return {
    ...place,
    search: view.search ?? '',
    connection: chosen(view, 'connection'),
    outcome: outcome !== null && isDeliveryState(outcome) ? outcome : null,
    page: view.page ?? 1,
  };
}

export type EmptyKind = 'nothing_yet' | 'no_match' | 'all_clear';

/** Why a list has no rows. The fourth reason, a sidecar that does not answer, is no empty list. */
export function emptyKind({ search, connection, outcome, page }: Place): EmptyKind {
  if (search !== '' || connection !== null || page > 1) return 'no_match';
  if (outcome === null) return 'nothing_yet';
  return outcome === 'dead' || outcome === 'received' ? 'all_clear' : 'no_match';
}

function filter(field: string, value: string | null) {
  return value === null ? [] : [{ field, operator: 'is' as const, value }];
}

function chosen(view: View, field: string): string | null {
  const value: unknown = view.filters?.find((one) => one.field === field)?.value;
  return typeof value === 'string' && value !== '' ? value : null;
}
