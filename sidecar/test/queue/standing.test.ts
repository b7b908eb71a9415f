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

test('answers that were lost count like none at all: an outage may show itself in nothing else', () => {
  const standing = aStanding();
  for (let job = 1; job <= 5; job += 1) expect(standing.note(WAREHOUSE, job, 'unclear', MORNING)).toBe('ordinary');
  expect(standing.breaker(WAREHOUSE)).toMatchObject({ state: 'open', failures: 5 });
  standing.probe(WAREHOUSE, 7, MORNING + 30_000);
  expect(standing.note(WAREHOUSE, 7, 'unclear', MORNING + 31_000)).toBe('probe');
  expect(standing.breaker(WAREHOUSE)).toMatchObject({ state: 'open', step: 1 });
});

test('one answer among them starts the row anew', () => {
  const standing = aStanding();
  for (let job = 1; job <= 20; job += 1) {
    standing.note(WAREHOUSE, job, job % 5 === 0 ? 'answered' : 'unclear', MORNING);
    expect(standing.breaker(WAREHOUSE).state).toBe('closed');
  }
});

test('a job that asked nothing says nothing, unless it was the probe: then another may go', () => {
  const standing = aStanding();
  expect(standing.note(WAREHOUSE, 1, 'silent', MORNING)).toBeNull();
  const open = [1, 2, 3, 4, 5].reduce((breaker) => afterUnavailable(breaker, MORNING), CLOSED);
  standing.adopt([aConnection({ breaker: open })], standing.mark());
  standing.probe(WAREHOUSE, 7, MORNING + 30_000);
  expect(standing.note(WAREHOUSE, 7, 'silent', MORNING + 31_000)).toBe('probe');
  const probeAt = MORNING + 31_000;
  expect(standing.breaker(WAREHOUSE)).toMatchObject({ state: 'open', step: 0, probeAt });
});

test('while all goes well the store hears nothing about the breaker', () => {
  const standing = aStanding();
  expect(standing.note(WAREHOUSE, 1, 'answered', MORNING)).toBeNull();
});

test('what the store has counted of others is believed, once nothing of ours is on its way', () => {
  const standing = aStanding();
  standing.note(WAREHOUSE, 1, 'unavailable', MORNING);
  standing.note(WAREHOUSE, 2, 'unavailable', MORNING);
  const four = { ...CLOSED, failures: 4 };
  standing.written(WAREHOUSE, { ...CLOSED, failures: 3 });
  expect(standing.breaker(WAREHOUSE).failures).toBe(2);
  standing.written(WAREHOUSE, four);
  expect(standing.breaker(WAREHOUSE)).toEqual(four);
});

test('a connection that goes on answering is said to do so every few seconds, and at once after trouble', () => {
  const standing = aStanding();
  expect(standing.isNewGoodWord(WAREHOUSE, MORNING)).toBe(true);
  expect(standing.isNewGoodWord(WAREHOUSE, MORNING + 4_999)).toBe(false);
  expect(standing.isNewGoodWord(WAREHOUSE, MORNING + 5_000)).toBe(true);
  standing.noteTrouble(WAREHOUSE, MORNING + 5_001);
  expect(standing.isNewGoodWord(WAREHOUSE, MORNING + 5_002)).toBe(true);
});
