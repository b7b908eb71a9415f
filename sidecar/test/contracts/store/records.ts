import type { EntityRecord } from '../../../src/domain/record.js';
import { MINUTE, newJob, NOON, orderRecord } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore, Shop } from './shop.js';

export function recordsContract(open: OpenStore): void {
  const onNew = newJob({ kind: 'order.push', coalesceKey: 'push 4711' });
  const onTie = newJob({ kind: 'order.read', coalesceKey: 'read 4711' });

  async function put(shop: Shop, record: EntityRecord, authoritative: 'yes' | 'no' = 'no', now = NOON) {
    const [result] = await shop.write(
      [{ write: 'putRecord', record, authoritative, onNew: [onNew], onTie: [onTie] }],
      now,
    );
    if (result?.kind !== 'record') throw new Error('Not a record.');
    return result;
  }
  const held = (shop: Shop) => shop.store.record('shop', 'order', '4711');

  test('a new order is kept as it is and sends its jobs', async () => {
    const shop = shopOf(open());
    const record = orderRecord({ body: { status: 'processing', lines: [{ id: 1, sku: 'Ä' }] }, lookup: 'x' });
    const result = await put(shop, record, 'no', NOON + MINUTE);
    expect(result.comparison).toBe('new');
    expect(await held(shop)).toEqual({ ...record, updatedAt: NOON + MINUTE });
    expect(await shop.found({ kinds: ['order.push'] })).toEqual(result.jobIds);
  });

  test('a newer version replaces, an older one is refused and sends nothing', async () => {
    const shop = shopOf(open());
    await put(shop, orderRecord({ minute: 5, fingerprint: 'b' }));
    expect((await put(shop, orderRecord({ minute: 6, fingerprint: 'c' }))).comparison).toBe('new');
    const older = await put(shop, orderRecord({ minute: 4, fingerprint: 'a' }));
    expect(older).toEqual({ kind: 'record', comparison: 'older', jobIds: [] });
    expect((await held(shop))?.fingerprint).toBe('c');
  });

  test('within one second the sequence decides', async () => {
    const shop = shopOf(open());
    await put(shop, orderRecord({ sequence: 7, fingerprint: 'b' }));
    expect((await put(shop, orderRecord({ sequence: 6, fingerprint: 'a' }))).comparison).toBe('older');
    expect((await put(shop, orderRecord({ sequence: 8, fingerprint: 'c' }))).comparison).toBe('new');
  });

  test('a tie is not taken: the order is read again, and that read decides and counts as new', async () => {
    const shop = shopOf(open());
    await put(shop, orderRecord({ fingerprint: 'a' }));
    const tie = await put(shop, orderRecord({ fingerprint: 'b' }));
    expect(tie.comparison).toBe('tie');
    expect(await shop.found({ kinds: ['order.read'] })).toEqual(tie.jobIds);
    expect((await held(shop))?.fingerprint).toBe('a');
    const read = await put(shop, orderRecord({ fingerprint: 'b' }), 'yes');
    expect(read.comparison).toBe('new');
    expect(await shop.found({ kinds: ['order.push'] })).toEqual(read.jobIds);
    expect((await held(shop))?.fingerprint).toBe('b');
  });

  test('even a fresh read does not bring back an older version', async () => {
    const shop = shopOf(open());
    await put(shop, orderRecord({ minute: 5, fingerprint: 'b' }));
    expect((await put(shop, orderRecord({ minute: 4, fingerprint: 'a' }), 'yes')).comparison).toBe('older');
  });

  test('the same content under a later version sends nothing, but the version and the final mark move on', async () => {
    const shop = shopOf(open());
    await put(shop, orderRecord({ minute: 5 }));
    const [push] = await shop.found({});
    const later = orderRecord({ minute: 6, final: true });
    expect(await put(shop, later)).toEqual({ kind: 'record', comparison: 'same', jobIds: [] });
    expect(await held(shop)).toMatchObject({ version: later.version, final: true });
    await put(shop, orderRecord({ minute: 4, final: true }));
    expect((await held(shop))?.version).toEqual(later.version);
    expect(await shop.found({})).toEqual([push]);
  });

  test('a new version revives the dead job of the order', async () => {
    const shop = shopOf(open());
    await put(shop, orderRecord({ minute: 1 }));
    const [id] = await shop.claimIds();
    await shop.move(id ?? 0, 'fail');
    expect((await put(shop, orderRecord({ minute: 2, fingerprint: 'b' }))).jobIds).toEqual([id]);
    expect(await shop.state(id ?? 0)).toBe('queued');
  });

  test('records are listed by id from a cursor, open ones apart, and found by their second key', async () => {
    const shop = shopOf(open());
    for (const [remoteId, final, lookup] of [
      ['3', false, '10'],
      ['1', true, '10'],
      ['2', false, '11'],
    ] as const) {
      await put(shop, orderRecord({ remoteId, final, lookup, type: 'shipment' }));
    }
    const ids = async (filter: Partial<Parameters<typeof shop.store.records>[0]>) =>
      (await shop.store.records({ connectionId: 'shop', type: 'shipment', limit: 10, ...filter })).map(
        ({ remoteId }) => remoteId,
      );
    expect(await ids({})).toEqual(['1', '2', '3']);
    expect(await ids({ final: false })).toEqual(['2', '3']);
    expect(await ids({ lookup: '10' })).toEqual(['1', '3']);
    expect(await ids({ afterId: '1', limit: 1 })).toEqual(['2']);
    expect(await ids({ connectionId: 'other' })).toEqual([]);
    expect(await ids({ type: 'order' })).toEqual([]);
  });
}
