/** What every store must do. A new engine is a store that passes this. */
import type { Store } from '../../../src/stores/store.js';
import { blockingContract } from './blocking.js';
import { claimsContract } from './claims.js';
import { coalescingContract } from './coalescing.js';
import { keysContract } from './keys.js';
import { mappingsContract } from './mappings.js';
import { movesContract } from './moves.js';
import { outboxContract } from './outbox.js';
import { peopleContract } from './people.js';
import { pruneContract } from './prune.js';
import { recordsContract } from './records.js';
import type { OpenStore } from './shop.js';
import { unitsContract } from './units.js';
import { viewsContract } from './views.js';

const CONTRACTS = {
  moves: movesContract,
  claims: claimsContract,
  'ordering keys': keysContract,
  coalescing: coalescingContract,
  'facts, waits and rescue': blockingContract,
  units: unitsContract,
  records: recordsContract,
  mappings: mappingsContract,
  'people and connections': peopleContract,
  'the outbox stream': outboxContract,
  pruning: pruneContract,
  views: viewsContract,
} as const satisfies Record<string, (open: OpenStore) => void>;

/** @param factory an empty store for each test; it is closed after it. */
export function batteryOfTests(name: string, factory: () => Store | Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await factory();
  });
  afterEach(() => store.close());

  describe.each(Object.entries(CONTRACTS))(`${name}: %s`, (_, contract) => {
    contract(() => store);
  });
}
