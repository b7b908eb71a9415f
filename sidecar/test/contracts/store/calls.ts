import { bucketSpec } from '../../../src/domain/token-bucket.js';
import type { CallGrant, CallRequest, Store } from '../../../src/stores/store.js';
import { MINUTE, NOON, SECOND } from './builders.js';
import type { OpenStore } from './shop.js';

/** 60 calls a minute, 30 at once, 6 of them for orders only. */
export const SPEC = bucketSpec(60);

export function take(store: Store, want: number, over: Partial<CallRequest> = {}): Promise<CallGrant> {
  return store.takeCalls({ connectionId: 'warehouse', spec: SPEC, callClass: 'order', want, now: NOON, ...over });
}

export function callsContract(open: OpenStore): void {
  test('no more calls are given than the bucket holds, and then one a second', async () => {
    const store = open();
    expect(await take(store, 20)).toEqual({ granted: 20, waitMs: 0 });
    expect(await take(store, 20)).toEqual({ granted: 10, waitMs: 0 });
    expect(await take(store, 1)).toEqual({ granted: 0, waitMs: SECOND });
    expect(await take(store, 5, { now: NOON + 2 * SECOND })).toEqual({ granted: 2, waitMs: 0 });
  });

  test('what everything else may take leaves a reserve for orders', async () => {
    const store = open();
    expect(await take(store, 100, { callClass: 'bulk' })).toEqual({ granted: 24, waitMs: 0 });
    expect(await take(store, 1, { callClass: 'bulk' })).toEqual({ granted: 0, waitMs: SECOND });
    expect(await take(store, 100)).toEqual({ granted: 6, waitMs: 0 });
  });

  test('many who ask at once get no call twice', async () => {
    const store = open();
    const grants = await Promise.all(Array.from({ length: 50 }, () => take(store, 1)));
    expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(SPEC.burst);
  });

  test('after "too many requests" no call of anybody goes before the moment the remote named, and then they go evenly', async () => {
    const store = open();
    await store.closeCalls('warehouse', SPEC, NOON + MINUTE);
    await store.closeCalls('warehouse', SPEC, NOON + SECOND);
    expect(await take(store, 1)).toEqual({ granted: 0, waitMs: MINUTE });
    expect(await take(store, 30, { now: NOON + MINUTE })).toEqual({ granted: 1, waitMs: 0 });
  });

  test('each connection has a bucket of its own', async () => {
    const store = open();
    await take(store, 100);
    await store.closeCalls('closed', SPEC, NOON + MINUTE);
    expect(await take(store, 1, { connectionId: 'other' })).toEqual({ granted: 1, waitMs: 0 });
  });

  test('a limit that was lowered holds from the next call on', async () => {
    const store = open();
    await take(store, 1);
    expect((await take(store, 100, { spec: bucketSpec(10) })).granted).toBe(bucketSpec(10).burst);
  });
}
