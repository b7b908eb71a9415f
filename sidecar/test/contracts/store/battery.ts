/** What every store must do. A new engine is a store that passes this. */
import type { Store } from '../../../src/stores/store.js';
import { alertsContract } from './alerts.js';
import { batchesContract } from './batches.js';
import { blockingContract } from './blocking.js';
import { callsContract } from './calls.js';
import { claimsContract } from './claims.js';
import { coalescingContract } from './coalescing.js';
import { deliveriesContract } from './deliveries.js';
import { evidenceContract } from './evidence.js';
import { failuresContract } from './failures.js';
import { figuresContract } from './figures.js';
import { keysContract } from './keys.js';
import { mappingsContract } from './mappings.js';
import { movesContract } from './moves.js';
import { outboxContract } from './outbox.js';
import { peopleContract } from './people.js';
import { pruneContract } from './prune.js';
import { recordsContract } from './records.js';
import { sharedContract } from './shared.js';
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
  evidence: evidenceContract,
  'calls and their limit': callsContract,
  'the outbox stream': outboxContract,
  batches: batchesContract,
  alerts: alertsContract,
  failures: failuresContract,
  deliveries: deliveriesContract,
  figures: figuresContract,
  pruning: pruneContract,
  views: viewsContract,
} as const satisfies Record<string, (open: OpenStore) => void>;

export interface BatteryOptions<One extends Store> {
  /** A second door to what `store` holds, as another process would open it. For stores that can be shared; closed before the first. */
  openSecond?: (store: One) => Store | Promise<Store>;
}

/** @param factory an empty store for each test; it is closed after it. */
export function batteryOfTests<One extends Store>(
  name: string,
  factory: () => One | Promise<One>,
  { openSecond }: BatteryOptions<One> = {},
): void {
  let store: One;
  beforeEach(async () => {
    store = await factory();
  });
  afterEach(() => store.close());

  describe.each(Object.entries(CONTRACTS))(`${name}: %s`, (_, contract) => {
    contract(() => store);
  });

  if (openSecond === undefined) return;
  describe(`${name}: shared by two`, () => {
    let second: Store;
    beforeEach(async () => {
      second = await openSecond(store);
    });
    afterEach(() => second.close());
    sharedContract(
      () => store,
      () => second,
    );
  });
}
