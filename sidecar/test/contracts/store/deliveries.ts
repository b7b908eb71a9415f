import type { DeliveryFilter, NewDelivery } from '../../../src/stores/store.js';
import { newDelivery, NOON } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore, Shop } from './shop.js';

export function deliveriesContract(open: OpenStore): void {
  const receive = (shop: Shop, dedupeKey: string, now = NOON, over: Partial<NewDelivery> = {}) =>
    shop.write([{ write: 'insertDelivery', delivery: newDelivery({ dedupeKey, ...over }) }], now);
  const keys = async (shop: Shop, filter: DeliveryFilter, page = { limit: 10, offset: 0 }) =>
    (await shop.store.deliveryPage(filter, page)).rows.map(({ dedupeKey }) => dedupeKey);

  test('the screen is shown the newest first, page by page, without bodies', async () => {
    const shop = shopOf(open());
    await receive(shop, 'first', NOON);
    await receive(shop, 'third', NOON + 2);
    await receive(shop, 'second', NOON + 1);
    await shop.store.countDuplicate('warehouse', 'third');
    expect(await keys(shop, {})).toEqual(['third', 'second', 'first']);
    expect(await keys(shop, {}, { limit: 1, offset: 1 })).toEqual(['second']);
    const { rows, total } = await shop.store.deliveryPage({}, { limit: 1, offset: 0 });
    const { body: _body, ...shown } = newDelivery({ dedupeKey: 'third' });
    expect([rows, total]).toEqual([[{ ...shown, receivedAt: NOON + 2, duplicates: 1 }], 3]);
  });

  test('every field of the filter narrows the list, for the screen and for working through it', async () => {
    const shop = shopOf(open());
    await receive(shop, 'hook_1', NOON);
    await receive(shop, 'hookx2', NOON + 1, { topic: 'order.cancelled', state: 'dead' });
    await receive(shop, 'hook 3', NOON + 2, { connectionId: 'other' });
    await receive(shop, 'hook 4', NOON + 3, { orgId: 'bellows', state: 'ignored' });
    const filters: [DeliveryFilter, string[]][] = [
      [{ orgId: 'bellows' }, ['hook 4']],
      [{ connectionId: 'other' }, ['hook 3']],
      [{ connectionIds: ['other', 'nowhere'] }, ['hook 3']],
      [{ connectionIds: [] }, []],
      [{ states: ['dead', 'ignored'] }, ['hookx2', 'hook 4']],
      [{ states: [] }, []],
      [{ topic: 'order.cancelled' }, ['hookx2']],
      [{ topic: 'order' }, []],
      [{ search: 'HOOK_' }, ['hook_1']],
      [{ search: 'CANCEL' }, ['hookx2']],
      [{ orgId: 'anvil', search: 'hook', connectionId: 'warehouse' }, ['hook_1', 'hookx2']],
    ];
    for (const [filter, found] of filters) {
      expect([filter, await keys(shop, filter)]).toEqual([filter, found.toReversed()]);
      const worked = await shop.store.deliveries(filter, 10);
      expect([filter, worked.map(({ dedupeKey }) => dedupeKey)]).toEqual([filter, found]);
      expect((await shop.store.deliveryPage(filter, { limit: 1, offset: 0 })).total).toBe(found.length);
    }
  });
}
