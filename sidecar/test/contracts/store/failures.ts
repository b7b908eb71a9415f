import { causeOf } from '../../../src/domain/cause.js';
import type { FailureNote, NewJob } from '../../../src/domain/job.js';
import { failure, newActivity, NOON } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore, Shop } from './shop.js';

export function failuresContract(open: OpenStore): void {
  const notUnique = (reference: string): FailureNote =>
    failure({ kind: 'rejected', status: 400, summary: `The warehouse answered 400: "${reference}" is not unique.` });
  const NOT_UNIQUE = causeOf(notUnique('A-1'));

  async function died(shop: Shop, note: FailureNote | null, at = NOON, over: Partial<NewJob> = {}): Promise<number> {
    const id = await shop.jobIn('running', over);
    await shop.move(id, 'fail', note === null ? {} : { failure: note }, at);
    return id;
  }

  test('forty refusals that name forty orders are one group, with the latest as the example', async () => {
    const shop = shopOf(open());
    await died(shop, notUnique('A-1'), NOON);
    const latest = await died(shop, notUnique('A-2'), NOON + 2);
    await died(shop, notUnique('A-3'), NOON + 1);
    const other = await died(shop, failure(), NOON + 5);
    const elsewhere = await died(shop, notUnique('A-4'), NOON + 3, { connectionId: 'other' });
    const unnamed = await died(shop, null, NOON + 4, { kind: 'order.status' });
    await shop.jobIn('done');
    const group = { kind: 'order.push', connectionId: 'warehouse', cause: NOT_UNIQUE };
    expect(await shop.store.failureGroups({}, 10)).toEqual([
      { ...group, count: 3, firstAt: NOON, lastAt: NOON + 2, jobId: latest },
      { ...group, cause: causeOf(failure()), count: 1, firstAt: NOON + 5, lastAt: NOON + 5, jobId: other },
      { ...group, kind: 'order.status', cause: '', count: 1, firstAt: NOON + 4, lastAt: NOON + 4, jobId: unnamed },
      { ...group, connectionId: 'other', count: 1, firstAt: NOON + 3, lastAt: NOON + 3, jobId: elsewhere },
    ]);
    expect(await shop.store.failureGroups({}, 1)).toHaveLength(1);
    expect(await shop.store.failureGroups({ connectionIds: ['other'] }, 10)).toMatchObject([{ jobId: elsewhere }]);
    expect(await shop.store.failureGroups({ states: ['queued'] }, 10)).toEqual([]);
    expect(await shop.store.failureGroups({ orgId: 'bellows' }, 10)).toEqual([]);
  });

  test('of deaths at one moment the job that came last is the example', async () => {
    const shop = shopOf(open());
    await died(shop, failure());
    const last = await died(shop, failure());
    expect(await shop.store.failureGroups({}, 10)).toMatchObject([{ count: 2, jobId: last }]);
  });

  test('a group can be found and acted on by its cause, and what went on is out of it', async () => {
    const shop = shopOf(open());
    const ids = [await died(shop, notUnique('A-1')), await died(shop, notUnique('A-2'))];
    const other = await died(shop, failure());
    const group = { states: ['dead'], kinds: ['order.push'], cause: NOT_UNIQUE } as const;
    expect(await shop.found(group)).toEqual(ids);
    expect(await shop.store.moveMatching(group, 'retryNow', {}, newActivity(), NOON, 100)).toBe(2);
    expect(await shop.found({ cause: NOT_UNIQUE })).toEqual([]);
    expect(await shop.store.failureGroups({}, 10)).toMatchObject([{ jobId: other }]);
    await shop.claim();
    await shop.move(ids[0] ?? 0, 'retry', { failure: notUnique('A-1') });
    expect(await shop.found({ cause: NOT_UNIQUE })).toEqual([ids[0]]);
    expect(await shop.found({ cause: '' })).toEqual([ids[1]]);
  });
}
