import {
  failure,
  newActivity,
  newAttempt,
  newDelivery,
  newJob,
  NOON,
  orderRecord,
  SECOND,
  NO_JOB,
} from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore } from './shop.js';

export function unitsContract(open: OpenStore): void {
  test('a unit whose guard fails writes nothing and names the guard', async () => {
    const shop = shopOf(open());
    const guard = { guard: 'jobState', jobId: NO_JOB, states: ['queued'] } as const;
    const applied = await shop.apply([{ write: 'putMeta', key: 'a', value: '1' }], NOON, [guard]);
    expect(applied).toEqual({ applied: false, failed: guard });
    expect(await shop.store.meta('a')).toBeNull();
  });

  test('a write that is refused in the middle takes back everything the unit wrote before it', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('done');
    const before = await shop.job(id);
    const applied = await shop.apply([
      { write: 'enqueue', job: newJob(), onDead: 'revive' },
      { write: 'putRecord', record: orderRecord(), authoritative: 'no', onNew: [newJob()], onTie: [] },
      { write: 'putFact', fact: 'a fact', orgId: 'anvil', source: 'test' },
      { write: 'insertActivity', activity: newActivity({ jobId: id }) },
      { write: 'insertAttempt', attempt: newAttempt(id) },
      { write: 'moveJob', jobId: id, move: 'succeed', patch: {} },
    ]);
    expect(applied.applied).toBe(false);
    expect(await shop.found({})).toEqual([id]);
    expect(await shop.job(id)).toEqual(before);
    expect(await shop.store.record('shop', 'order', '4711')).toBeNull();
    expect(await shop.store.hasFact('a fact')).toBe(false);
    expect(await shop.deeds(id)).toEqual([]);
    expect(await shop.store.attempts(id)).toEqual([]);
  });

  test('a refused unit takes no other unit of the same moment with it', async () => {
    const shop = shopOf(open());
    const [first, refused, last] = await Promise.all([
      shop.apply([{ write: 'putMeta', key: 'a', value: '1' }]),
      shop.apply([
        { write: 'putMeta', key: 'b', value: '1' },
        { write: 'moveJob', jobId: NO_JOB, move: 'cancel', patch: {} },
      ]),
      shop.apply([{ write: 'putMeta', key: 'c', value: '1' }]),
    ]);
    expect([first.applied, refused.applied, last.applied]).toEqual([true, false, true]);
    expect([await shop.store.meta('a'), await shop.store.meta('b'), await shop.store.meta('c')]).toEqual([
      '1',
      null,
      '1',
    ]);
  });

  test('a unit that cannot be written at all fails alone', async () => {
    const shop = shopOf(open());
    const good = shop.apply([{ write: 'putMeta', key: 'a', value: '1' }]);
    const bad = shop.apply([
      { write: 'putMeta', key: 'b', value: '1' },
      { write: 'insertAttempt', attempt: newAttempt(NO_JOB) },
    ]);
    await expect(bad).rejects.toThrow();
    expect(await good).toEqual({ applied: true, results: [{ kind: 'ok' }] });
    expect(await shop.store.meta('b')).toBeNull();
  });

  test('units applied at one moment see each other in their order', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('running');
    const settle = (key: string) =>
      shop.apply(
        [
          { write: 'moveJob', jobId: id, move: 'succeed', patch: {} },
          { write: 'putMeta', key, value: 'won' },
        ],
        NOON,
        [{ guard: 'fence', jobId: id, fence: 1 }],
      );
    const [first, second] = await Promise.all([settle('first'), settle('second')]);
    expect([first.applied, second.applied]).toEqual([true, false]);
    expect(await shop.store.meta('second')).toBeNull();
  });

  test('each write says how it went, by its position', async () => {
    const shop = shopOf(open());
    const results = await shop.write([
      { write: 'putMeta', key: 'a', value: '1' },
      { write: 'enqueue', job: newJob(), onDead: 'revive' },
      { write: 'putFact', fact: 'a fact', orgId: 'anvil', source: 'test' },
    ]);
    expect(results).toMatchObject([
      { kind: 'ok' },
      { kind: 'enqueued', how: 'inserted' },
      { kind: 'released', jobIds: [] },
    ]);
  });

  test('a job that ended and the one that follows are one unit', async () => {
    const shop = shopOf(open());
    const id = await shop.jobIn('running');
    const note = failure({ kind: 'rejected', excerpt: 'Reference is not unique' });
    await shop.write([
      { write: 'moveJob', jobId: id, move: 'fail', patch: { failure: note, sentence: 'Refused.' } },
      { write: 'insertAttempt', attempt: newAttempt(id, { outcome: 'failed', failure: note }) },
      { write: 'enqueue', job: newJob({ kind: 'order.read' }), onDead: 'leave' },
    ]);
    expect(await shop.job(id)).toMatchObject({ state: 'dead', lastFailure: note, sentence: 'Refused.' });
    expect(await shop.store.attempts(id)).toEqual([
      { ...newAttempt(id, { outcome: 'failed', failure: note }), id: expect.any(Number) },
    ]);
    expect(await shop.found({ kinds: ['order.read'] })).toHaveLength(1);
  });

  test('a value that is changed after it was given or taken changes nothing in the store', async () => {
    const shop = shopOf(open());
    const record = orderRecord({ body: { status: 'processing' } });
    await shop.write([{ write: 'putRecord', record, authoritative: 'no', onNew: [], onTie: [] }]);
    (record.body as { status: string }).status = 'changed outside';
    const taken = await shop.store.record('shop', 'order', '4711');
    (taken!.body as { status: string }).status = 'changed outside';
    expect((await shop.store.record('shop', 'order', '4711'))?.body).toEqual({ status: 'processing' });
  });

  test('a duplicate delivery is refused, counted, and changes nothing', async () => {
    const shop = shopOf(open());
    const { store } = shop;
    const guard = { guard: 'newDelivery', connectionId: 'warehouse', dedupeKey: 'hook-1' } as const;
    const receive = () =>
      shop.apply(
        [
          { write: 'insertDelivery', delivery: newDelivery() },
          { write: 'enqueue', job: newJob(), onDead: 'leave' },
        ],
        NOON,
        [guard],
      );
    expect((await receive()).applied).toBe(true);
    expect(await receive()).toEqual({ applied: false, failed: guard });
    await store.countDuplicate('warehouse', 'hook-1');
    expect(await store.delivery('delivery hook-1')).toEqual({ ...newDelivery(), receivedAt: NOON, duplicates: 1 });
    expect(await store.deliveryByKey('warehouse', 'hook-1')).toEqual({ id: 'delivery hook-1' });
    expect(await shop.found({})).toHaveLength(1);
  });

  test('the same key is refused even by a unit that forgot the guard, and is free on another connection', async () => {
    const shop = shopOf(open());
    const receive = (id: string, connectionId: string) =>
      shop.apply([{ write: 'insertDelivery', delivery: newDelivery({ id, connectionId }) }]);
    expect((await receive('one', 'warehouse')).applied).toBe(true);
    expect(await receive('two', 'warehouse')).toMatchObject({ applied: false, failed: { guard: 'newDelivery' } });
    expect((await receive('three', 'other')).applied).toBe(true);
  });

  test('two copies of a delivery at the same moment store one', async () => {
    const shop = shopOf(open());
    const guard = { guard: 'newDelivery', connectionId: 'warehouse', dedupeKey: 'hook-1' } as const;
    const receive = (id: string) =>
      shop.apply([{ write: 'insertDelivery', delivery: newDelivery({ id }) }], NOON, [guard]);
    const applied = await Promise.all([receive('one'), receive('two'), receive('three')]);
    expect(applied.map((one) => one.applied)).toEqual([true, false, false]);
  });

  test('deliveries are found by state, oldest first, and end with a note', async () => {
    const shop = shopOf(open());
    const receive = (dedupeKey: string, now: number) =>
      shop.write([{ write: 'insertDelivery', delivery: newDelivery({ dedupeKey }) }], now);
    await receive('later', NOON + SECOND);
    await receive('earlier', NOON);
    await receive('finished', NOON);
    await shop.write([{ write: 'finishDelivery', id: 'delivery finished', state: 'ignored', note: 'Unknown topic.' }]);
    const keys = async (filter: Parameters<typeof shop.store.deliveries>[0], limit = 10) =>
      (await shop.store.deliveries(filter, limit)).map(({ dedupeKey }) => dedupeKey);
    expect(await keys({ states: ['received'] })).toEqual(['earlier', 'later']);
    expect(await keys({ states: ['received'] }, 1)).toEqual(['earlier']);
    expect(await keys({ connectionId: 'other' })).toEqual([]);
    expect(await shop.store.delivery('delivery finished')).toMatchObject({ state: 'ignored', note: 'Unknown topic.' });
  });
}
