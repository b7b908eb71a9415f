import type { View, ViewTable } from '@wordpress/dataviews/wp';
import type { Place } from '../navigation/place';

/** What a reader arranges once and keeps: not in the address, as a colleague has another taste. */
export interface Arrangement {
  fields: string[];
  perPage: number;
  density: 'compact' | 'balanced' | 'comfortable';
}

export type Width = 'wide' | 'narrow';

export const PER_PAGE = [20, 50, 100];

export const USUAL: Arrangement = {
  fields: ['state', 'attempts', 'runAt', 'createdAt', 'connection'],
  perPage: 20,
  density: 'balanced',
};

/** @param value whatever the browser kept, maybe from an older version. */
export function arrangementFrom(value: unknown): Arrangement {
  if (typeof value !== 'object' || value === null) return USUAL;
  const { fields, perPage, density } = value as Partial<Arrangement>;
  return {
    fields: Array.isArray(fields) && fields.every((field) => typeof field === 'string') ? fields : USUAL.fields,
    perPage: PER_PAGE.find((size) => size === perPage) ?? USUAL.perPage,
    density: density === 'compact' || density === 'comfortable' ? density : USUAL.density,
  };
}

/** The column that offers a filter, and its name in the address. */
const FILTERED = [
  ['connection', 'connection'],
  ['kind', 'kind'],
  ['failure', 'failure'],
  ['updatedAt', 'since'],
] as const satisfies readonly (readonly [string, keyof Place])[];

/** The address and the arrangement as DataViews wants them. On a narrow screen a job is one column: title, state, sentence. */
export function viewOf(place: Place, arrangement: Arrangement, width: Width): ViewTable {
  return {
    type: 'table',
    titleField: 'title',
    descriptionField: 'sentence',
    showDescription: true,
    fields: width === 'narrow' ? [] : arrangement.fields,
    layout: { density: arrangement.density, enableMoving: false },
    search: place.search,
    filters: FILTERED.flatMap(([field, name]) => filter(field, place[name])),
    sort: { field: 'createdAt', direction: place.sort === 'oldest' ? 'asc' : 'desc' },
    page: place.page,
    perPage: arrangement.perPage,
  };
}

export function placeAfter(view: View, place: Place): Place {
  return {
    ...place,
    search: view.search ?? '',
    ...Object.fromEntries(FILTERED.map(([field, name]) => [name, chosen(view, field)])),
    sort: view.sort?.direction === 'asc' ? 'oldest' : 'newest',
    page: view.page ?? 1,
  };
}

export function arrangementAfter(view: View, before: Arrangement, width: Width): Arrangement {
  const density = view.layout && 'density' in view.layout ? view.layout.density : undefined;
  return {
    // What a narrow screen leaves out was not the reader's choice.
    fields: width === 'narrow' ? before.fields : (view.fields ?? before.fields),
    perPage: view.perPage ?? before.perPage,
    density: density ?? before.density,
  };
}

function filter(field: string, value: string | null) {
  return value === null ? [] : [{ field, operator: 'is' as const, value }];
}

function chosen(view: View, field: string): string | null {
  const value: unknown = view.filters?.find((one) => one.field === field)?.value;
  return typeof value === 'string' && value !== '' ? value : null;
}
