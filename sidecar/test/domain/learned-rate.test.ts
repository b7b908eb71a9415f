import {
  afterRefusal,
  afterWord,
  isOver,
  presentRate,
  UNTAUGHT,
  usedUpUntil,
  type LearnedRate,
} from '../../src/domain/learned-rate.js';

const NOW = 1_000_000;
const MINUTE = 60_000;
const OWN = 60;

function refused(learned: LearnedRate, now: number): LearnedRate {
  return afterRefusal(learned, OWN, now) ?? learned;
}

test('without a lesson the connection goes at its own limit', () => {
  expect(presentRate(UNTAUGHT, OWN, NOW)).toBe(60);
});

test('a refusal halves the rate, and those of the same moment are one refusal', () => {
  const once = refused(UNTAUGHT, NOW);
  expect(presentRate(once, OWN, NOW)).toBe(30);
  expect(afterRefusal(once, OWN, NOW + 9_999)).toBeNull();
  expect(presentRate(refused(once, NOW + 10_000), OWN, NOW + 10_000)).toBe(15);
});

test('however often it is refused, a tenth of the limit stays', () => {
  let learned = UNTAUGHT;
  for (let time = 0; time < 20; time += 1) learned = refused(learned, NOW + time * 10_000);
  expect(presentRate(learned, OWN, NOW + 190_000)).toBe(6);
  expect(presentRate(refused(UNTAUGHT, NOW), 1, NOW)).toBe(1);
});

test('quiet time lets it grow back slowly, to its own limit and not beyond', () => {
  const learned = refused(UNTAUGHT, NOW);
  const rates = [0, 1, 5, 9, 10, 60].map((minutes) => presentRate(learned, OWN, NOW + minutes * MINUTE));
  expect(rates).toEqual([30, 33, 45, 57, 60, 60]);
  expect([9, 10].map((minutes) => isOver(learned, OWN, NOW + minutes * MINUTE))).toEqual([false, true]);
});

test('near the end of its window the count of the remote sets the pace, until the window is over', () => {
  const learned = afterWord(UNTAUGHT, OWN, { limit: 100, remaining: 10, resetInMs: 30_000 }, NOW) ?? UNTAUGHT;
  expect(presentRate(learned, OWN, NOW + 29_999)).toBe(20);
  expect(presentRate(learned, OWN, NOW + 30_000)).toBe(60);
});

test('a count that leaves enough teaches nothing', () => {
  expect(afterWord(UNTAUGHT, OWN, { limit: 100, remaining: 21, resetInMs: 60_000 }, NOW)).toBeNull();
  expect(afterWord(UNTAUGHT, OWN, { limit: 1000, remaining: 190, resetInMs: 60_000 }, NOW)).toBeNull();
  expect(afterWord(UNTAUGHT, OWN, { limit: null, remaining: 6, resetInMs: null }, NOW)).toBeNull();
});

test('a count that is used up closes the way until it starts anew, not for a whole day', () => {
  expect(usedUpUntil({ limit: 100, remaining: 0, resetInMs: 5_000 }, NOW)).toBe(NOW + 5_000);
  expect(usedUpUntil({ limit: 100, remaining: 1, resetInMs: 5_000 }, NOW)).toBeNull();
  expect(usedUpUntil({ limit: 100, remaining: 0, resetInMs: 86_400_000 }, NOW)).toBeNull();
  expect(usedUpUntil({ limit: 100, remaining: 0, resetInMs: null }, NOW)).toBeNull();
});
