import type { DeliveryState, JobState } from '../api/types';
import { isDeliveryState } from '../words/deliveries';
import { isJobState } from '../words/states';

export const TABS = ['overview', 'jobs', 'failures', 'batches', 'deliveries', 'connections'] as const;
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
  /** Class of the last failure. */
  failure: string | null;
  /** What a group of failures has in common. */
  cause: string | null;
  batch: string | null;
  /** Changed within this span back from now: '1h', '24h', '7d'. */
  since: string | null;
  /** One delivery as a page within Deliveries. */
  delivery: string | null;
  /** Of deliveries. */
  outcome: DeliveryState | null;
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
  failure: null,
  cause: null,
  batch: null,
  since: null,
  delivery: null,
  outcome: null,
  search: '',
  late: false,
  sort: 'newest',
  page: 1,
};

/** @param query what stands after the path: `?page=tallyman&tab=jobs&state=dead`. Anything odd is read as not said. */
export function placeFrom(query: string): Place {
  const said = new URLSearchParams(query);
  const state = said.get('state');
  const outcome = said.get('outcome');
  const since = said.get('since');
  return {
    tab: TABS.find((tab) => tab === said.get('tab')) ?? START.tab,
    job: wholeNumber(said.get('job')),
    state: state !== null && isJobState(state) ? state : null,
    connection: said.get('connection') || null,
    kind: said.get('kind') || null,
    failure: said.get('failure') || null,
    cause: said.get('cause') || null,
    batch: said.get('batch') || null,
    since: since !== null && /^\d{1,4}[mhd]$/.test(since) ? since : null,
    delivery: said.get('delivery') || null,
    outcome: outcome !== null && isDeliveryState(outcome) ? outcome : null,
    search: said.get('search') ?? '',
    late: said.get('late') === '1',
    sort: said.get('sort') === 'oldest' ? 'oldest' : 'newest',
    page: wholeNumber(said.get('p')) ?? 1,
  };
}

const PLAIN = [
  'state',
  'connection',
  'kind',
  'failure',
  'cause',
  'batch',
  'since',
  'delivery',
  'outcome',
] as const satisfies readonly (keyof Place)[];

/** The query of a place: WordPress's own `page` stays first, and what is as usual is left out. */
export function queryOf(place: Partial<Place>): string {
  const whole = { ...START, ...place };
  const { tab, job, search, late, sort, page } = whole;
  const said = new URLSearchParams({ page: 'tallyman' });
  if (tab !== START.tab) said.set('tab', tab);
  if (job !== null) said.set('job', String(job));
  for (const name of PLAIN) {
    const value = whole[name];
    if (value !== null) said.set(name, value);
  }
  if (search !== '') said.set('search', search);
  if (late) said.set('late', '1');
  if (sort !== START.sort) said.set('sort', sort);
  if (page > 1) said.set('p', String(page));
  return `?${said.toString()}`;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}
