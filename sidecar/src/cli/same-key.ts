/** Sidecars that share a database have to share the key: what one seals the others must be able to open. */
import { UnsealFailure, type SealedBox } from '../secrets/sealed-box.js';
import type { Store } from '../stores/store.js';

export const CANARY_KEY = 'secret.canary';
const CONTEXT = 'canary';

/** @throws with a sentence when what the others sealed does not open here. */
export async function assertSameKey(store: Pick<Store, 'meta' | 'apply'>, box: SealedBox, now: number): Promise<void> {
  const sealed = await store.meta(CANARY_KEY);
  if (sealed !== null) assertOpens(sealed, box);
  if (sealed !== null && keyIdOf(sealed) === box.keyId) return;
  const value = write(box);
  await store.apply({ now, guards: [], writes: [{ write: 'putMeta', key: CANARY_KEY, value }] });
  // Two that start for the first time together both find none; the later one is what counts.
  assertOpens((await store.meta(CANARY_KEY)) ?? value, box);
}

function write(box: SealedBox): string {
  const { sealed, keyId } = box.seal({}, CONTEXT);
  return JSON.stringify({ keyId, sealed: Buffer.from(sealed).toString('base64') });
}

function keyIdOf(canary: string): string {
  return (JSON.parse(canary) as { keyId: string }).keyId;
}

/** @throws with a sentence when it does not open. */
export function assertOpens(canary: string, box: SealedBox): void {
  const { keyId, sealed } = JSON.parse(canary) as { keyId: string; sealed: string };
  try {
    box.open({ keyId, sealed: Buffer.from(sealed, 'base64') }, CONTEXT);
  } catch (error) {
    if (!(error instanceof UnsealFailure)) throw error;
    throw new Error(
      `TALLYMAN_SECRET_KEY is not the key of this database (it has key ${keyId}, this sidecar ${box.keyId}). All sidecars that share a database need the same TALLYMAN_SECRET_KEY; see docs/postgresql.md.`,
      { cause: error },
    );
  }
}
