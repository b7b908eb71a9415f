import { attemptsAfter, JOB_STATES, MOVES, personMoves } from '../../../src/domain/job.js';
import type { JobState, Move } from '../../../src/domain/job.js';
import { failure, HOUR, MINUTE, NOON, NO_JOB } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

const ALL_MOVES = Object.keys(MOVES) as Move[];
const PAIRS = ALL_MOVES.flatMap((move) => JOB_STATES.map((state) => [move, state] as const));
/** Claims give leases and are a command of their own; what ended by itself is not re-opened. */
const isAllowed = (move: Move, state: JobState): boolean =>
  move !== 'claim' &&
  (MOVES[move].from as readonly JobState[]).includes(state) &&
  !(move === 'reopen' && state === 'done');

export function movesContract(open: OpenStore): void {
  const LATER = NOON + HOUR;

  test.each(PAIRS.filter(([move, state]) => isAllowed(move, state)))(
    '%s takes a job that is %s along the table',
    async (move, state) => {
      const shop = shopOf(open());
      const id = await shop.jobIn(state);
      const before = await shop.job(id);
      const applied = await shop.move(id, move, { blockedOn: 'some fact', blockedUntil: LATER + MINUTE }, LATER);
      expect(applied.applied).toBe(true);
      expect(await shop.job(id)).toMatchObject({
        state: MOVES[move].to,
        attempts: attemptsAfter(move, before.attempts),
        fence: before.fence,
        leaseUntil: null,
        updatedAt: LATER,
      });
    },
  );

  test.each(PAIRS.filter(([move, state]) => !isAllowed(move, state)))(
    '%s is refused for a job that is %s',
    async (move, state) => {
      const shop = shopOf(open());
      const id = await shop.jobIn(state);
      const before = await shop.job(id);
      const applied = await shop.move(id, move, { blockedOn: 'some fact' }, LATER);
      expect(applied).toEqual({ applied: false, failed: { guard: 'legalMove', jobId: id, move, state } });
      expect(await shop.job(id)).toEqual(before);
    },
  );

  test('a move of a job that does not exist is refused without a state', async () => {
    const applied = await shopOf(open()).move(NO_JOB, 'cancel');
    expect(applied).toEqual({
      applied: false,
      failed: { guard: 'legalMove', jobId: NO_JOB, move: 'cancel', state: null },
    });
  });

  test('a job that a person ended can be re-opened by a person', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('dead');
    await shop.move(id, 'forceDone', { settledBy: 'Anna (user 3)', sentence: 'Done by hand.' }, LATER);
    expect(await shop.job(id)).toMatchObject({
      settledBy: 'Anna (user 3)',
      sentence: 'Done by hand.',
      finishedAt: LATER,
    });
    expect(personMoves(await shop.job(id))).toEqual(['reopen']);
    await shop.move(id, 'reopen', {}, LATER);
    expect(await shop.job(id)).toMatchObject({ state: 'queued', settledBy: null, finishedAt: null, attempts: 0 });
    expect(await shop.claimIds({ now: LATER })).toEqual([id]);
  });

  test('a retry waits until its time, keeps the failure, and success forgets it', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('running');
    await shop.move(id, 'retry', { runAt: NOON + MINUTE, failure: failure(), sentence: 'Tried again in a minute.' });
    expect(await shop.job(id)).toMatchObject({ runAt: NOON + MINUTE, queuedAt: NOON + MINUTE, lastFailure: failure() });
    expect(await shop.claimIds()).toEqual([]);
    await shop.store.promoteDue(NOON + MINUTE, 10);
    expect(await shop.claimIds({ now: NOON + MINUTE })).toEqual([id]);
    expect((await shop.job(id)).lastFailure).toEqual(failure());
    await shop.move(id, 'succeed', { sentence: 'Sent.' }, NOON + 2 * MINUTE);
    expect(await shop.job(id)).toMatchObject({ lastFailure: null, sentence: 'Sent.', finishedAt: NOON + 2 * MINUTE });
  });

  test('a patch leaves what it does not name and clears what it names as null', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('running');
    await shop.move(id, 'retry', { failure: failure(), sentence: 'The warehouse was away.' });
    await shop.claim();
    await shop.move(id, 'postpone', {});
    expect(await shop.job(id)).toMatchObject({ sentence: 'The warehouse was away.', lastFailure: failure() });
    await shop.claim();
    await shop.move(id, 'postpone', { sentence: null, failure: null });
    expect(await shop.job(id)).toMatchObject({ sentence: null, lastFailure: null });
  });

  test('a person who retries a dead job gives it all its attempts again', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('running');
    await shop.move(id, 'fail', { failure: failure({ kind: 'rejected' }) });
    expect(await shop.job(id)).toMatchObject({ attempts: 1, finishedAt: NOON });
    await shop.move(id, 'retryNow', {}, LATER);
    expect(await shop.job(id)).toMatchObject({
      attempts: 0,
      lastFailure: null,
      finishedAt: null,
      runAt: LATER,
      queuedAt: LATER,
    });
  });

  test('all dead jobs of a filter are retried at once, each with its line in the activity, and others are left', async () => {
    const shop = shopOf(open());
    const dead = [await shop.jobIn('dead', { connectionId: 'a' }), await shop.jobIn('dead', { connectionId: 'a' })];
    const elsewhere = await shop.jobIn('dead', { connectionId: 'b' });
    const who = {
      orgId: 'anvil',
      connectionId: null,
      jobId: null,
      subject: '',
      who: 'Anna',
      what: 'retry',
      why: 'stock is back',
      before: null,
      after: null,
    };
    expect(await shop.store.moveMatching({ connectionIds: ['a'] }, 'retryNow', {}, who, LATER, 100)).toBe(2);
    for (const id of dead) {
      expect(await shop.state(id)).toBe('queued');
      expect(await shop.store.activity({ jobId: id }, 10)).toMatchObject([
        {
          who: 'Anna',
          what: 'retry',
          why: 'stock is back',
          before: 'dead',
          after: 'queued',
          subject: 'order:4711',
          at: LATER,
        },
      ]);
    }
    expect(await shop.state(elsewhere)).toBe('dead');
  });

  test('a move of many stops at its limit and leaves what may not make it', async () => {
    const shop = shopOf(open());
    const running = await shop.jobIn('running');
    for (let n = 0; n < 5; n += 1) await shop.enqueue();
    const who = {
      orgId: 'anvil',
      connectionId: null,
      jobId: null,
      subject: '',
      who: 'Anna',
      what: 'cancel',
      why: null,
      before: null,
      after: null,
    };
    expect(await shop.store.moveMatching({}, 'cancel', { settledBy: 'Anna' }, who, NOON, 3)).toBe(3);
    expect(await shop.store.countByState({})).toMatchObject({ running: 1, queued: 2, cancelled: 3 });
    expect(await shop.state(running)).toBe('running');
  });

  test('re-opening all leaves jobs that ended by themselves', async () => {
    const shop = shopOf(open());
    const byItself = await shop.jobIn('done');
    const byAnna = await shop.jobIn('cancelled');
    const who = {
      orgId: 'anvil',
      connectionId: null,
      jobId: null,
      subject: '',
      who: 'Anna',
      what: 'reopen',
      why: null,
      before: null,
      after: null,
    };
    expect(await shop.store.moveMatching({}, 'reopen', {}, who, NOON, 100)).toBe(1);
    expect([await shop.state(byItself), await shop.state(byAnna)]).toEqual(['done', 'queued']);
  });
}
