import { MINUTE, newActivity, NOON } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function keysContract(open: OpenStore): void {
  const key = { orderingKey: 'order:shop:4711' };

  test('jobs on one order run one after another, oldest first', async () => {
    const shop = shopOf(open());
    const ids = [
      await shop.enqueue({ ...key, priority: 9 }),
      await shop.enqueue({ ...key, priority: 1 }),
      await shop.enqueue(key),
    ];
    for (const id of ids) {
      expect(await shop.claimIds()).toEqual([id]);
      expect(await shop.claimIds()).toEqual([]);
      await shop.move(id, 'succeed');
    }
  });

  test.each(['succeed', 'fail', 'block'] as const)('after %s the next of the key goes', async (move) => {
    const shop = shopOf(open());
    const first = await shop.enqueue(key);
    const second = await shop.enqueue(key);
    await shop.claim();
    await shop.move(first, move, { blockedOn: 'a fact' });
    expect(await shop.claimIds()).toEqual([second]);
  });

  test('a job that is tried again holds its key, due or not', async () => {
    const shop = shopOf(open());
    const first = await shop.enqueue(key);
    await shop.enqueue(key);
    await shop.claim();
    await shop.move(first, 'retry', { runAt: NOON + MINUTE });
    await shop.store.promoteDue(NOON, 10);
    expect(await shop.claimIds()).toEqual([]);
    await shop.store.promoteDue(NOON + MINUTE, 10);
    expect(await shop.claimIds({ now: NOON + MINUTE })).toEqual([first]);
  });

  test('when many jobs of one order are cancelled at once, the one that is left goes', async () => {
    const shop = shopOf(open());
    await shop.enqueue({ ...key, connectionId: 'a' });
    await shop.enqueue({ ...key, connectionId: 'a' });
    const left = await shop.enqueue(key);
    const filter = { connectionIds: ['a'] };
    expect(await shop.store.moveMatching(filter, 'cancel', {}, newActivity(), NOON, 10)).toBe(2);
    expect(await shop.claimIds()).toEqual([left]);
  });

  test('a job that waits for its time holds its key as well', async () => {
    const shop = shopOf(open());
    const first = await shop.enqueue({ ...key, runAt: NOON + MINUTE });
    await shop.enqueue(key);
    expect(await shop.claimIds()).toEqual([]);
    await shop.move(first, 'cancel');
    expect(await shop.claimIds()).toHaveLength(1);
  });

  test('the next of the key waits for its own time', async () => {
    const shop = shopOf(open());
    const first = await shop.enqueue(key);
    const second = await shop.enqueue({ ...key, runAt: NOON + MINUTE });
    await shop.claim();
    await shop.move(first, 'succeed');
    expect(await shop.claimIds()).toEqual([]);
    await shop.store.promoteDue(NOON + MINUTE, 10);
    expect(await shop.claimIds({ now: NOON + MINUTE })).toEqual([second]);
  });

  test('an older job that comes back goes before a younger one that does not run yet', async () => {
    const shop = shopOf(open());
    const older = await shop.jobIn('dead', key);
    const younger = await shop.enqueue(key);
    await shop.move(older, 'retryNow');
    expect(await shop.claimIds()).toEqual([older]);
    await shop.move(older, 'succeed');
    expect(await shop.claimIds()).toEqual([younger]);
  });

  test('an older job that comes back waits for a younger one that runs, even when that one is tried again', async () => {
    const shop = shopOf(open());
    const older = await shop.jobIn('dead', key);
    const younger = await shop.enqueue(key);
    expect(await shop.claimIds()).toEqual([younger]);
    await shop.move(older, 'retryNow');
    expect(await shop.claimIds()).toEqual([]);
    await shop.move(younger, 'postpone');
    expect(await shop.claimIds()).toEqual([older]);
    await shop.move(older, 'succeed');
    expect(await shop.claimIds()).toEqual([younger]);
  });

  test('a job taken back from a dead worker gives way to an older one of its key', async () => {
    const shop = shopOf(open());
    const older = await shop.jobIn('dead', key);
    await shop.enqueue(key);
    await shop.claim();
    await shop.move(older, 'retryNow');
    await shop.store.takeBackAll(NOON);
    expect(await shop.claimIds()).toEqual([older]);
  });

  test('a person who retries a job behind another does not let it pass', async () => {
    const shop = shopOf(open());
    const first = await shop.enqueue(key);
    const second = await shop.enqueue({ ...key, runAt: NOON + MINUTE });
    await shop.move(second, 'retryNow');
    expect(await shop.claimIds()).toEqual([first]);
  });

  test('a head that is put off by a person does not go before its new time', async () => {
    const shop = shopOf(open());
    const id = await shop.enqueue(key);
    await shop.move(id, 'retryNow', { runAt: NOON + MINUTE });
    expect(await shop.claimIds()).toEqual([]);
    await shop.store.promoteDue(NOON + MINUTE, 10);
    expect(await shop.claimIds({ now: NOON + MINUTE })).toEqual([id]);
  });

  test('cancelling a job in the middle of the row leaves the order of the others', async () => {
    const shop = shopOf(open());
    const [first, second, third] = [await shop.enqueue(key), await shop.enqueue(key), await shop.enqueue(key)];
    await shop.move(second, 'cancel');
    expect(await shop.claimIds()).toEqual([first]);
    await shop.move(first, 'succeed');
    expect(await shop.claimIds()).toEqual([third]);
  });

  test('the same key in two organisations is two keys', async () => {
    const shop = shopOf(open());
    const ids = [await shop.enqueue({ ...key, orgId: 'anvil' }), await shop.enqueue({ ...key, orgId: 'bellows' })];
    expect(await shop.claimIds()).toEqual(ids);
  });
}
