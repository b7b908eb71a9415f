import { failure, HOUR, MINUTE, NOON, SECOND } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore, Shop } from './shop.js';

const FACT = 'article-mapped:warehouse:7:0';

export function blockingContract(open: OpenStore): void {
  const putFact = (fact = FACT) => ({ write: 'putFact', fact, orgId: 'anvil', source: 'Anna (user 3)' }) as const;

  async function blocked(shop: Shop, fact = FACT): Promise<number> {
    const id = await shop.enqueue();
    await shop.claim();
    await shop.move(id, 'block', { blockedOn: fact, blockedUntil: NOON + HOUR, sentence: 'Waits for an article.' });
    return id;
  }

  test('a job waits for its fact and goes as soon as the fact is there', async () => {
    const shop = shopOf(open());
    const id = await blocked(shop);
    const other = await blocked(shop, 'another fact');
    expect(await shop.job(id)).toMatchObject({ state: 'blocked', blockedOn: FACT, blockedUntil: NOON + HOUR });
    expect(await shop.claimIds()).toEqual([]);
    expect(await shop.write([putFact()], NOON + MINUTE)).toEqual([{ kind: 'released', jobIds: [id] }]);
    expect(await shop.job(id)).toMatchObject({
      state: 'queued',
      blockedOn: null,
      blockedUntil: null,
      queuedAt: NOON + MINUTE,
      sentence: null,
    });
    expect(await shop.store.activity({ jobId: id }, 10)).toMatchObject([
      { what: 'release', who: 'Anna (user 3)', before: 'blocked', after: 'queued' },
    ]);
    expect(await shop.claimIds({ now: NOON + MINUTE })).toEqual([id]);
    expect(await shop.state(other)).toBe('blocked');
  });

  test('a fact that came while the job ran is not missed: the job goes on at once', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue();
    await shop.claim();
    await shop.write([putFact()]);
    await shop.move(id, 'block', { blockedOn: FACT, blockedUntil: NOON + HOUR });
    expect(await shop.job(id)).toMatchObject({ state: 'queued', blockedOn: null, blockedUntil: null, runAt: NOON });
    expect(await shop.claimIds()).toEqual([id]);
  });

  test('whichever of block and fact comes first, the job ends up queued', async () => {
    const shop = shopOf(open());
    const ids = await Promise.all([shop.enqueue(), shop.enqueue()]);
    await shop.claim();
    const patch = { blockedOn: FACT, blockedUntil: NOON + HOUR };
    await Promise.all([shop.move(ids[0], 'block', patch), shop.write([putFact()]), shop.move(ids[1], 'block', patch)]);
    expect(await shop.store.countByState({})).toMatchObject({ queued: 2, blocked: 0 });
  });

  test('to wait for nothing is a mistake of the program, and changes nothing', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('running');
    await expect(shop.move(id, 'block', {})).rejects.toThrow('cannot wait for nothing');
    expect(await shop.state(id)).toBe('running');
  });

  test('the same fact twice releases nobody twice', async () => {
    const shop = shopOf(open());
    const id = await blocked(shop);
    await shop.write([putFact()]);
    expect(await shop.write([putFact()])).toEqual([{ kind: 'released', jobIds: [] }]);
    expect(await shop.deeds(id)).toEqual(['release']);
    expect(await shop.store.hasFact(FACT)).toBe(true);
  });

  test('a fact that was dropped holds jobs again', async () => {
    const shop = shopOf(open());
    await shop.write([putFact(), { write: 'dropFact', fact: FACT }]);
    expect(await shop.store.hasFact(FACT)).toBe(false);
    const id = await blocked(shop);
    expect(await shop.state(id)).toBe('blocked');
  });

  test('a job that waited in vain is dead with the reason', async () => {
    const shop = shopOf(open());
    const id = await blocked(shop);
    expect(await shop.store.expireBlocked(NOON + HOUR - 1, 10)).toBe(0);
    expect(await shop.store.expireBlocked(NOON + HOUR, 10)).toBe(1);
    const job = await shop.job(id);
    expect(job).toMatchObject({ state: 'dead', blockedOn: FACT, blockedUntil: null, finishedAt: NOON + HOUR });
    expect(job.sentence).toContain('Waits for an article.');
    expect(job.lastFailure).toMatchObject({ code: 'wait_expired' });
    expect(await shop.deeds(id)).toEqual(['expire']);
  });

  test('the fact revives a job that died waiting for it, and no other dead one', async () => {
    const shop = shopOf(open());
    const id = await blocked(shop);
    await shop.store.expireBlocked(NOON + HOUR, 10);
    const otherwise = await shop.jobIn('dead');
    expect(await shop.write([putFact()], NOON + 2 * HOUR)).toEqual([{ kind: 'released', jobIds: [id] }]);
    expect(await shop.job(id)).toMatchObject({ state: 'queued', attempts: 0, blockedOn: null, lastFailure: null });
    expect(await shop.deeds(id)).toEqual(['expire', 'revive']);
    expect(await shop.state(otherwise)).toBe('dead');
  });

  test('a person who ends a waiting job takes it out of the wait', async () => {
    const shop = shopOf(open());
    const id = await blocked(shop);
    await shop.move(id, 'cancel', { settledBy: 'Anna' });
    await shop.write([putFact()]);
    expect(await shop.job(id)).toMatchObject({ state: 'cancelled', blockedOn: null, blockedUntil: null });
    expect(await shop.store.expireBlocked(NOON + HOUR, 10)).toBe(0);
  });

  test('jobs that died of something that may pass are rescued once they are old enough', async () => {
    const shop = shopOf(open());
    const died = async (kind: string): Promise<number> => {
      const id = await shop.enqueue();
      await shop.claim();
      await shop.move(id, 'fail', { failure: failure({ kind }) });
      return id;
    };
    const passing = [
      await died('unavailable'),
      await died('rate_limited'),
      await died('unexpected'),
      await died('unknown_outcome'),
    ];
    const lasting = await died('rejected');
    expect(await shop.store.rescue(NOON + MINUTE - 1, MINUTE, 24 * HOUR, 10)).toBe(0);
    expect(await shop.store.rescue(NOON + MINUTE, MINUTE, 24 * HOUR, 10)).toBe(4);
    for (const id of passing)
      expect(await shop.job(id)).toMatchObject({ state: 'queued', attempts: 0, queuedAt: NOON + MINUTE });
    expect(await shop.deeds(passing[0] ?? 0)).toEqual(['rescue']);
    expect(await shop.state(lasting)).toBe('dead');
  });

  test('a job that dies again after each rescue is given up a day after its first death', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue();
    const die = async (now: number): Promise<void> => {
      await shop.claim({ now });
      await shop.move(id, 'fail', { failure: failure() }, now);
    };
    await die(NOON);
    for (let hour = 1; hour < 24; hour += 1) {
      expect(await shop.store.rescue(NOON + hour * HOUR, MINUTE, 24 * HOUR, 10)).toBe(1);
      await die(NOON + hour * HOUR);
    }
    expect(await shop.store.rescue(NOON + 24 * HOUR, MINUTE, 24 * HOUR, 10)).toBe(0);
    await shop.move(id, 'retryNow', {}, NOON + 30 * HOUR);
    await die(NOON + 30 * HOUR);
    expect(await shop.store.rescue(NOON + 31 * HOUR, MINUTE, 24 * HOUR, 10)).toBe(1);
  });

  test('limits hold for expiry and rescue', async () => {
    const shop = shopOf(open());
    for (let n = 0; n < 3; n += 1) await blocked(shop);
    expect(await shop.store.expireBlocked(NOON + HOUR, 2)).toBe(2);
    for (let n = 0; n < 3; n += 1) await shop.move(await shop.jobIn('running'), 'fail', { failure: failure() });
    expect(await shop.store.rescue(NOON + 5 * SECOND, SECOND, HOUR, 2)).toBe(2);
  });
}
