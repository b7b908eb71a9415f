import { ageWords, browserLocale, clockWords, dueWords, durationWords, fromNow, spanWords } from '../src/words/time';
import { STATES, STATE_ORDER, isJobState } from '../src/words/states';
import { barsOf, totalsOf } from '../src/overview/throughput-shape';
import { at } from '../dev/rows';

const now = Date.parse(at(0));

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3599, '59 min'],
  [3600, '1 h'],
  [47 * 3600, '47 h'],
  [48 * 3600, '2 days'],
  [-5, '0 s'],
])('%d seconds are "%s"', (seconds, words) => {
  expect(spanWords(seconds)).toBe(words);
});

test('times are said from where the reader is', () => {
  expect(fromNow(at(3), now)).toBe('in 3 min');
  expect(fromNow(at(-3), now)).toBe('3 min ago');
  expect(fromNow(at(0.02), now)).toBe('just now');
  expect(fromNow('no time', now)).toBe('');
  expect(ageWords(at(-41), now)).toBe('41 min');
});

test('what should have run is due now, not some seconds ago', () => {
  expect(dueWords(at(-2), now)).toBe('due now');
  expect(dueWords(at(2), now)).toBe('in 2 min');
});

test('durations are as exact as they are short', () => {
  expect([412, 1400, 61_000].map(durationWords)).toEqual(['412 ms', '1.4 s', '1 min']);
});

test('a locale that only WordPress knows does not break the clock', () => {
  expect(browserLocale('de_DE_formal')).toBe('de-DE');
  expect(browserLocale('!')).toBeUndefined();
  expect(clockWords(at(0), '!')).not.toBe('');
});

test('each state has a word and an icon of its own', () => {
  expect(new Set(STATE_ORDER.map((state) => STATES[state].label())).size).toBe(7);
  expect(new Set(STATE_ORDER.map((state) => STATES[state].icon)).size).toBe(7);
  expect(isJobState('constructor')).toBe(false);
});

test('the busiest hour reaches the top, and a single job is still seen', () => {
  const hours = [
    { startsAt: at(-120), done: 1, failed: 0 },
    { startsAt: at(-60), done: 300, failed: 100 },
    { startsAt: at(0), done: 0, failed: 0 },
  ];
  const [one, busiest, none] = barsOf(hours);
  expect(busiest).toMatchObject({ done: 0.75, failed: 0.25 });
  expect(one?.done).toBeGreaterThanOrEqual(0.02);
  expect(none).toMatchObject({ done: 0, failed: 0 });
  expect(totalsOf(hours)).toMatchObject({ done: 301, failed: 100, busiest: hours[1] });
  expect(totalsOf([]).busiest).toBeNull();
});
