import { FAILURE_KINDS, type FailureKind } from '../../src/domain/failure.js';
import { KINDS } from '../../src/domain/kinds.js';
import { jittered, nextStep, type FailedRun } from '../../src/domain/retry.js';
import { CURES, cureFor, failedSentence, failureNote } from '../../src/domain/sentences.js';
import { aFailure } from '../build.js';

const run = (kind: FailureKind, given: Partial<FailedRun> = {}) =>
  nextStep({
    failure: aFailure({ kind }),
    attempts: 0,
    previous: null,
    spec: KINDS['order.push'],
    outage: 'none',
    chance: 0.5,
    ...given,
  });

test.each([
  [0, { next: 'retry', delayMs: 30_000 }],
  [1, { next: 'retry', delayMs: 120_000 }],
  [2, { next: 'retry', delayMs: 300_000 }],
  [3, { next: 'dead' }],
] as const)('after %i used attempts an unavailable remote means %j', (attempts, next) => {
  for (const kind of ['unavailable', 'unknown_outcome', 'unexpected'] as const)
    expect(run(kind, { attempts })).toEqual(next);
});

test('attempts are the delays plus one, for every kind of job', () => {
  for (const spec of Object.values(KINDS)) {
    expect(run('unavailable', { spec, attempts: spec.delaysMs.length - 1 }).next).toBe('retry');
    expect(run('unavailable', { spec, attempts: spec.delaysMs.length }).next).toBe('dead');
  }
});

test('while the outage is known, a failure costs nothing', () => {
  expect(run('unavailable', { outage: 'known', attempts: 3 })).toEqual({ next: 'awaitConnection' });
});

test('a remote that says when it is back is not asked before', () => {
  expect(run('unavailable', { failure: aFailure({ retryAfterSeconds: 600 }) })).toEqual({
    next: 'retry',
    delayMs: 600_000,
  });
});

test('jitter keeps within a fifth', () => {
  expect([0, 0.5, 1].map((chance) => jittered(1000, chance))).toEqual([800, 1000, 1200]);
});

test('a rate limit is waited for, never shorter than asked, at no cost however often', () => {
  const failure = aFailure({ kind: 'rate_limited', retryAfterSeconds: 10 });
  expect(run('rate_limited', { failure, chance: 0, attempts: 99 })).toEqual({ next: 'postpone', delayMs: 10_000 });
  expect(run('rate_limited', { failure, chance: 1 })).toEqual({ next: 'postpone', delayMs: 12_000 });
  expect(run('rate_limited', { chance: 0 })).toEqual({ next: 'postpone', delayMs: 60_000 });
});

test.each(['rejected', 'invalid'] as const)('%s is not asked again', (kind) => {
  expect(run(kind)).toEqual({ next: 'dead' });
});

test.each(['conflict', 'not_found'] as const)('%s gets one more try, counted from its own kind', (kind) => {
  expect(run(kind).next).toBe('retry');
  expect(run(kind, { attempts: 1, previous: 'unavailable' }).next).toBe('retry');
  expect(run(kind, { attempts: 1, previous: kind }).next).toBe('dead');
  expect(run(kind, { attempts: 0, previous: kind }).next).toBe('retry');
});

test('a missing mapping is waited for by name', () => {
  expect(
    run('mapping_missing', { failure: aFailure({ kind: 'mapping_missing', code: 'article-mapped:north:10:0' }) }),
  ).toEqual({
    next: 'block',
    fact: 'article-mapped:north:10:0',
  });
  expect(run('mapping_missing')).toEqual({ next: 'dead' });
});

test('every failure has a cure a clerk can read', () => {
  for (const kind of FAILURE_KINDS) expect(CURES[kind]).toMatch(/^[A-Z].+\.$/);
  expect(cureFor({ kind: 'unauthorized', code: 'forked' })).not.toBe(CURES.unauthorized);
});

test('a failed job says what went wrong and what comes next', () => {
  const failure = aFailure({ summary: 'The warehouse answered 503' });
  const sentence = failedSentence(failure, { next: 'retry', delayMs: 1 }, { number: 2, of: 4 });
  expect(sentence).toBe('The warehouse answered 503. It is tried again by itself (2 of 4 tries used).');
});

test('what is kept of a failure has no personal data', () => {
  const note = failureNote(
    aFailure({ summary: 'No such customer: ada@example.com', excerpt: '{"email":"ada@example.com","token":"abc"}' }),
  );
  expect(JSON.stringify(note)).not.toMatch(/ada@|abc/);
});
