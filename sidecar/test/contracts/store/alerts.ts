import type { Alert } from '../../../src/domain/alert.js';
import type { Applied } from '../../../src/stores/store.js';
import { alert, DAY, HOUR, NOON, RETENTION } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore, Shop } from './shop.js';

export function alertsContract(open: OpenStore): void {
  const KEY = 'breaker_open:warehouse';
  const opening = (shop: Shop, over: Partial<Alert> = {}): Promise<Applied> =>
    shop.apply([{ write: 'openAlert', alert: alert(over) }], NOON, [
      { guard: 'noOpenAlert', orgId: over.orgId ?? 'anvil', key: KEY },
    ]);
  const clearing = (shop: Shop, id: string, now: number): Promise<Applied> =>
    shop.apply([{ write: 'clearAlert', id }], now, [{ guard: 'openAlert', id }]);

  test('a trouble that two see at the same moment is said once', async () => {
    const shop = shopOf(open());
    const said = await Promise.all([opening(shop, { id: 'a1' }), opening(shop, { id: 'a2' })]);
    expect(said).toMatchObject([
      { applied: true },
      { applied: false, failed: { guard: 'noOpenAlert', orgId: 'anvil', key: KEY } },
    ]);
    expect(await shop.store.alerts({}, 10)).toEqual([alert({ id: 'a1' })]);
  });

  test('and once even when the guard was forgotten', async () => {
    const shop = shopOf(open());
    await opening(shop, { id: 'a1' });
    const again = await shop.apply([{ write: 'openAlert', alert: alert({ id: 'a2' }) }]);
    expect(again).toEqual({ applied: false, failed: { guard: 'noOpenAlert', orgId: 'anvil', key: KEY } });
  });

  test('its end is said once, and a trouble that comes back is another alert', async () => {
    const shop = shopOf(open());
    await opening(shop, { id: 'a1' });
    const ends = await Promise.all([clearing(shop, 'a1', NOON + HOUR), clearing(shop, 'a1', NOON + 2 * HOUR)]);
    expect(ends.map(({ applied }) => applied)).toEqual([true, false]);
    await shop.write([{ write: 'clearAlert', id: 'a1' }], NOON + 3 * HOUR);
    expect(await shop.store.alerts({}, 10)).toEqual([alert({ id: 'a1', clearedAt: NOON + HOUR })]);
    expect((await opening(shop, { id: 'a2', openedAt: NOON + 4 * HOUR })).applied).toBe(true);
    expect(await shop.store.alerts({ open: true }, 10)).toEqual([alert({ id: 'a2', openedAt: NOON + 4 * HOUR })]);
    expect((await clearing(shop, 'nowhere', NOON)).applied).toBe(false);
  });

  test('open ones come first, then the latest; each organisation sees its own', async () => {
    const shop = shopOf(open());
    const say = (id: string, openedAt: number, over: Partial<Alert> = {}) =>
      shop.write([{ write: 'openAlert', alert: alert({ id, key: id, openedAt, ...over }) }]);
    await say('old open', NOON);
    await say('new open', NOON + 2);
    await say('old over', NOON + 3);
    await say('new over', NOON + 4);
    await say('theirs', NOON + 5, { orgId: 'bellows', key: 'old open', connectionId: null });
    await shop.write([
      { write: 'clearAlert', id: 'new over' },
      { write: 'clearAlert', id: 'old over' },
    ]);
    const ids = async (filter: Parameters<typeof shop.store.alerts>[0], limit = 10) =>
      (await shop.store.alerts(filter, limit)).map(({ id }) => id);
    expect(await ids({ orgId: 'anvil' })).toEqual(['new open', 'old open', 'new over', 'old over']);
    expect(await ids({ orgId: 'anvil' }, 3)).toEqual(['new open', 'old open', 'new over']);
    expect(await ids({ orgId: 'anvil', open: true })).toEqual(['new open', 'old open']);
    expect(await ids({ orgId: 'bellows' })).toEqual(['theirs']);
    expect(await ids({}, 1)).toEqual(['theirs']);
  });

  test('alerts that are over go with the activity of their time; an open one stays', async () => {
    const shop = shopOf(open());
    await shop.write([
      { write: 'openAlert', alert: alert({ id: 'over', key: 'over' }) },
      { write: 'openAlert', alert: alert({ id: 'open', key: 'open' }) },
      { write: 'clearAlert', id: 'over' },
    ]);
    expect(await shop.store.prune(NOON + 365 * DAY, RETENTION, 100)).toBe(0);
    expect(await shop.store.prune(NOON + 365 * DAY + 1, RETENTION, 100)).toBe(1);
    expect((await shop.store.alerts({}, 10)).map(({ id }) => id)).toEqual(['open']);
  });
}
