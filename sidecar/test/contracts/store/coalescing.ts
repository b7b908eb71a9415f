import { failure, HOUR, MINUTE, NOON } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function coalescingContract(open: OpenStore): void {
  const push = { coalesceKey: 'push order 4711', orderingKey: 'order:shop:4711' };

  test('many changes of one order that waits leave one job with the latest wishes', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue({
      ...push,
      payload: { force: true, from: 'hook' },
      deadlineAt: NOON + HOUR,
      runAt: NOON + MINUTE,
    });
    const again = await shop.enqueued(
      { ...push, payload: { from: 'sweep' }, deadlineAt: NOON + MINUTE, origin: 'sweep', traceId: 'newer' },
      NOON + 1,
    );
    expect(again).toEqual({ kind: 'enqueued', jobId: id, how: 'coalesced' });
    expect(await shop.job(id)).toMatchObject({
      payload: { force: true, from: 'sweep' },
      deadlineAt: NOON + MINUTE,
      runAt: NOON,
      queuedAt: NOON + 1,
      origin: 'sweep',
      traceId: 'newer',
      createdAt: NOON,
    });
    expect(await shop.claimIds()).toEqual([id]);
  });

  test('a job that is tried again keeps its delay when a change joins it', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('running', push);
    await shop.move(id, 'retry', { runAt: NOON + MINUTE, failure: failure() });
    expect((await shop.enqueued(push)).how).toBe('coalesced');
    expect(await shop.job(id)).toMatchObject({ state: 'retrying', runAt: NOON + MINUTE, attempts: 1 });
  });

  test('a blocked job that a change joins looks again: what it waits for may not be needed any more', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('blocked', push);
    expect((await shop.enqueued({ ...push, payload: { from: 'sweep' } })).how).toBe('coalesced');
    expect(await shop.job(id)).toMatchObject({
      state: 'queued',
      blockedOn: null,
      blockedUntil: null,
      payload: { from: 'sweep' },
    });
    expect(await shop.claimIds()).toEqual([id]);
  });

  test('a running job is not touched: a second one follows it, and further changes join that one', async () => {
    const shop = shopOf(open());
    const running = await shop.jobIn('running', push);
    const before = await shop.job(running);
    const second = await shop.enqueued(push);
    expect(second).toMatchObject({ how: 'inserted' });
    expect(await shop.enqueued(push)).toMatchObject({ how: 'coalesced', jobId: second.jobId });
    expect(await shop.job(running)).toEqual(before);
    expect(await shop.claimIds()).toEqual([]);
    await shop.move(running, 'succeed');
    expect(await shop.claimIds()).toEqual([second.jobId]);
  });

  test('a new version revives a dead job with all its attempts, and the activity says why', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('dead', push);
    const revived = await shop.enqueued(
      { ...push, deadlineAt: NOON + 2 * HOUR, payload: { from: 'edit' } },
      NOON + HOUR,
    );
    expect(revived).toEqual({ kind: 'enqueued', jobId: id, how: 'revived' });
    expect(await shop.job(id)).toMatchObject({
      state: 'queued',
      attempts: 0,
      deadlineAt: NOON + 2 * HOUR,
      payload: { from: 'edit' },
      queuedAt: NOON + HOUR,
    });
    expect(await shop.store.activity({ jobId: id }, 10)).toMatchObject([
      {
        what: 'revive',
        who: 'order changed',
        why: 'A new version of its subject arrived.',
        before: 'dead',
        after: 'queued',
        at: NOON + HOUR,
      },
    ]);
    expect(await shop.claimIds({ now: NOON + HOUR })).toEqual([id]);
  });

  test('a net that finds a dead job leaves it to a person', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('dead', push);
    const before = await shop.job(id);
    expect(await shop.enqueued(push, NOON, 'leave')).toEqual({ kind: 'enqueued', jobId: id, how: 'left_dead' });
    expect(await shop.job(id)).toEqual(before);
    expect(await shop.deeds(id)).toEqual([]);
  });

  test('a live job is joined even when a dead one of the same wish lies beside it', async () => {
    const shop = shopOf(open());
    const dead = await shop.jobIn('running', push);
    const live = await shop.enqueue(push);
    await shop.move(dead, 'fail');
    expect(await shop.enqueued(push)).toMatchObject({ how: 'coalesced', jobId: live });
    expect(await shop.state(dead)).toBe('dead');
  });

  test('what is over is not joined', async () => {
    const shop = shopOf(open());
    const done = await shop.jobIn('done', push);
    const next = await shop.enqueued(push);
    expect(next.how).toBe('inserted');
    expect(next.jobId).toBeGreaterThan(done);
  });

  test('jobs without a key never become one, and neither do those of two organisations', async () => {
    const shop = shopOf(open());
    const ids = new Set([
      await shop.enqueue(),
      await shop.enqueue(),
      await shop.enqueue({ ...push, orgId: 'anvil' }),
      await shop.enqueue({ ...push, orgId: 'bellows' }),
    ]);
    expect(ids.size).toBe(4);
  });
}
