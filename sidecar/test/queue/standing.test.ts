import { afterUnavailable, CLOSED } from '../../src/domain/breaker.js';
import { Standing } from '../../src/queue/standing.js';
import { aConnection, WAREHOUSE } from '../build.js';
import { MORNING } from '../fake-world.js';

function aStanding(): Standing {
  const standing = new Standing();
  standing.adopt([aConnection()], standing.mark());
  return standing;
}

test('failures that end side by side are all counted', () => {
  const standing = aStanding();
  for (let job = 1; job <= 5; job += 1) standing.note(WAREHOUSE, job, 'unavailable', MORNING);
  expect(standing.breaker(WAREHOUSE)).toMatchObject({ state: 'open', failures: 5 });
});

test('what was read before a change here was written does not undo it', () => {
  const standing = aStanding();
  standing.note(WAREHOUSE, 1, 'unavailable', MORNING);
  standing.adopt([aConnection()], standing.mark());
  expect(standing.breaker(WAREHOUSE).failures).toBe(1);
  const mark = standing.mark();
  standing.written(WAREHOUSE);
  standing.adopt([aConnection()], mark);
  expect(standing.breaker(WAREHOUSE).failures).toBe(1);
});

test('what others wrote is taken over', () => {
  const standing = aStanding();
  standing.note(WAREHOUSE, 1, 'unavailable', MORNING);
  standing.written(WAREHOUSE);
  standing.adopt([aConnection({ state: 'paused', breaker: CLOSED })], standing.mark());
  expect(standing.breaker(WAREHOUSE)).toEqual(CLOSED);
  expect(standing.isPaused(WAREHOUSE)).toBe(true);
});

test('only the first to pause a connection has something to say, until it was resumed', () => {
  const standing = aStanding();
  expect([standing.pause(WAREHOUSE), standing.pause(WAREHOUSE)]).toEqual(['paused', 'already']);
  standing.written(WAREHOUSE);
  standing.adopt([aConnection()], standing.mark());
  expect(standing.pause(WAREHOUSE)).toBe('paused');
});

test('an answer that was lost counts only against a probe', () => {
  const standing = aStanding();
  expect(standing.note(WAREHOUSE, 1, 'unclear', MORNING)).toBeNull();
  const open = [1, 2, 3, 4, 5].reduce((breaker) => afterUnavailable(breaker, MORNING), CLOSED);
  standing.adopt([aConnection({ breaker: open })], standing.mark());
  standing.probe(WAREHOUSE, 7, MORNING + 30_000);
  expect(standing.note(WAREHOUSE, 7, 'unclear', MORNING + 31_000)).toMatchObject({ state: 'open', step: 1 });
});

test('a job that asked nothing says nothing, unless it was the probe: then another may go', () => {
  const standing = aStanding();
  expect(standing.note(WAREHOUSE, 1, 'silent', MORNING)).toBeNull();
  const open = [1, 2, 3, 4, 5].reduce((breaker) => afterUnavailable(breaker, MORNING), CLOSED);
  standing.adopt([aConnection({ breaker: open })], standing.mark());
  standing.probe(WAREHOUSE, 7, MORNING + 30_000);
  expect(standing.note(WAREHOUSE, 7, 'silent', MORNING + 31_000)).toMatchObject({
    state: 'open',
    step: 0,
    probeAt: MORNING + 31_000,
  });
});
