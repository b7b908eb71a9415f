/** For stores that several processes share: two doors to one store, and whoever comes through which sees the same. */
import { FAILURES_TO_OPEN } from '../../../src/domain/breaker.js';
import type { Job } from '../../../src/domain/job.js';
import type { Store } from '../../../src/stores/store.js';
import { alert, MINUTE, newActivity, newDelivery, NOON, SECOND } from './builders.js';
import { SPEC, take } from './calls.js';
import { breakerOf, putWarehouse, saw } from './evidence.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

const FACT = 'article-mapped:warehouse:7:0';
const LEASE_MS = 15 * SECOND;

export function sharedContract(open: OpenStore, openOther: OpenStore): void {
  const both = () => [shopOf(open()), shopOf(openOther())] as const;

  test('what one has applied the other sees', async () => {
    const [mine, theirs] = both();
    const id = await mine.enqueue();
    expect(await theirs.state(id)).toBe('queued');
    expect(await theirs.store.lastJobId()).toBe(id);
  });

  test('claimers on both sides get every job exactly once', async () => {
    const [mine, theirs] = both();
    const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 2 ? mine : theirs).enqueue()));
    const claims = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? mine : theirs).claimIds({ most: 3, owner: `worker ${n}` })),
    );
    // A claim may pass over rows that another one holds just then; whoever asks again finds them.
    const rest = [...(await mine.claimIds()), ...(await theirs.claimIds())];
    const given = [...claims.flat(), ...rest];
    expect(given.toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
  });

  test('jobs of one key never run on both sides at once, and keep their order', async () => {
    const [mine, theirs] = both();
    const ids: number[] = [];
    for (let n = 0; n < 8; n += 1) ids.push(await mine.enqueue({ orderingKey: 'order:4711' }));
    const ran: number[] = [];
    for (let turns = 0; turns < ids.length; turns += 1) {
      const claimed = (await Promise.all([mine.claimIds(), theirs.claimIds()])).flat();
      expect(claimed).toHaveLength(1);
      ran.push(...claimed);
      for (const id of claimed) await theirs.move(id, 'succeed');
    }
    expect(ran).toEqual(ids);
  });

  test('both together run no more of a connection than it bears', async () => {
    const [mine, theirs] = both();
    for (let n = 0; n < 30; n += 1) await mine.enqueue();
    const mostRunning = new Map([['warehouse', 5]]);
    const claims = await Promise.all(
      Array.from({ length: 6 }, (_, n) => (n % 2 ? mine : theirs).claimIds({ most: 4, mostRunning })),
    );
    const rest = await mine.claimIds({ mostRunning });
    expect([...claims.flat(), ...rest]).toHaveLength(5);
    expect(await theirs.store.countByState({})).toMatchObject({ running: 5 });
  });

  test('whichever of block and fact comes first, on whichever side, no job waits for what is there', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [mine, theirs] = both();
      const ids = await Promise.all(Array.from({ length: 6 }, () => mine.enqueue()));
      await mine.claim();
      const blocks = ids.map((id, n) =>
        (n % 2 ? mine : theirs).move(id, 'block', { blockedOn: `${FACT}:${round}`, blockedUntil: NOON + MINUTE }),
      );
      const fact = { write: 'putFact', fact: `${FACT}:${round}`, orgId: 'anvil', source: 'Anna' } as const;
      await Promise.all([...blocks.slice(0, 3), theirs.write([fact]), ...blocks.slice(3)]);
      expect(await mine.store.countByState({})).toMatchObject({ queued: 6, blocked: 0 });
      await Promise.all((await mine.claim()).map(({ id }) => mine.move(id, 'succeed')));
    }
  });

  test('a finisher that lost its lease on one side is refused on the other', async () => {
    const [mine, theirs] = both();
    const id = await mine.enqueue();
    const [job] = await mine.claim();
    await theirs.store.takeBackLapsed(NOON + MINUTE);
    await theirs.claim({ now: NOON + MINUTE, owner: 'their worker' });
    const late = await mine.apply([{ write: 'moveJob', jobId: id, move: 'succeed', patch: {} }], NOON + MINUTE, [
      { guard: 'fence', jobId: id, fence: job?.fence ?? 0 },
    ]);
    expect(late.applied).toBe(false);
    expect(await mine.state(id)).toBe('running');
  });

  test('many changes of one order through both make one job', async () => {
    const [mine, theirs] = both();
    const wish = { coalesceKey: 'push order 4711', orderingKey: 'order:4711' };
    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => (n % 2 ? mine : theirs).enqueue(wish)));
    expect(new Set(ids).size).toBe(1);
    expect(await mine.found({})).toEqual([ids[0]]);
  });

  test('a delivery that comes to both is stored by one', async () => {
    const [mine, theirs] = both();
    const receive = (shop: typeof mine, id: string) =>
      shop.apply([{ write: 'insertDelivery', delivery: newDelivery({ id }) }], NOON, [
        { guard: 'newDelivery', connectionId: 'warehouse', dedupeKey: 'hook-1' },
      ]);
    const applied = await Promise.all([receive(mine, 'one'), receive(theirs, 'two'), receive(mine, 'three')]);
    expect(applied.filter((one) => one.applied)).toHaveLength(1);
  });

  test('lapsed leases that both sweep go back once, with one attempt', async () => {
    const [mine, theirs] = both();
    const ids = await Promise.all(Array.from({ length: 10 }, () => mine.enqueue()));
    await mine.claim();
    const swept = await Promise.all([mine, theirs].map(({ store }) => store.takeBackLapsed(NOON + MINUTE)));
    expect(swept.flat().toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
    for (const id of ids) expect(await mine.store.attempts(id)).toHaveLength(1);
  });

  test('what both press is moved once', async () => {
    const [mine, theirs] = both();
    const ids: number[] = [];
    for (let n = 0; n < 10; n += 1) ids.push(await mine.jobIn('dead'));
    const press = (store: Store) =>
      store.moveMatching({ states: ['dead'] }, 'retryNow', {}, newActivity({ what: 'retryNow' }), NOON, 100);
    const [a = 0, b = 0] = await Promise.all([press(mine.store), press(theirs.store)]);
    expect(a + b).toBe(ids.length);
    for (const id of ids) expect(await mine.deeds(id)).toEqual(['retryNow']);
  });

  test('failures that both see add up, and one of them opens the breaker', async () => {
    const [mine, theirs] = both();
    await mine.write([putWarehouse]);
    const answers = await Promise.all(
      Array.from({ length: FAILURES_TO_OPEN }, (_, n) => (n % 2 ? mine : theirs).write([saw('unavailable')])),
    );
    const opened = answers.flat().filter((one) => one.kind === 'breaker' && one.was.state !== one.now.state);
    expect(opened).toHaveLength(1);
    expect(await breakerOf(theirs.store)).toMatchObject({ state: 'open', failures: FAILURES_TO_OPEN });
  });

  test('a trouble that both see is said once', async () => {
    const [mine, theirs] = both();
    const say = (shop: typeof mine, id: string) => shop.apply([{ write: 'openAlert', alert: alert({ id }) }]);
    const said = await Promise.all([say(mine, 'a1'), say(theirs, 'a2'), say(theirs, 'a3')]);
    expect(said.filter(({ applied }) => applied)).toHaveLength(1);
    expect(await mine.store.alerts({}, 10)).toHaveLength(1);
  });

  test('a schedule that both find due is fired by one', async () => {
    const [mine, theirs] = both();
    const schedule = {
      name: 'store.sweep',
      connectionId: 'shop',
      everyMs: MINUTE,
      nextAt: NOON,
      lastAt: null,
      lastJobId: null,
    };
    await mine.write([{ write: 'putSchedule', schedule }]);
    const fire = (shop: typeof mine) =>
      shop.apply([{ write: 'putSchedule', schedule: { ...schedule, lastAt: NOON, nextAt: NOON + MINUTE } }], NOON, [
        { guard: 'scheduleAt', name: 'store.sweep', connectionId: 'shop', nextAt: NOON },
      ]);
    const fired = await Promise.all([fire(mine), fire(theirs), fire(theirs)]);
    expect(fired.filter(({ applied }) => applied)).toHaveLength(1);
  });

  test('of all who want to lead one does, and keeps it as long as it says so', async () => {
    const [mine, theirs] = both();
    const asked = await Promise.all([
      mine.store.lead('clock', 'a', NOON, LEASE_MS),
      theirs.store.lead('clock', 'b', NOON, LEASE_MS),
    ]);
    expect(asked.filter((leads) => leads)).toHaveLength(1);
    const [leader, other] = asked[0] ? ['a', 'b'] : ['b', 'a'];
    expect(await mine.store.lead('clock', leader, NOON + LEASE_MS - 1, LEASE_MS)).toBe(true);
    expect(await theirs.store.lead('clock', other, NOON + LEASE_MS, LEASE_MS)).toBe(false);
    expect(await theirs.store.lead('mails', other, NOON, LEASE_MS)).toBe(true);
  });

  test('a leader that fell silent is followed once its time is over, and does not get the lead back', async () => {
    const [mine, theirs] = both();
    await mine.store.lead('clock', 'a', NOON, LEASE_MS);
    expect(await theirs.store.lead('clock', 'b', NOON + LEASE_MS - 1, LEASE_MS)).toBe(false);
    expect(await theirs.store.lead('clock', 'b', NOON + LEASE_MS, LEASE_MS)).toBe(true);
    expect(await mine.store.lead('clock', 'a', NOON + LEASE_MS, LEASE_MS)).toBe(false);
  });

  test('a leader that goes is followed at once; who does not lead cannot give the lead away', async () => {
    const [mine, theirs] = both();
    await mine.store.lead('clock', 'a', NOON, LEASE_MS);
    await theirs.store.resign('clock', 'b');
    expect(await theirs.store.lead('clock', 'b', NOON, LEASE_MS)).toBe(false);
    await mine.store.resign('clock', 'a');
    expect(await theirs.store.lead('clock', 'b', NOON, LEASE_MS)).toBe(true);
  });

  test('both call out of one bucket, and both are held when the remote said "too many requests"', async () => {
    const [mine, theirs] = both();
    const grants = await Promise.all(Array.from({ length: 20 }, (_, n) => take((n % 2 ? mine : theirs).store, 3)));
    expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(SPEC.burst);
    await mine.store.closeCalls('warehouse', SPEC, NOON + MINUTE);
    expect(await take(theirs.store, 1, { now: NOON + 30 * SECOND })).toEqual({ granted: 0, waitMs: 30 * SECOND });
  });

  test('a day of many workers on both sides ends with every job done once', async () => {
    const [mine, theirs] = both();
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_, n) => mine.enqueue({ orderingKey: `order:${n % 10}` })),
    );
    const finished: Job[] = [];
    async function work(shop: typeof mine, owner: string): Promise<void> {
      for (let turns = 0; turns < 500 && finished.length < ids.length; turns += 1) {
        const jobs = await shop.claim({ most: 2, owner });
        for (const job of jobs) {
          const applied = await shop.apply([{ write: 'moveJob', jobId: job.id, move: 'succeed', patch: {} }], NOON, [
            { guard: 'fence', jobId: job.id, fence: job.fence },
          ]);
          if (applied.applied) finished.push(job);
        }
      }
    }
    await Promise.all(Array.from({ length: 6 }, (_, n) => work(n % 2 ? mine : theirs, `worker ${n}`)));
    expect(finished.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
    expect(await mine.store.countByState({})).toMatchObject({ done: ids.length, running: 0, queued: 0 });
    for (let key = 0; key < 10; key += 1) {
      const ofKey = finished.filter(({ orderingKey }) => orderingKey === `order:${key}`).map(({ id }) => id);
      expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b));
    }
  });
}
