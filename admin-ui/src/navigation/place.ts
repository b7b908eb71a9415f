import type { JobState } from '../api/types';
import { isJobState } from '../words/states';

export const TABS = ['overview', 'jobs', 'connections'] as const;
export type Tab = (typeof TABS)[number];

/** Where the reader is. All of it stands in the address, so that it can be sent to a colleague. */
export interface Place {
  tab: Tab;
  /** One job as a page within Jobs. */
  job: number | null;
  state: JobState | null;
  /** On Jobs a filter; on Connections the one that is open, or `new`. */
  connection: string | null;
  kind: string | null;
  search: string;
  /** Only what should have been done by now. */
  late: boolean;
  sort: 'newest' | 'oldest';
  /** 1 is the first page of the list. */
  page: number;
}

export const START: Place = {
  tab: 'overview',
  job: null,
  state: null,
  connection: null,
  kind: null,
  search: '',
  late: false,
  sort: 'newest',
  page: 1,
};

/** @param query what stands after the path: `?page=tallyman&tab=jobs&state=dead`. Anything odd is read as not said. */
export function placeFrom(query: string): Place {
  const said = new URLSearchParams(query);
  const state = said.get('state');
  return {
    tab: TABS.find((tab) => tab === said.get('tab')) ?? START.tab,
    job: wholeNumber(said.get('job')),
    state: state !== null && isJobState(state) ? state : null,
    connection: said.get('connection') || null,
    kind: said.get('kind') || null,
    search: said.get('search') ?? '',
    late: said.get('late') === '1',
    sort: said.get('sort') === 'oldest' ? 'oldest' : 'newest',
    page: wholeNumber(said.get('p')) ?? 1,
  };
}

/** The query of a place: WordPress's own `page` stays first, and what is as usual is left out. */
export function queryOf(place: Partial<Place>): string {
  const { tab, job, state, connection, kind, search, late, sort, page } = { ...START, ...place };
  const said = new URLSearchParams({ page: 'tallyman' });
  if (tab !== START.tab) said.set('tab', tab);
  if (job !== null) said.set('job', String(job));
  if (state !== null) said.set('state', state);
  if (connection !== null) said.set('connection', connection);
  if (kind !== null) said.set('kind', kind);
  if (search !== '') said.set('search', search);
  if (late) said.set('late', '1');
  if (sort !== START.sort) said.set('sort', sort);
  if (page > 1) said.set('p', String(page));
  return `?${said.toString()}`;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}
