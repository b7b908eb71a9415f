import type { World } from '../queue/world.js';
import type { Store } from '../stores/store.js';
import { ApiFailure } from './errors.js';

/** Runs what has one key one after another, in the order it was asked; other keys are not held up. */
export function turns() {
  const last = new Map<string, Promise<unknown>>();
  return async function inTurn<T>(key: string, run: () => Promise<T>): Promise<T> {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(run, run);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

export type InTurn = ReturnType<typeof turns>;

interface Shared {
  store: Pick<Store, 'lead' | 'resign'>;
  world: Pick<World, 'now' | 'newId' | 'wait' | 'log'>;
}

/** A turn whose process died is over after this long; a living one is much shorter. */
const LONGEST_TURN_MS = 15_000;
const PATIENCE_MS = 8_000;
const ASK_AGAIN_MS = 25;

/** The same for all who share a store. @throws ApiFailure 503 when the turn does not come; senders try again. */
export function sharedTurns({ store, world }: Shared): InTurn {
  const here = turns();

  async function take(role: string, owner: string): Promise<void> {
    const giveUpAt = world.now() + PATIENCE_MS;
    while (!(await store.lead(role, owner, world.now(), LONGEST_TURN_MS))) {
      if (world.now() > giveUpAt)
        throw new ApiFailure(503, 'busy', 'Another call about the same thing takes too long.');
      await world.wait(ASK_AGAIN_MS, NEVER);
    }
  }

  return (key, run) =>
    here(key, async () => {
      const [role, owner] = [`turn:${key}`, world.newId()];
      await take(role, owner);
      try {
        return await run();
      } finally {
        // What was done is done; a turn that cannot be given back ends by itself.
        await store
          .resign(role, owner)
          .catch((error: unknown) => world.log('turn.trouble', { message: String(error) }));
      }
    });
}

const NEVER = new AbortController().signal;
