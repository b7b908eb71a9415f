import { START, type Place } from '../src/navigation/place';
import { emptyKind } from '../src/jobs/empty-kind';
import { USUAL, arrangementAfter, arrangementFrom, placeAfter, viewOf } from '../src/jobs/views';
import { countsOf, jobRow } from '../dev/rows';

const place: Place = { ...START, tab: 'jobs', connection: 'wms-north', search: '4711', sort: 'oldest', page: 2 };

test('what the table shows and what the address says are the same', () => {
  expect(placeAfter(viewOf(place, USUAL, 'wide'), place)).toEqual(place);
});

test('a filter that was taken away leaves the address', () => {
  const view = viewOf(place, USUAL, 'wide');
  expect(placeAfter({ ...view, filters: [], page: 1 }, place)).toMatchObject({ connection: null, page: 1 });
});

test('the state is chosen by the tabs, so the table never touches it', () => {
  const dead: Place = { ...place, state: 'dead' };
  expect(placeAfter(viewOf(dead, USUAL, 'wide'), dead).state).toBe('dead');
});

test('a narrow screen does not cost the reader the columns of a wide one', () => {
  const view = viewOf(place, USUAL, 'narrow');
  expect(view.fields).toEqual([]);
  expect(arrangementAfter(view, USUAL, 'narrow').fields).toEqual(USUAL.fields);
});

test('an arrangement kept by an older version is not trusted', () => {
  expect(arrangementFrom({ fields: [1], perPage: 7, density: 'airy' })).toEqual(USUAL);
  expect(arrangementFrom(undefined)).toEqual(USUAL);
  expect(arrangementFrom({ ...USUAL, perPage: 50 }).perPage).toBe(50);
});

describe('a list without rows', () => {
  const none = countsOf([]);
  const some = countsOf([jobRow({ state: 'done' })]);
  const jobs: Place = { ...START, tab: 'jobs' };
  test('is new when there never was a job', () => expect(emptyKind(none, jobs)).toBe('nothing_yet'));
  test('is good news when nothing needs attention', () => {
    expect(emptyKind(some, { ...jobs, state: 'dead' })).toBe('all_clear');
  });
  test('is a search without a match whatever the counts are', () => {
    expect(emptyKind(none, { ...jobs, search: 'x' })).toBe('no_match');
    expect(emptyKind(some, { ...jobs, state: 'dead', connection: 'wms-north' })).toBe('no_match');
    expect(emptyKind(some, { ...jobs, late: true })).toBe('no_match');
  });
});
