/** Random days in a shop: whatever happens, a store must end every step as the memory store does. */
import fc from 'fast-check';
import { memoryStore } from '../../../src/stores/memory.js';
import type { Store } from '../../../src/stores/store.js';
import { connection, MINUTE, NOON, SECOND } from '../../contracts/store/builders.js';
import { everything } from './everything.js';
import { jobIds } from './job-ids.js';
import { ANY_STEP } from './steps.js';
import type { Step } from './steps.js';

/** Opens an empty store. */
export type OpenEmpty = () => Store | Promise<Store>;

const day = fc.array(fc.tuple(ANY_STEP, fc.constantFrom(0, SECOND, MINUTE)), { minLength: 1, maxLength: 60 });

/** @param runs how many days; a slow engine takes fewer. */
export async function sameAsMemory(openEmpty: OpenEmpty, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const store = await openEmpty();
      try {
        await live(steps, store);
      } finally {
        await store.close();
      }
    }),
    { numRuns: runs },
  );
}

async function live(steps: [Step, number][], store: Store): Promise<void> {
  const model = side(memoryStore());
  const other = side(store);
  const opened = { write: 'putConnection', connection: connection() } as const;
  for (const one of [model, other]) await one.store.apply({ now: NOON, guards: [], writes: [opened] });
  let now = NOON;
  for (const [step, pause] of steps) {
    now += pause;
    // A head that came due is only promoted by the clock; both stores are asked at the same moments.
    await Promise.all([model.store.promoteDue(now, 1000), other.store.promoteDue(now, 1000)]);
    expect(await other.take(step, now)).toEqual(await model.take(step, now));
    expect(await other.see(now)).toEqual(await model.see(now));
  }
}

/** A store with the ids it gave, so that what it says can be compared with one that gives others. */
function side(store: Store) {
  const ids = jobIds();
  return {
    store,
    async take(step: Step, now: number): Promise<unknown> {
      const answer = await step(store, now, ids);
      const { rows } = await store.jobs({}, { limit: 1000, offset: 0, sort: 'oldest' });
      ids.learn(rows.map(({ id }) => id));
      return ids.numbered(answer);
    },
    see: async (now: number): Promise<unknown> => ids.numbered(await everything(store, now)),
  };
}
