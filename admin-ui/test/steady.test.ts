import { asShown, neighbourOf, steady } from '../src/jobs/steady';
import { jobRow } from '../dev/rows';

const shown = asShown([3, 2, 1].map((id) => jobRow({ id })));

test('a job that comes in does not move what is being read', () => {
  const { rows, unseen } = steady(shown, [jobRow({ id: 4 }), ...shown]);
  expect(rows.map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(unseen).toBe(1);
});

test('a job that is read is updated in its place', () => {
  const { rows } = steady(shown, [jobRow({ id: 2, state: 'done' }), jobRow({ id: 3 }), jobRow({ id: 1 })]);
  expect(rows.map(({ id, state }) => [id, state])).toEqual([
    [3, 'queued'],
    [2, 'done'],
    [1, 'queued'],
  ]);
});

test('a job that left the list stays visible as last seen, and offers nothing', () => {
  const [, left] = steady(shown, [jobRow({ id: 3 }), jobRow({ id: 1 })]).rows;
  expect(left).toMatchObject({ id: 2, seen: 'before', actions: [] });
});

test('a job that comes back is as good as before', () => {
  const without = steady(shown, [jobRow({ id: 3 })]).rows;
  const again = steady(without, [jobRow({ id: 2 }), jobRow({ id: 3 })]).rows;
  expect(again[1]).toMatchObject({ id: 2, seen: 'now' });
  expect(again[1]?.actions).toContain('retryNow');
});

describe('when rows leave, focus goes', () => {
  test('to the next one that stays', () => expect(neighbourOf(shown, [3])).toBe(2));
  test('past others that leave too', () => expect(neighbourOf(shown, [3, 2])).toBe(1));
  test('to the one before when the last one leaves', () => expect(neighbourOf(shown, [1])).toBe(2));
  test('nowhere when none is left', () => expect(neighbourOf(shown, [1, 2, 3])).toBeNull());
});
