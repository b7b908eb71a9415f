import {
  attemptsAfter,
  JOB_STATES,
  KEY_HOLDING_STATES,
  LIVE_STATES,
  mayMove,
  MOVES,
  personMoves,
  UNCLAIMED_STATES,
  type JobState,
  type Move,
} from '../../src/domain/job.js';

const moves = Object.keys(MOVES) as Move[];

test('a running job is never yanked: only the worker and the clock move it', () => {
  const movers = moves.filter((move) => mayMove(move, 'running')).map((move) => MOVES[move].by);
  expect(new Set(movers)).toEqual(new Set(['worker', 'clock']));
  expect(personMoves({ state: 'running', settledBy: null })).toEqual([]);
});

test('every state can be reached, and every state but the two ends can be left without a person', () => {
  for (const state of JOB_STATES) {
    if (state !== 'queued') expect(moves.some((move) => MOVES[move].to === state)).toBe(true);
    const leaves = moves.some((move) => mayMove(move, state) && MOVES[move].by !== 'person');
    expect(leaves).toBe(state !== 'done' && state !== 'cancelled');
  }
});

test('whoever looks at a dead job may retry, correct, settle or cancel it', () => {
  expect(personMoves({ state: 'dead', settledBy: null })).toEqual(['retryNow', 'correct', 'forceDone', 'cancel']);
});

test.each<[JobState, string | null, boolean]>([
  ['done', null, false],
  ['done', 'Anna', true],
  ['cancelled', 'Anna', true],
])('a %s job settled by %s: re-open %s', (state, settledBy, may) => {
  expect(personMoves({ state, settledBy }).includes('reopen')).toBe(may);
});

test('waiting, a rate limit and a lapsed lease cost no attempt; failing does', () => {
  for (const move of ['block', 'postpone', 'lapse', 'release'] as const) expect(attemptsAfter(move, 2)).toBe(2);
  for (const move of ['retry', 'fail', 'succeed'] as const) expect(attemptsAfter(move, 2)).toBe(3);
  for (const move of ['rescue', 'revive', 'retryNow', 'correct', 'reopen'] as const)
    expect(attemptsAfter(move, 2)).toBe(0);
});

test('a blocked or dead job does not hold its ordering key', () => {
  expect(KEY_HOLDING_STATES).not.toContain('blocked');
  expect(KEY_HOLDING_STATES).not.toContain('dead');
});

test('unclaimed is live without running', () => {
  expect([...UNCLAIMED_STATES, 'running'].sort()).toEqual([...LIVE_STATES].sort());
});
