import {
  afterSilentProbe,
  afterSuccess,
  afterUnavailable,
  allowance,
  CLOSED,
  FAILURES_TO_OPEN,
  PROBE_DELAYS_MS,
  PROBE_LOST_MS,
  toProbing,
  type BreakerState,
} from '../../src/domain/breaker.js';

const now = 1_000_000;

function opened(): BreakerState {
  let breaker = CLOSED;
  for (let failure = 0; failure < FAILURES_TO_OPEN; failure += 1) breaker = afterUnavailable(breaker, now);
  return breaker;
}

test('it opens after five failures in a row, not after five in all', () => {
  expect(opened()).toMatchObject({ state: 'open', probeAt: now + 30_000, openedAt: now });
  let breaker = CLOSED;
  for (let failure = 0; failure < 20; failure += 1)
    breaker = failure % 4 === 3 ? afterSuccess() : afterUnavailable(breaker, now);
  expect(breaker.state).toBe('closed');
});

test('while open nothing goes, then exactly one', () => {
  const breaker = opened();
  expect(allowance(breaker, now + 29_999, 8)).toBe(0);
  expect(allowance(breaker, now + 30_000, 8)).toBe(1);
  expect(allowance(toProbing(breaker, now + 30_000), now + 30_001, 8)).toBe(0);
  expect(allowance(CLOSED, now, 8)).toBe(8);
});

test('failed probes come further and further apart, and the last distance stays', () => {
  let breaker = opened();
  const distances = Array.from({ length: 6 }, () => {
    const at = breaker.probeAt ?? 0;
    breaker = afterUnavailable(toProbing(breaker, at), at);
    return (breaker.probeAt ?? 0) - at;
  });
  expect(distances).toEqual([...PROBE_DELAYS_MS.slice(1), 3_600_000, 3_600_000]);
  expect(breaker.openedAt).toBe(now);
});

test('failures of jobs that were already on their way do not push the probe away', () => {
  const breaker = opened();
  expect(afterUnavailable(breaker, now + 20_000).probeAt).toBe(breaker.probeAt);
});

test('a successful probe closes it', () => {
  expect(afterSuccess()).toEqual(CLOSED);
});

test('a probe that was lost, or asked nothing, lets another one go', () => {
  const probing = toProbing(opened(), now);
  expect(allowance(probing, now + PROBE_LOST_MS, 8)).toBe(1);
  expect(allowance(afterSilentProbe(probing, now), now, 8)).toBe(1);
  expect(afterSilentProbe(CLOSED, now)).toBe(CLOSED);
});
