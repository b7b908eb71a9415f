import { endedOf, timeWords } from '../src/batches/progress';
import { emptyKind, placeAfter, viewOf } from '../src/deliveries/views';
import { isNarrowed } from '../src/jobs/empty-kind';
import { meantBy } from '../src/jobs/meant';
import { asShown, steady } from '../src/jobs/steady';
import { viewOf as jobsView, placeAfter as placeAfterJobs, USUAL } from '../src/jobs/views';
import { START, queryOf, placeFrom, type Place } from '../src/navigation/place';
import { allThatMatch, isBatchMove, these } from '../src/words/batches';
import { causeWords, failureWords } from '../src/words/failures';
import { sizeWords } from '../src/words/size';
import { batchRow, deliveryRow, failureGroup } from '../dev/many';
import { countsOf } from '../dev/rows';

const jobs: Place = { ...START, tab: 'jobs' };
const deliveries: Place = { ...START, tab: 'deliveries' };
const NOW = Date.parse('2026-11-23T10:32:00Z');

describe('a press on many', () => {
  test('says its number', () => {
    expect(allThatMatch('retryNow', 214)).toBe('Retry all 214 that match');
    expect(these('forceDone', 41)).toBe('Force these 41 jobs done');
    expect(these('cancel', 1)).toBe('Cancel 1 job');
  });
  test('means what the list shows, and nothing that is not said', () => {
    const place: Place = {
      ...jobs,
      state: 'dead',
      failure: 'rejected',
      since: '24h',
      late: true,
      search: '4711',
      page: 3,
    };
    expect(meantBy(place)).toEqual({ state: 'dead', failure: 'rejected', since: '24h', late: '1', search: '4711' });
    expect(meantBy(jobs)).toEqual({});
  });
  test('is no correction and no re-opening: those are about one job', () => {
    expect(['retryNow', 'correct', 'forceDone', 'cancel', 'reopen'].filter(isBatchMove)).toEqual([
      'retryNow',
      'forceDone',
      'cancel',
    ]);
  });
});

describe('a batch', () => {
  test('is as far as its jobs have ended, well or not', () => {
    expect(endedOf(batchRow())).toBe(123);
    expect(endedOf(batchRow({ total: 2, counts: { ...countsOf([]), done: 5 } }))).toBe(2);
  });
  test('says when it should be through, or how long it took, or nothing', () => {
    expect(timeWords(batchRow({}, NOW), NOW)).toBe('Through in about 4 min.');
    expect(timeWords(batchRow({}, NOW - 600_000), NOW)).toBe('Through in a moment.');
    expect(timeWords(batchRow({ expectedEndAt: null }), NOW)).toBe('');
    expect(timeWords(batchRow({ finishedAt: '2026-11-23T10:00:00Z', durationMs: 1400 }), NOW)).toBe('Took 1.4 s.');
  });
});

describe('a group of failures', () => {
  test('leads to its own jobs, by an address that can be sent to a colleague', () => {
    const { filter } = failureGroup();
    expect(placeFrom(queryOf({ tab: 'jobs', ...filter }))).toMatchObject({ tab: 'jobs', ...filter });
  });
  test('is named without the classes before it', () => {
    expect(causeWords(failureGroup().filter.cause)).toBe('The warehouse answered #: Postal code is not valid for DE.');
    expect(causeWords('odd')).toBe('odd');
    expect(failureWords('rejected')).toBe('Refused');
    expect(failureWords('haunted')).toBe('haunted');
  });
});

test('every filter of the list of jobs survives the way through the table', () => {
  const place: Place = {
    ...jobs,
    connection: 'wms-north',
    kind: 'order.push',
    failure: 'rejected',
    since: '7d',
    cause: 'c',
  };
  expect(placeAfterJobs(jobsView(place, USUAL, 'wide'), place)).toEqual(place);
});

test.each(['connection', 'kind', 'failure', 'cause', 'batch', 'since'] as const)(
  '%s narrows the list of jobs',
  (name) => {
    expect(isNarrowed({ ...jobs, [name]: 'x' })).toBe(true);
    expect(isNarrowed({ ...jobs, state: 'dead' })).toBe(false);
  },
);

describe('the list of deliveries', () => {
  test('shows what the address says', () => {
    const place: Place = { ...deliveries, connection: 'store', outcome: 'dead', search: 'w1', page: 2 };
    expect(placeAfter(viewOf(place, 'wide'), place)).toEqual(place);
    expect(viewOf(place, 'narrow').fields).toEqual([]);
  });
  test('without rows is new, or searched in vain, or good news', () => {
    expect(emptyKind(deliveries)).toBe('nothing_yet');
    expect(emptyKind({ ...deliveries, search: 'x' })).toBe('no_match');
    expect(emptyKind({ ...deliveries, outcome: 'dead' })).toBe('all_clear');
    expect(emptyKind({ ...deliveries, outcome: 'processed' })).toBe('no_match');
  });
  test('stands still while it is read', () => {
    const { rows, unseen } = steady(asShown([deliveryRow(1)]), [deliveryRow(2), deliveryRow(1)]);
    expect(rows.map(({ id }) => id)).toEqual(['d-1']);
    expect(unseen).toBe(1);
  });
});

test('a size is said as people read it', () => {
  expect([812, 4211].map(sizeWords)).toEqual(['812 bytes', '4.1 KB']);
});
