import { actionsFor } from '../src/jobs/actions';
import { asShown, steady } from '../src/jobs/steady';
import { differenceOf, fieldsOf } from '../src/operations/difference';
import { OPERATIONS, movesOf, titleOf } from '../src/operations/operations';
import type { PersonMove } from '../src/api/types';
import type { Settings } from '../src/settings';
import { jobDetail, jobRow } from '../dev/rows';

const settings = (over: Partial<Settings> = {}) =>
  ({ canManage: true, orderEditUrl: '/order/%d', ...over }) as Settings;
const nobodyAsks = () => undefined;
const idsOf = (given: Settings) => actionsFor(given, nobodyAsks).map(({ id }) => id);

test('a row offers exactly what the sidecar allows on it', () => {
  const [dead, done] = asShown([jobRow({ id: 2, actions: ['cancel', 'retryNow'] }), jobRow({ id: 1, actions: [] })]);
  const offered = (row: typeof dead) =>
    actionsFor(settings(), nobodyAsks)
      .filter((action) => row && action.isEligible?.(row))
      .map(({ id }) => id);
  expect(offered(dead)).toEqual(['retryNow', 'cancel', 'openOrder']);
  expect(offered(done)).toEqual(['openOrder']);
});

test('whoever may only look is offered nothing that changes anything', () => {
  expect(idsOf(settings({ canManage: false }))).toEqual(['openOrder', 'copyAsJson']);
});

test('a row that is shown as last seen cannot be acted on', () => {
  const [row] = steady(asShown([jobRow({ id: 1 })]), []).rows;
  const moves = actionsFor(settings(), nobodyAsks).filter((action) => row && action.isEligible?.(row));
  expect(moves.map(({ id }) => id)).toEqual(['openOrder']);
});

test('pressing asks for the move with all chosen jobs', () => {
  const asked: [PersonMove, number[]][] = [];
  const actions = actionsFor(settings(), (move, jobs) => asked.push([move, jobs.map(({ id }) => id)]));
  const forceDone = actions.find(({ id }) => id === 'forceDone');
  const rows = asShown([jobRow({ id: 1 }), jobRow({ id: 2 })]);
  if (forceDone && 'callback' in forceDone) forceDone.callback(rows, { registry: null });
  expect(asked).toEqual([['forceDone', [1, 2]]]);
  expect(forceDone?.supportsBulk).toBe(true);
});

test('a correction is about one job only', () => {
  const correct = actionsFor(settings(), nobodyAsks).find(({ id }) => id === 'correct');
  expect(correct?.supportsBulk).toBe(false);
});

test('a bulk action says its number, and so does its result', () => {
  expect(titleOf('retryNow', 1)).toBe('Retry now');
  expect(titleOf('retryNow', 12)).toBe('Retry now: 12 jobs');
  expect(OPERATIONS.retryNow.result(12)).toBe('12 jobs queued.');
  expect(OPERATIONS.cancel.result(1)).toBe('1 job cancelled.');
});

test('moves come in one order whatever order the sidecar lists them in', () => {
  expect(movesOf({ actions: ['cancel', 'correct', 'retryNow'] })).toEqual(['retryNow', 'correct', 'cancel']);
});

describe('what will be sent differently', () => {
  const fields = jobDetail(jobRow({ state: 'dead' })).correctable ?? [];
  test('is nothing while nothing was changed, spaces aside', () => {
    expect(differenceOf(fields, {})).toEqual([]);
    expect(differenceOf(fields, { 'address.zip': ' 2035 ' })).toEqual([]);
  });
  test('is nothing when the shop itself has spaces around a value', () => {
    const zip = { field: 'address.zip', label: 'Postal code', value: '2035 ', sourceValue: '2035 ', correctedBy: null };
    expect(differenceOf([zip], {})).toEqual([]);
  });
  test('is each changed field, and only those are sent', () => {
    const changes = differenceOf(fields, { 'address.zip': '20359', 'address.city': 'Hamburg' });
    expect(changes).toEqual([{ field: 'address.zip', label: 'Postal code', before: '2035', after: '20359' }]);
    expect(fieldsOf(changes)).toEqual({ 'address.zip': '20359' });
  });
  test('can be an emptied field', () => {
    expect(fieldsOf(differenceOf(fields, { 'address.street': '' }))).toEqual({ 'address.street': '' });
  });
});
