import { HOUR, MINUTE, NOON, SECOND } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function claimsContract(open: OpenStore): void {
  test('many claimers at the same moment get every job exactly once', async () => {
    const shop = shopOf(open());
    const ids = await Promise.all(Array.from({ length: 60 }, () => shop.enqueue()));
    const claims = await Promise.all(
      Array.from({ length: 30 }, (_, n) => shop.claimIds({ most: 3, owner: `worker ${n}` })),
    );
    // A claim may pass over rows that another one holds just then; whoever asks again finds them.
    const given = [...claims.flat(), ...(await shop.claimIds())];
    expect(new Set(given).size).toBe(given.length);
    expect(given.sort((a, b) => a - b)).toEqual(ids.sort((a, b) => a - b));
  });

  test('a claim sees what was applied just before it', async () => {
    const shop = shopOf(open());
    const applied = shop.enqueue();
    const claimed = shop.claimIds();
    expect(await claimed).toEqual([await applied]);
  });

  test('a claimed job runs under a new fence and a lease, and keeps its attempts', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('retrying');
    const [job] = await shop.claim({ now: NOON + SECOND, leaseMs: MINUTE });
    expect(job).toMatchObject({ id, state: 'running', fence: 2, attempts: 1, leaseUntil: NOON + SECOND + MINUTE });
    expect(job).toEqual(await shop.job(id));
  });

  test('each connection gets no more than asked for it, and one that is not asked gets none', async () => {
    const shop = shopOf(open());
    for (const connectionId of ['a', 'a', 'a', 'b', 'b', 'c']) await shop.enqueue({ connectionId });
    const claimed = await shop.claim({
      perConnection: new Map([
        ['a', 2],
        ['b', 5],
      ]),
    });
    expect(claimed.map(({ connectionId }) => connectionId)).toEqual(['a', 'a', 'b', 'b']);
    expect(await shop.found({ states: ['queued'], connectionIds: ['c'] })).toHaveLength(1);
  });

  test('of a connection that bears only so many, no more run at one time, whoever runs them', async () => {
    const shop = shopOf(open());
    const ids: number[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await shop.enqueue());
    await shop.enqueue({ connectionId: 'other' });
    const mostRunning = new Map([['warehouse', 3]]);
    const perConnection = new Map([
      ['warehouse', 2],
      ['other', 2],
    ]);
    expect(await shop.claimIds({ perConnection, mostRunning })).toHaveLength(3);
    expect(await shop.claimIds({ most: 2, mostRunning, owner: 'another worker' })).toEqual([ids[2]]);
    expect(await shop.claimIds({ most: 2, mostRunning })).toEqual([]);
    await shop.move(ids[0] ?? 0, 'succeed');
    expect(await shop.claimIds({ most: 2, mostRunning })).toEqual([ids[3]]);
    expect(await shop.claimIds({ most: 2, mostRunning: new Map([['warehouse', 1]]) })).toEqual([]);
    expect(await shop.claimIds({ most: 2, mostRunning: new Map([['warehouse', 0]]) })).toEqual([]);
    expect(await shop.claimIds({ most: 9 })).toEqual(ids.slice(4));
  });

  test('where only the urgent may go, the others stay, also when their deadline has passed', async () => {
    const shop = shopOf(open());
    const order = await shop.enqueue({ priority: 1 });
    const edge = await shop.enqueue({ priority: 5 });
    const parcel = await shop.enqueue({ priority: 15, deadlineAt: NOON - MINUTE });
    const upToPriority = new Map([['warehouse', 5]]);
    expect(await shop.claimIds({ upToPriority, order: 'deadline' })).toEqual([order, edge]);
    expect(await shop.claimIds({ upToPriority })).toEqual([]);
    expect(await shop.claimIds({ upToPriority: new Map([['other', 5]]) })).toEqual([parcel]);
  });

  test('that limit holds in the order of deadlines as well', async () => {
    const shop = shopOf(open());
    for (let n = 0; n < 4; n += 1) await shop.enqueue({ deadlineAt: NOON - MINUTE });
    const mostRunning = new Map([['warehouse', 3]]);
    expect(await shop.claimIds({ order: 'deadline', mostRunning })).toHaveLength(3);
    expect(await shop.claimIds({ order: 'deadline', mostRunning })).toEqual([]);
  });

  test('the more urgent goes first, then the older', async () => {
    const shop = shopOf(open());
    const parcel = await shop.enqueue({ priority: 15 });
    const order = await shop.enqueue({ priority: 1 });
    const laterOrder = await shop.enqueue({ priority: 1 });
    expect(await shop.claimIds({ most: 2 })).toEqual([order, laterOrder]);
    expect(await shop.claimIds({ most: 2 })).toEqual([parcel]);
  });

  test('by deadline, the earliest passed one goes first whatever its priority, then the rest by priority', async () => {
    const shop = shopOf(open());
    const urgent = await shop.enqueue({ priority: 1 });
    const late = await shop.enqueue({ priority: 40, deadlineAt: NOON - MINUTE });
    const later = await shop.enqueue({ priority: 30, deadlineAt: NOON - 2 * MINUTE });
    const inTime = await shop.enqueue({ priority: 30, deadlineAt: NOON + MINUTE });
    expect(await shop.claimIds({ order: 'deadline', most: 1 })).toEqual([later]);
    expect(await shop.claimIds({ order: 'deadline' })).toEqual([late, urgent, inTime]);
  });

  test('a job that is not due is not claimed until the clock has promoted it', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue({ runAt: NOON + MINUTE });
    expect(await shop.claimIds({ now: NOON })).toEqual([]);
    expect(await shop.store.promoteDue(NOON + MINUTE - 1, 10)).toBe(0);
    expect(await shop.store.promoteDue(NOON + MINUTE, 10)).toBe(1);
    expect(await shop.store.promoteDue(NOON + MINUTE, 10)).toBe(0);
    expect(await shop.claimIds({ now: NOON + MINUTE })).toEqual([id]);
  });

  test('no more are promoted than the limit allows, the earliest first', async () => {
    const shop = shopOf(open());
    await shop.enqueue({ runAt: NOON + 2 * SECOND });
    const first = await shop.enqueue({ runAt: NOON + SECOND });
    expect(await shop.store.promoteDue(NOON + MINUTE, 1)).toBe(1);
    expect(await shop.claimIds()).toEqual([first]);
  });

  test("what is due in heaps at one connection stands in no other one's way", async () => {
    const shop = shopOf(open());
    for (let n = 0; n < 20; n += 1) await shop.enqueue({ connectionId: 'flooded', runAt: NOON + SECOND });
    const other = await shop.enqueue({ connectionId: 'other', runAt: NOON + 2 * SECOND });
    expect(await shop.store.promoteDue(NOON + MINUTE, 5)).toBe(6);
    expect(await shop.claimIds({ perConnection: new Map([['other', 5]]) })).toEqual([other]);
    expect(await shop.claimIds({ perConnection: new Map([['flooded', 50]]) })).toHaveLength(5);
    expect(await shop.store.nextDueAt()).toBe(NOON + SECOND);
  });

  test('a connection that is asked for its urgent jobs only gives no others', async () => {
    const shop = shopOf(open());
    const bulk = await shop.enqueue({ priority: 15, deadlineAt: NOON - MINUTE });
    const urgent = await shop.enqueue({ priority: 5 });
    const other = await shop.enqueue({ connectionId: 'other', priority: 15 });
    const perConnection = new Map([
      ['warehouse', 5],
      ['other', 5],
    ]);
    const upToPriority = new Map([['warehouse', 5]]);
    expect(await shop.claimIds({ perConnection, upToPriority })).toEqual([urgent, other]);
    expect(await shop.claimIds({ perConnection, upToPriority, order: 'deadline' })).toEqual([]);
    expect(await shop.claimIds({ perConnection })).toEqual([bulk]);
  });

  test('a heap that comes due on one connection keeps nobody else waiting', async () => {
    const shop = shopOf(open());
    for (let n = 0; n < 5; n += 1) await shop.enqueue({ connectionId: 'flooded', runAt: NOON + SECOND });
    const other = await shop.enqueue({ connectionId: 'other', runAt: NOON + 2 * SECOND });
    await shop.store.promoteDue(NOON + MINUTE, 2);
    expect(await shop.claimIds({ perConnection: new Map([['other', 5]]) })).toEqual([other]);
    expect(await shop.claimIds({ perConnection: new Map([['flooded', 5]]) })).toHaveLength(2);
  });

  test('a finisher that lost its lease to another worker is refused and writes nothing', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue();
    const [mine] = await shop.claim({ leaseMs: MINUTE });
    expect(await shop.store.takeBackLapsed(NOON + MINUTE)).toEqual([id]);
    const [theirs] = await shop.claim({ now: NOON + MINUTE });
    expect(theirs?.fence).toBe(2);
    const guard = { guard: 'fence', jobId: id, fence: mine?.fence ?? 0 } as const;
    const late = await shop.apply([{ write: 'moveJob', jobId: id, move: 'succeed', patch: {} }], NOON, [guard]);
    expect(late).toEqual({ applied: false, failed: guard });
    expect(await shop.job(id)).toMatchObject({ state: 'running', fence: 2 });
  });

  test('a finisher whose job went back to the queue is refused as well', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue();
    const [mine] = await shop.claim();
    await shop.store.takeBackAll(NOON);
    const applied = await shop.apply([], NOON, [{ guard: 'fence', jobId: id, fence: mine?.fence ?? 0 }]);
    expect(applied.applied).toBe(false);
  });

  test('only lapsed leases go back, with an attempt that says so and at no cost', async () => {
    const shop = shopOf(open());
    const short = await shop.enqueue({ runAt: NOON - MINUTE }, NOON - MINUTE);
    await shop.claim({ leaseMs: SECOND });
    const long = await shop.enqueue();
    await shop.claim({ leaseMs: HOUR });
    expect(await shop.store.takeBackLapsed(NOON + MINUTE)).toEqual([short]);
    expect(await shop.job(short)).toMatchObject({
      state: 'queued',
      attempts: 0,
      fence: 1,
      runAt: NOON + MINUTE,
      leaseUntil: null,
    });
    expect(await shop.store.attempts(short)).toMatchObject([
      { outcome: 'lapsed', fence: 1, startedAt: NOON, queueMs: MINUTE, runMs: MINUTE, failure: null },
    ]);
    expect(await shop.state(long)).toBe('running');
  });

  test('a single owner that starts takes back everything that was running', async () => {
    const shop = shopOf(open());
    const ids = [await shop.enqueue(), await shop.enqueue()];
    await shop.claim({ leaseMs: HOUR });
    expect((await shop.store.takeBackAll(NOON + SECOND)).sort((a, b) => a - b)).toEqual(ids);
    expect(await shop.store.countByState({})).toMatchObject({ running: 0, queued: 2 });
    expect(await shop.claimIds({ now: NOON + SECOND })).toEqual(ids);
  });

  test('what a restart took back may be told to wait for a moment, and others go before it', async () => {
    const shop = shopOf(open());
    const taken = await shop.enqueue();
    await shop.claim({ leaseMs: HOUR });
    const other = await shop.enqueue();
    await shop.store.takeBackAll(NOON, NOON + MINUTE);
    expect(await shop.claimIds({ now: NOON })).toEqual([other]);
    await shop.store.promoteDue(NOON + MINUTE, 10);
    expect(await shop.claimIds({ now: NOON + MINUTE })).toEqual([taken]);
  });

  test('a lease is made longer for the worker that holds it, and for nobody else', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue();
    await shop.claim({ leaseMs: MINUTE });
    expect(await shop.store.extendLease(id, 1, NOON + HOUR)).toBe(true);
    expect(await shop.store.extendLease(id, 2, NOON + 2 * HOUR)).toBe(false);
    expect(await shop.store.takeBackLapsed(NOON + MINUTE)).toEqual([]);
    expect((await shop.job(id)).leaseUntil).toBe(NOON + HOUR);
    await shop.move(id, 'succeed');
    expect(await shop.store.extendLease(id, 1, NOON + 2 * HOUR)).toBe(false);
  });

  test('the next due moment is the earliest of waiting heads, leases, block deadlines and probes', async () => {
    const shop = shopOf(open());
    expect(await shop.store.nextDueAt()).toBeNull();
    const id = await shop.enqueue({ runAt: NOON + HOUR, orderingKey: 'key' });
    await shop.enqueue({ runAt: NOON + MINUTE, orderingKey: 'key' });
    expect(await shop.store.nextDueAt()).toBe(NOON + HOUR);
    await shop.jobIn('blocked');
    expect(await shop.store.nextDueAt()).toBe(NOON + MINUTE);
    await shop.enqueue();
    await shop.claim({ leaseMs: 10 * SECOND });
    expect(await shop.store.nextDueAt()).toBe(NOON + 10 * SECOND);
    expect(await shop.state(id)).toBe('queued');
  });
}
