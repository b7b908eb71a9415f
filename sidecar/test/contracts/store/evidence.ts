/** What many jobs learn about one remote has to add up, whoever writes it down. */
import { CLOSED, FAILURES_TO_OPEN, PROBE_DELAYS_MS, toProbing } from '../../../src/domain/breaker.js';
import type { BreakerState, Evidence } from '../../../src/domain/breaker.js';
import type { Applied, Store, Write } from '../../../src/stores/store.js';
import { connection, HOUR, MINUTE, NOON } from './builders.js';
import { shopOf } from './shop.js';
import type { OpenStore, Shop } from './shop.js';

export const saw = (evidence: Evidence, run: 'probe' | 'ordinary' = 'ordinary'): Write => ({
  write: 'noteEvidence',
  connectionId: 'warehouse',
  evidence,
  run,
});
export const breakerOf = async (store: Store): Promise<BreakerState | undefined> =>
  (await store.connection('warehouse'))?.breaker;
export const putWarehouse: Write = { write: 'putConnection', connection: connection() };

export function evidenceContract(open: OpenStore): void {
  async function warehouse(breaker: BreakerState = CLOSED): Promise<Shop> {
    const shop = shopOf(open());
    await shop.write([{ write: 'putConnection', connection: connection({ breaker }) }]);
    return shop;
  }
  const OPEN: BreakerState = { state: 'open', failures: 5, probeAt: NOON + MINUTE, step: 0, openedAt: NOON };

  test('each failure counts, and the answer says what the breaker was and is', async () => {
    const shop = await warehouse();
    expect(await shop.write([saw('unavailable'), saw('unavailable')])).toEqual([
      { kind: 'breaker', was: CLOSED, now: { ...CLOSED, failures: 1 } },
      { kind: 'breaker', was: { ...CLOSED, failures: 1 }, now: { ...CLOSED, failures: 2 } },
    ]);
    expect(await breakerOf(shop.store)).toEqual({ ...CLOSED, failures: 2 });
  });

  test('jobs that fail side by side lose no count: the last of them opens it, and says so alone', async () => {
    const shop = await warehouse();
    const answers = await Promise.all(
      Array.from({ length: FAILURES_TO_OPEN }, () => shop.write([saw('unavailable')], NOON)),
    );
    const opened = answers.flat().filter((one) => one.kind === 'breaker' && one.was.state !== one.now.state);
    expect(opened).toHaveLength(1);
    const breaker = await breakerOf(shop.store);
    expect(breaker).toMatchObject({ state: 'open', failures: FAILURES_TO_OPEN, probeAt: NOON + PROBE_DELAYS_MS[0] });
    expect(await shop.store.nextDueAt()).toBe(NOON + PROBE_DELAYS_MS[0]);
  });

  test('an answer closes it, and an answer of a healthy remote changes nothing', async () => {
    const shop = await warehouse(OPEN);
    expect(await shop.write([saw('answered', 'probe')])).toEqual([{ kind: 'breaker', was: OPEN, now: CLOSED }]);
    expect(await shop.store.nextDueAt()).toBeNull();
    const before = await shop.store.connection('warehouse');
    expect(await shop.write([saw('answered'), saw('silent')], NOON + HOUR)).toEqual([
      { kind: 'breaker', was: CLOSED, now: CLOSED },
      { kind: 'breaker', was: CLOSED, now: CLOSED },
    ]);
    expect(await shop.store.connection('warehouse')).toEqual(before);
  });

  test('a probe that asked nothing lets the next one go at once, and an ordinary run that asked nothing says nothing', async () => {
    const probing = toProbing(OPEN, NOON);
    const shop = await warehouse(probing);
    expect(await shop.write([saw('silent')])).toEqual([{ kind: 'breaker', was: probing, now: probing }]);
    await shop.write([saw('silent', 'probe')], NOON + 1);
    expect(await breakerOf(shop.store)).toMatchObject({ state: 'open', probeAt: NOON + 1 });
  });

  test('evidence about a connection that is not there moves nothing', async () => {
    const shop = shopOf(open());
    expect(await shop.write([saw('unavailable')])).toEqual([{ kind: 'breaker', was: CLOSED, now: CLOSED }]);
    expect(await shop.store.connections()).toEqual([]);
  });

  test('of two who would send the probe one does', async () => {
    const shop = await warehouse(OPEN);
    const probe = (): Promise<Applied> =>
      shop.apply(
        [{ write: 'putBreaker', connectionId: 'warehouse', breaker: toProbing(OPEN, NOON + MINUTE) }],
        NOON + MINUTE,
        [{ guard: 'breakerIs', connectionId: 'warehouse', breaker: { ...OPEN, openedAt: null } }],
      );
    const probes = await Promise.all([probe(), probe()]);
    expect(probes.map(({ applied }) => applied)).toEqual([true, false]);
    const nowhere = { guard: 'breakerIs', connectionId: 'nowhere', breaker: CLOSED } as const;
    expect(await shop.apply([], NOON, [nowhere])).toEqual({ applied: false, failed: nowhere });
  });

  test('saving a form that was read before an outage does not undo what was learned and pressed meanwhile', async () => {
    const shop = await warehouse();
    const read = connection({ name: 'Warehouse South', settings: { pollSeconds: 60 }, startsAt: NOON + HOUR });
    const pause = { state: 'paused', reason: 'Stocktaking.', by: 'person' } as const;
    await shop.write([
      { write: 'putBreaker', connectionId: 'warehouse', breaker: OPEN },
      { write: 'putContact', connectionId: 'warehouse', outcome: { success: false, summary: 'It answered 503.' } },
      { write: 'setConnectionState', connectionId: 'warehouse', ...pause },
    ]);
    await shop.write([{ write: 'putConnection', connection: read }], NOON + 1);
    expect(await shop.store.connection('warehouse')).toEqual({
      ...read,
      state: 'paused',
      pauseReason: 'Stocktaking.',
      pausedBy: 'person',
      breaker: OPEN,
      lastFailure: { at: NOON, summary: 'It answered 503.' },
      updatedAt: NOON + 1,
    });
    expect(await shop.store.nextDueAt()).toBe(OPEN.probeAt);
  });
}
