import { PATHS } from '../src/api/client';
import { paceFrom } from '../src/api/refresh';
import { troubleFrom } from '../src/api/trouble';
import { answerOf } from '../dev/scenes';

test('a sidecar that does not answer is told apart from a shop that does not', () => {
  const call = { method: 'GET', path: '/tallyman/v1/proxy/api/v1/overview', query: new URLSearchParams() };
  const { body } = answerOf('unreachable', call, 0);
  expect(troubleFrom(body)).toMatchObject({ kind: 'sidecar_unreachable', waiting: 7 });
  expect(troubleFrom({ code: 'fetch_error', message: 'Could not get a valid response' })).toMatchObject({
    kind: 'offline',
    message: expect.stringContaining('Your shop did not answer'),
  });
});

test('the sidecar speaks for itself', () => {
  expect(troubleFrom({ error: 'illegal_move', message: 'It is being sent right now.' })).toEqual({
    kind: 'moved_on',
    message: 'It is being sent right now.',
  });
});

test('an answer nobody expected still says something', () => {
  for (const odd of [null, undefined, 'x', {}, new TypeError('')]) {
    expect(troubleFrom(odd)).toMatchObject({ kind: 'refused', message: expect.stringMatching(/.+\.$/) });
  }
});

test('the list is asked for what the address says, and for nothing else', () => {
  const none = {
    state: null,
    connection: null,
    kind: null,
    failure: null,
    cause: null,
    batch: null,
    since: null,
  } as const;
  const nothing = { ...none, search: '', late: false } as const;
  expect(PATHS.jobs({ ...nothing, sort: 'newest', page: 1, perPage: 20 })).toBe(
    '/tallyman/v1/proxy/api/v1/jobs?sort=newest&page=1&per_page=20',
  );
  expect(
    PATHS.jobs({ ...nothing, state: 'dead', search: 'a&b', late: true, sort: 'oldest', page: 2, perPage: 50 }),
  ).toBe('/tallyman/v1/proxy/api/v1/jobs?state=dead&search=a%26b&late=1&sort=oldest&page=2&per_page=50');
});

test('a pace nobody can choose becomes the usual one, and off stays off', () => {
  expect([5_000, null, undefined, 1, 'x'].map(paceFrom)).toEqual([5_000, null, 15_000, 15_000, 15_000]);
});
