/** Sidecars that share a database tell each other that they are there, for `tallyman doctor` and whoever looks. Nothing depends on it. */
import { repeating, type Service } from '../queue/services.js';
import type { World } from '../queue/world.js';
import type { Store } from '../stores/store.js';

export interface Present {
  owner: string;
  host: string;
  url: string;
  version: string;
  /** Id of its commands' token. */
  door: string;
  startedAt: number;
  seenAt: number;
}

export const PRESENCE_KEY = 'sidecars';
const EVERY_MS = 20_000;
const GONE_AFTER_MS = 70_000;

type Self = Omit<Present, 'seenAt'>;
type Kept = Pick<Store, 'meta' | 'apply'>;

/** Two that write at the same moment may overwrite each other; the next round mends it. */
export function presence(store: Kept, world: World, self: Self): Service {
  return repeating('presence', EVERY_MS, world, async () => {
    const now = world.now();
    await put(store, [...(await others(store, self, now)), { ...self, seenAt: now }], now);
    return 0;
  });
}

/** At a clean stop: nobody has to wait until it counts as gone. */
export async function leave(store: Kept, self: Self, now: number): Promise<void> {
  await put(store, await others(store, self, now), now);
}

/** @param kept the value under PRESENCE_KEY. @returns those that were there a moment ago. */
export function presentIn(kept: string | null, now: number): Present[] {
  const all = kept === null ? [] : (JSON.parse(kept) as Present[]);
  return all.filter(({ seenAt }) => now - seenAt < GONE_AFTER_MS);
}

/** One that came back in the same folder has taken its own former place. */
async function others(store: Kept, self: Self, now: number): Promise<Present[]> {
  return presentIn(await store.meta(PRESENCE_KEY), now).filter(
    ({ owner, door }) => owner !== self.owner && door !== self.door,
  );
}

async function put(store: Kept, all: readonly Present[], now: number): Promise<void> {
  await store.apply({ now, guards: [], writes: [{ write: 'putMeta', key: PRESENCE_KEY, value: JSON.stringify(all) }] });
}
