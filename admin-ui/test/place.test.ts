import { START, placeFrom, queryOf, type Place } from '../src/navigation/place';

const somewhere: Place = {
  tab: 'jobs',
  job: 31,
  state: 'dead',
  connection: 'wms-north',
  kind: 'order.push',
  failure: 'rejected',
  cause: 'rejected|400||The warehouse answered #: “…” is not valid.',
  batch: 'b-1',
  since: '24h',
  delivery: 'd-1',
  outcome: 'dead',
  search: 'Müller & Söhne #4711',
  late: true,
  sort: 'oldest',
  page: 3,
};

test('every part of a place survives the way through the address', () => {
  expect(placeFrom(queryOf(somewhere))).toEqual(somewhere);
  expect(placeFrom(queryOf(START))).toEqual(START);
});

test('what is as usual is not written into the address', () => {
  expect(queryOf({})).toBe('?page=tallyman');
  expect(queryOf({ tab: 'jobs', state: 'retrying' })).toBe('?page=tallyman&tab=jobs&state=retrying');
});

test('an odd address is read as not said', () => {
  expect(placeFrom('?page=tallyman&tab=cellar&state=toString&outcome=x&since=ever&job=-4&p=1e9&sort=up')).toEqual(
    START,
  );
  expect(placeFrom('?tab=jobs&job=12abc&p=0').job).toBeNull();
});
