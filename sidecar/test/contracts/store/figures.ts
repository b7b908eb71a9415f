import { FLOW_MS } from '../../../src/stores/store.js';
import type { Stats } from '../../../src/stores/store.js';
import { DAY, HOUR, MINUTE, NOON, SECOND } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore, Shop } from './shop.js';

const LATER = NOON + HOUR;

export function figuresContract(open: OpenStore): void {
  const statsOf = (shop: Shop, now: number, connectionIds = ['warehouse']): Promise<Stats> =>
    shop.store.stats(now, 'anvil', connectionIds);

  test('deadlines kept and missed are told by kind: of what ended in a day and of what is still to end', async () => {
    const shop = shopOf(open());
    const ended = async (deadlineAt: number | null, at: number, kind = 'order.push'): Promise<void> => {
      const id = await shop.jobIn('running', { deadlineAt, kind });
      await shop.move(id, 'succeed', {}, at);
    };
    await ended(LATER, LATER);
    await ended(LATER - 1, LATER);
    await ended(null, LATER);
    await ended(LATER - 1, LATER, 'shipment.apply');
    await ended(NOON, LATER - DAY - 1);
    await shop.enqueue({ deadlineAt: LATER - 1, kind: 'order.status' });
    await shop.enqueue({ deadlineAt: LATER, kind: 'order.status' });
    await shop.enqueue({ deadlineAt: NOON, kind: 'order.status', orgId: 'bellows' });
    await shop.enqueue({ deadlineAt: NOON, kind: 'order.status', connectionId: 'other' });
    expect((await statsOf(shop, LATER)).sla).toEqual([
      { kind: 'order.push', total: 2, breached: 1 },
      { kind: 'order.status', total: 2, breached: 1 },
      { kind: 'shipment.apply', total: 1, breached: 1 },
    ]);
    expect((await statsOf(shop, LATER, [])).sla).toEqual([]);
  });

  test('the flow of each connection: what waits to run now, and what came and ended in the last minutes', async () => {
    const shop = shopOf(open());
    await shop.jobIn('done');
    await shop.jobIn('blocked');
    await shop.move(await shop.jobIn('running'), 'retry', { runAt: NOON + SECOND });
    await shop.jobIn('running');
    await shop.enqueue({ runAt: LATER });
    await shop.enqueue({ runAt: LATER + SECOND });
    await shop.enqueue({ connectionId: 'other' }, NOON + MINUTE);
    await shop.enqueue({ orgId: 'bellows' });
    const quiet = { waiting: 0, oldestWaitingAt: null, arrived: 0, finished: 0 };
    const asked = ['warehouse', 'other', 'quiet'];
    expect((await statsOf(shop, NOON + MINUTE, asked)).flow).toEqual([
      { connectionId: 'warehouse', waiting: 2, oldestWaitingAt: NOON + SECOND, arrived: 6, finished: 1 },
      { connectionId: 'other', waiting: 1, oldestWaitingAt: NOON + MINUTE, arrived: 1, finished: 0 },
      { connectionId: 'quiet', ...quiet },
    ]);
    expect((await statsOf(shop, LATER)).flow).toMatchObject([{ waiting: 3, oldestWaitingAt: NOON + SECOND }]);
    expect((await statsOf(shop, NOON + FLOW_MS - 1)).flow).toMatchObject([{ arrived: 6, finished: 1 }]);
    expect((await statsOf(shop, NOON + FLOW_MS)).flow).toMatchObject([{ arrived: 0, finished: 0 }]);
    expect((await statsOf(shop, NOON, [])).flow).toEqual([]);
  });

  test('what only waits for its time is not waiting to run', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('running');
    await shop.move(id, 'postpone', { runAt: LATER });
    expect((await statsOf(shop, NOON)).flow).toMatchObject([{ waiting: 0, oldestWaitingAt: null }]);
    expect((await statsOf(shop, LATER)).flow).toMatchObject([{ waiting: 1, oldestWaitingAt: LATER }]);
  });
}
