import type { Override, Settlement } from '../../../src/domain/settlement.js';
import { connection, HOUR, MINUTE, NOON } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function peopleContract(open: OpenStore): void {
  const settlement: Settlement = {
    orgId: 'anvil',
    connectionId: 'warehouse',
    subject: 'order:4711',
    kind: 'done_by_person',
    reason: 'Sent by hand.',
    by: 'Anna',
    at: NOON,
  };
  const override: Override = {
    orgId: 'anvil',
    connectionId: 'warehouse',
    subject: 'order:4711',
    field: 'address.zip',
    value: '1012 AB',
    sourceValue: '1012',
    by: 'Anna',
    reason: 'typo',
    at: NOON,
  };

  test('a settlement stands until it is dropped, and a later word replaces it', async () => {
    const { store, write } = shopOf(open());
    await write([{ write: 'putSettlement', settlement }]);
    expect(await store.settlement('warehouse', 'order:4711')).toEqual(settlement);
    expect(await store.settlement('other', 'order:4711')).toBeNull();
    const later = { ...settlement, kind: 'not_to_be_sent', reason: 'Fraud.' } as const;
    await write([{ write: 'putSettlement', settlement: later }]);
    expect(await store.settlement('warehouse', 'order:4711')).toEqual(later);
    await write([{ write: 'dropSettlement', connectionId: 'warehouse', subject: 'order:4711' }]);
    expect(await store.settlement('warehouse', 'order:4711')).toBeNull();
  });

  test('each corrected field has one override', async () => {
    const { store, write } = shopOf(open());
    const city = { ...override, field: 'address.city', value: 'Amsterdam' };
    await write([
      { write: 'putOverride', override },
      { write: 'putOverride', override: city },
    ]);
    await write([{ write: 'putOverride', override: { ...override, value: '1012 AC' } }]);
    expect(await store.overrides('warehouse', 'order:4711')).toEqual([city, { ...override, value: '1012 AC' }]);
    await write([{ write: 'dropOverride', connectionId: 'warehouse', subject: 'order:4711', field: 'address.city' }]);
    expect(await store.overrides('warehouse', 'order:4711')).toHaveLength(1);
  });

  test('a connection is kept as given; changing it leaves its birthday and whose it is', async () => {
    const { store, write } = shopOf(open());
    await write([{ write: 'putConnection', connection: connection() }]);
    expect(await store.connection('warehouse')).toEqual(connection());
    await write(
      [
        {
          write: 'putConnection',
          connection: connection({ name: 'South', orgId: 'bellows', storeId: 'other', createdAt: NOON + HOUR }),
        },
      ],
      NOON + HOUR,
    );
    expect(await store.connection('warehouse')).toEqual(connection({ name: 'South', updatedAt: NOON + HOUR }));
    expect(await store.connection('nowhere')).toBeNull();
  });

  test('connections of one organisation are not shown to another', async () => {
    const { store, write } = shopOf(open());
    const others = connection({ id: 'their warehouse', orgId: 'bellows', createdAt: NOON + 1 });
    await write([
      { write: 'putConnection', connection: connection() },
      { write: 'putConnection', connection: others },
    ]);
    const ids = async (orgId?: string) => (await store.connections(orgId)).map(({ id }) => id);
    expect([await ids('anvil'), await ids('bellows'), await ids()]).toEqual([
      ['warehouse'],
      ['their warehouse'],
      ['warehouse', 'their warehouse'],
    ]);
  });

  test('pausing says why and by whom, resuming forgets it', async () => {
    const { store, write } = shopOf(open());
    await write([{ write: 'putConnection', connection: connection() }]);
    await write(
      [
        {
          write: 'setConnectionState',
          connectionId: 'warehouse',
          state: 'paused',
          reason: 'The password was refused.',
          by: 'unauthorized',
        },
      ],
      NOON + 1,
    );
    expect(await store.connection('warehouse')).toMatchObject({
      state: 'paused',
      pauseReason: 'The password was refused.',
      pausedBy: 'unauthorized',
      updatedAt: NOON + 1,
    });
    await write([
      { write: 'setConnectionState', connectionId: 'warehouse', state: 'active', reason: 'back', by: 'Anna' },
    ]);
    expect(await store.connection('warehouse')).toMatchObject({ state: 'active', pauseReason: null, pausedBy: null });
  });

  test('the breaker and the last contact are kept, and an open one names the next due moment', async () => {
    const { store, write } = shopOf(open());
    const breaker = { state: 'open', failures: 5, probeAt: NOON + MINUTE, step: 0, openedAt: NOON } as const;
    await write([
      { write: 'putConnection', connection: connection() },
      { write: 'putBreaker', connectionId: 'warehouse', breaker },
      { write: 'putContact', connectionId: 'warehouse', outcome: { success: true } },
      { write: 'putContact', connectionId: 'warehouse', outcome: { success: false, summary: 'It answered 503.' } },
    ]);
    expect(await store.connection('warehouse')).toMatchObject({
      breaker,
      lastSuccessAt: NOON,
      lastFailure: { at: NOON, summary: 'It answered 503.' },
    });
    expect(await store.nextDueAt()).toBe(NOON + MINUTE);
    await write([{ write: 'putBreaker', connectionId: 'warehouse', breaker: { ...breaker, state: 'probing' } }]);
    expect(await store.nextDueAt()).toBeNull();
  });

  test('of two refreshes of the same credentials the second is refused', async () => {
    const shop = shopOf(open());
    const { store, write } = shop;
    const put = (byte: number) =>
      ({ write: 'putCredentials', connectionId: 'warehouse', sealed: new Uint8Array([0, byte]), keyId: 'k1' }) as const;
    await write([{ write: 'putConnection', connection: connection({ credentialsVersion: 9 }) }, put(1)]);
    expect(await store.credentials('warehouse')).toEqual({ sealed: new Uint8Array([0, 1]), keyId: 'k1', version: 1 });
    const guard = { guard: 'credentialsVersion', connectionId: 'warehouse', version: 1 } as const;
    const refreshes = await Promise.all([shop.apply([put(2)], NOON, [guard]), shop.apply([put(3)], NOON, [guard])]);
    expect(refreshes.map(({ applied }) => applied)).toEqual([true, false]);
    expect(await store.credentials('warehouse')).toMatchObject({ sealed: new Uint8Array([0, 2]), version: 2 });
    expect((await store.connection('warehouse'))?.credentialsVersion).toBe(2);
    expect(await store.credentials('nowhere')).toBeNull();
  });

  test('a pairing code works once and not after its time', async () => {
    const shop = shopOf(open());
    const guard = { guard: 'pairingCode', codeHash: 'hash' } as const;
    const pair = (now: number) => shop.apply([{ write: 'usePairingCode', codeHash: 'hash' }], now, [guard]);
    expect((await pair(NOON)).applied).toBe(false);
    await shop.write([{ write: 'putPairingCode', codeHash: 'hash', orgId: 'anvil', expiresAt: NOON + MINUTE }]);
    expect((await pair(NOON + MINUTE)).applied).toBe(false);
    const both = await Promise.all([pair(NOON + 1), pair(NOON + 1)]);
    expect(both.map(({ applied }) => applied)).toEqual([true, false]);
  });

  test('tokens are found by hash and can be taken away', async () => {
    const { store, write } = shopOf(open());
    const token = { id: 't1', orgId: 'anvil', name: 'laptop', hash: 'h1', role: 'operator', createdAt: NOON } as const;
    await write([{ write: 'putToken', token }]);
    expect(await store.tokenByHash('h1')).toEqual(token);
    expect(await store.tokens()).toEqual([token]);
    await write([{ write: 'dropToken', id: 't1' }]);
    expect(await store.tokenByHash('h1')).toBeNull();
  });

  test('a schedule keeps its last and next run per connection', async () => {
    const { store, write } = shopOf(open());
    const schedule = {
      name: 'store.sweep',
      connectionId: 'shop',
      everyMs: 5 * MINUTE,
      nextAt: NOON,
      lastAt: null,
      lastJobId: null,
    };
    const ran = { ...schedule, lastAt: NOON, nextAt: NOON + 5 * MINUTE, lastJobId: 7 };
    const net = { ...schedule, name: 'store.net' };
    await write([
      { write: 'putSchedule', schedule },
      { write: 'putSchedule', schedule: net },
      { write: 'putSchedule', schedule: ran },
    ]);
    expect(await store.schedules()).toEqual([net, ran]);
  });

  test('of two who find a schedule due one fires it', async () => {
    const shop = shopOf(open());
    const schedule = {
      name: 'store.sweep',
      connectionId: 'shop',
      everyMs: 5 * MINUTE,
      nextAt: NOON,
      lastAt: null,
      lastJobId: null,
    };
    const guard = { guard: 'scheduleAt', name: 'store.sweep', connectionId: 'shop', nextAt: NOON } as const;
    expect(await shop.apply([], NOON, [guard])).toEqual({ applied: false, failed: guard });
    await shop.write([{ write: 'putSchedule', schedule }]);
    const fire = () =>
      shop.apply([{ write: 'putSchedule', schedule: { ...schedule, nextAt: NOON + 1 } }], NOON, [guard]);
    const fired = await Promise.all([fire(), fire()]);
    expect(fired.map(({ applied }) => applied)).toEqual([true, false]);
  });

  test('a note of the program is kept until it is replaced', async () => {
    const { store, write } = shopOf(open());
    expect(await store.meta('cursor')).toBeNull();
    await write([{ write: 'putMeta', key: 'cursor', value: '1' }]);
    await write([{ write: 'putMeta', key: 'cursor', value: '2' }]);
    expect(await store.meta('cursor')).toBe('2');
  });
}
