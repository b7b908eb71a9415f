import { causeOf } from '../../../src/domain/cause.js';
import type { JobFilter } from '../../../src/stores/store.js';
import { failure, HOUR, mapping, MINUTE, newActivity, NOON } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function viewsContract(open: OpenStore): void {
  test('every field of the filter narrows the list', async () => {
    const shop = shopOf(open());
    const dead = await shop.jobIn('running', { subject: 'order:1', batchId: 'b1', traceId: 'a trace' });
    const rejected = failure({ kind: 'rejected' });
    const sentence = 'The postcode is not known.';
    await shop.move(dead, 'fail', { failure: rejected, sentence }, NOON + MINUTE);
    const queued = await shop.enqueue({
      subject: 'order:2',
      kind: 'order.status',
      connectionId: 'other',
      deadlineAt: NOON + MINUTE,
    });
    const filters: [JobFilter, number[]][] = [
      [{}, [dead, queued]],
      [{ states: ['dead'] }, [dead]],
      [{ states: [] }, []],
      [{ kinds: ['order.status', 'order.read'] }, [queued]],
      [{ connectionIds: ['other'] }, [queued]],
      [{ connectionIds: [] }, []],
      [{ subject: 'order:1' }, [dead]],
      [{ failureKind: 'rejected' }, [dead]],
      [{ failureKind: 'unavailable' }, []],
      [{ batchId: 'b1' }, [dead]],
      [{ cause: causeOf(rejected) }, [dead]],
      [{ cause: causeOf(failure()) }, []],
      [{ cause: '' }, [queued]],
      [{ traceId: 'a trace' }, [dead]],
      [{ idAfter: dead }, [queued]],
      [{ idAfter: queued }, []],
      [{ idUpTo: dead }, [dead]],
      [{ idUpTo: dead - 1 }, []],
      [{ updatedAfter: NOON + MINUTE }, [dead]],
      [{ updatedAfter: NOON + MINUTE + 1 }, []],
      [{ updatedBefore: NOON }, [queued]],
      [{ updatedBefore: NOON - 1 }, []],
      [{ updatedAfter: NOON, updatedBefore: NOON + MINUTE }, [dead, queued]],
      [{ late: { now: NOON + MINUTE + 1 } }, [queued]],
      [{ late: { now: NOON + MINUTE } }, []],
      [{ search: 'POSTCODE' }, [dead]],
      [{ search: 'order:2' }, [queued]],
      [{ states: ['dead'], connectionIds: ['other'] }, []],
    ];
    for (const [filter, ids] of filters) expect([filter, await shop.found(filter)]).toEqual([filter, ids]);
  });

  test('a job is found by the number the warehouse gave the order', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue({ subject: 'order:4711' });
    await shop.enqueue({ subject: 'order:4712' });
    await shop.enqueue({ subject: 'order:4711', orgId: 'bellows' });
    await shop.write([{ write: 'putMapping', mapping: mapping({ remoteId: 'uuid-77', remoteLabel: 'ORD_29%' }) }]);
    expect(await shop.found({ search: 'ord_29%' })).toEqual([id]);
    expect(await shop.found({ search: 'uuid-77' })).toEqual([id]);
    expect(await shop.found({ search: 'ORDx29' })).toEqual([]);
    expect(await shop.found({ search: '%' })).toEqual([id]);
  });

  test('organisations do not see each other', async () => {
    const shop = shopOf(open());
    const ours = await shop.jobIn('dead', { orgId: 'anvil' });
    const theirs = await shop.jobIn('dead', { orgId: 'bellows' });
    expect(await shop.found({ orgId: 'anvil' })).toEqual([ours]);
    expect(await shop.store.countByState({ orgId: 'bellows' })).toMatchObject({ dead: 1 });
    const who = { ...newActivity(), what: 'retryNow' };
    expect(await shop.store.moveMatching({ orgId: 'anvil' }, 'retryNow', {}, who, NOON, 10)).toBe(1);
    expect(await shop.state(theirs)).toBe('dead');
    expect(await shop.store.activity({ orgId: 'bellows' }, 10)).toEqual([]);
    expect(await shop.store.activity({ orgId: 'anvil' }, 10)).toHaveLength(1);
    const stats = await shop.store.stats(NOON + 1, 'bellows', ['warehouse']);
    expect(stats.hours.at(-1)).toMatchObject({ failed: 1 });
    expect(stats.flow).toMatchObject([{ arrived: 1, finished: 1 }]);
    expect(await shop.store.failureGroups({ orgId: 'bellows' }, 10)).toMatchObject([{ count: 1, jobId: theirs }]);
    const key = { orderingKey: 'order:4711', coalesceKey: 'push order 4711' };
    await shop.enqueue({ ...key, orgId: 'anvil' });
    await shop.enqueue({ ...key, orgId: 'bellows' });
    expect((await shop.claim()).map(({ orgId }) => orgId).sort()).toEqual(['anvil', 'anvil', 'bellows']);
  });

  test('pages come in the order that was asked for, with the total', async () => {
    const shop = shopOf(open());
    const first = await shop.enqueue({ runAt: NOON + HOUR });
    const second = await shop.enqueue({ runAt: NOON + MINUTE });
    const third = await shop.enqueue({ runAt: NOON + 2 * MINUTE });
    await shop.move(first, 'cancel', {}, NOON + 1);
    const ids = async (sort: 'newest' | 'oldest' | 'next' | 'updated', limit = 10, offset = 0) =>
      (await shop.store.jobs({}, { sort, limit, offset })).rows.map(({ id }) => id);
    expect(await ids('newest')).toEqual([third, second, first]);
    expect(await ids('oldest')).toEqual([first, second, third]);
    expect(await ids('next')).toEqual([second, third, first]);
    expect(await ids('updated')).toEqual([first, third, second]);
    expect(await ids('oldest', 1, 1)).toEqual([second]);
    expect((await shop.store.jobs({}, { sort: 'oldest', limit: 1, offset: 0 })).total).toBe(3);
  });

  test('what is counted is what is listed', async () => {
    const shop = shopOf(open());
    const states = ['blocked', 'dead', 'done', 'cancelled', 'retrying', 'running', 'queued'] as const;
    for (const state of states) await shop.jobIn(state, { kind: 'order.push' });
    await shop.jobIn('dead', { kind: 'order.status', connectionId: 'other' });
    const filters: JobFilter[] = [
      {},
      { kinds: ['order.push'] },
      { connectionIds: ['other'] },
      { states: ['dead', 'done'] },
    ];
    for (const filter of filters) {
      const counts = await shop.store.countByState(filter);
      for (const state of states) {
        const listed = (await shop.found(filter)).length;
        const asked = filter.states ?? states;
        const ofState = asked.includes(state) ? (await shop.found({ ...filter, states: [state] })).length : 0;
        expect([filter, state, counts[state]]).toEqual([filter, state, ofState]);
        expect((await shop.store.jobs(filter, { limit: 1, offset: 0, sort: 'oldest' })).total).toBe(listed);
      }
    }
  });

  test('every state is counted, also with nothing in it', async () => {
    const shop = shopOf(open());
    await shop.jobIn('blocked');
    expect(await shop.store.countByState({})).toEqual({
      queued: 0,
      running: 0,
      retrying: 0,
      blocked: 1,
      dead: 0,
      done: 0,
      cancelled: 0,
    });
  });

  test('the activity is told newest first, of a job or of an order', async () => {
    const shop = shopOf(open());
    await shop.write([
      { write: 'insertActivity', activity: newActivity({ what: 'first', before: 'a', after: 'b' }) },
      { write: 'insertActivity', activity: newActivity({ what: 'second', connectionId: null }) },
      { write: 'insertActivity', activity: newActivity({ what: 'elsewhere', subject: 'order:1' }) },
    ]);
    const told = await shop.store.activity({ subject: 'order:4711' }, 10);
    expect(told.map(({ what }) => what)).toEqual(['second', 'first']);
    expect(told[1]).toEqual({
      ...newActivity({ what: 'first', before: 'a', after: 'b' }),
      id: expect.any(Number),
      at: NOON,
    });
    expect(await shop.store.activity({}, 1)).toMatchObject([{ what: 'elsewhere' }]);
  });

  test('the last day is told hour by hour, with what is late, what waits longest and what was sent', async () => {
    const shop = shopOf(open());
    const endAt = async (move: 'succeed' | 'fail', at: number): Promise<void> => {
      const id = await shop.jobIn('running');
      await shop.move(id, move, {}, at);
    };
    await endAt('succeed', NOON - 30 * HOUR);
    await endAt('succeed', NOON - 2 * HOUR);
    await endAt('succeed', NOON + MINUTE);
    await endAt('fail', NOON + 2 * MINUTE);
    await shop.enqueue({ deadlineAt: NOON - 1 }, NOON + MINUTE);
    await shop.enqueue({ runAt: NOON + HOUR });
    await shop.write([{ write: 'putMapping', mapping: mapping() }], NOON - 25 * HOUR);
    await shop.write([{ write: 'putMapping', mapping: mapping({ sentFingerprint: 'edited' }) }], NOON);
    await shop.write([{ write: 'putMapping', mapping: mapping({ localId: '2', remoteId: 'w-2' }) }], NOON);
    await shop.write(
      [{ write: 'putMapping', mapping: mapping({ localId: '3', remoteId: null, state: 'intended' }) }],
      NOON,
    );
    const stats = await shop.store.stats(NOON + 5 * MINUTE, 'anvil', ['warehouse']);
    expect(stats.hours).toHaveLength(24);
    expect(stats.hours[0]?.startsAt).toBe(NOON - 23 * HOUR);
    expect(stats.hours.at(-1)).toEqual({ startsAt: NOON, done: 1, failed: 1 });
    expect(stats.hours.reduce((sum, { done }) => sum + done, 0)).toBe(2);
    expect(stats).toMatchObject({ oldestWaitingAt: NOON + MINUTE, late: 1, ordersSentToday: 1 });
    expect(await shop.store.stats(NOON, 'anvil', [])).toMatchObject({
      oldestWaitingAt: null,
      late: 0,
      ordersSentToday: 0,
    });
  });
}
