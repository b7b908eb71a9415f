/** Guards taken out, one at a time: each has to be found by some seed, or the simulation proves nothing about it. */
import type { StorePort, WarehousePort } from '../../src/platforms/platform.js';
import type { RecordVersion } from '../../src/domain/record.js';
import type { Store, Unit, Write } from '../../src/stores/store.js';
import type { Remote } from './network.ts';
import type { Plan } from './simulation.ts';
import { SENT_VERSIONS } from './watch.ts';

export interface Mutation {
  name: string;
  title: string;
  /** What the seed may not decide, because the guard matters only there. */
  plan?: Partial<Plan>;
  store?(store: Store): Store;
  wire?: 'unfenced';
  warehouse?(remote: Remote<WarehousePort>): Partial<Remote<WarehousePort>>;
  shop?(remote: Remote<StorePort>): Partial<Remote<StorePort>>;
}

const SEVERAL = { ownership: 'shared', machines: 3 } as const;

export const MUTATIONS: readonly Mutation[] = [
  { name: 'late-finish', title: 'a late finisher is not refused', plan: SEVERAL, store: unfencedUnits },
  {
    name: 'fence',
    title: 'nobody asks whether a job is still its worker’s own',
    plan: { ...SEVERAL, references: 'trusted' },
    wire: 'unfenced',
    store: (store) => ({ ...unfencedUnits(store), extendLease: async () => true }),
  },
  {
    name: 'look-up',
    title: 'the look-up before a create finds nothing',
    plan: { references: 'trusted' },
    warehouse: () => ({ findOrders: ['read', () => []] }),
  },
  {
    name: 'intent',
    title: 'nothing is written down before a create',
    plan: { references: 'trusted' },
    store: (store) => withWrites(store, (write) => (isIntent(write) ? [] : [write])),
  },
  {
    name: 'note-look-up',
    title: 'the look for an earlier mail finds nothing',
    shop: () => ({ notes: ['read', () => []] }),
  },
  { name: 'keys', title: 'jobs on one order do not wait for one another', store: withoutKeys },
  { name: 'wake-up', title: 'a job blocks without another look at the fact', store: withLostWakeUps },
  { name: 'dedupe', title: 'a delivery that came twice is taken twice', store: withoutDedupe },
  {
    name: 'breaker',
    title: 'the breaker never opens',
    store: (store) => withWrites(store, (write) => (isOutage(write) ? [] : [write])),
  },
  {
    name: 'probe',
    title: 'two sidecars may probe at once',
    plan: { ...SEVERAL, skewMs: 0 },
    store: (store) =>
      withUnits(store, (unit) => ({ ...unit, guards: unit.guards.filter(({ guard }) => guard !== 'breakerIs') })),
  },
  {
    name: 'lease',
    title: 'a lease looks longer than it is',
    store: (store) => ({
      ...store,
      job: async (id) => {
        const job = await store.job(id);
        return job?.leaseUntil == null ? job : { ...job, leaseUntil: job.leaseUntil + 3_600_000 };
      },
      extendLease: async () => true,
    }),
  },
  {
    name: 'orphans',
    title: 'what a dead process left goes again before its last calls have landed',
    plan: { ownership: 'single', machines: 1, references: 'trusted', tempoMs: 300 },
    store: (store) => ({ ...store, takeBackAll: (now) => store.takeBackAll(now) }),
  },
  {
    name: 'older',
    title: 'an older representation is taken for the newer',
    store: (store) => withVersions(store, 'later'),
  },
  { name: 'newer', title: 'a newer representation is refused', store: (store) => withVersions(store, 'earlier') },
  {
    name: 'claim',
    title: 'two workers may claim one job',
    plan: SEVERAL,
    store: withDoubleClaims,
  },
];

function withUnits(store: Store, change: (unit: Unit) => Unit): Store {
  return { ...store, apply: (unit) => store.apply(change(unit)) };
}

function unfencedUnits(store: Store): Store {
  return withUnits(store, (unit) => ({ ...unit, guards: unit.guards.filter(({ guard }) => guard !== 'fence') }));
}

/** Results keep their places: what is dropped is answered for as done. */
function withWrites(store: Store, change: (write: Write) => Write[]): Store {
  return {
    ...store,
    async apply(unit) {
      const changed = unit.writes.map(change);
      const answer = await store.apply({ ...unit, writes: changed.flat() });
      if (!answer.applied) return answer;
      let at = 0;
      const results = changed.map((writes) => {
        const result = answer.results[at];
        at += writes.length;
        return writes.length === 0 || result === undefined ? ({ kind: 'ok' } as const) : result;
      });
      return { applied: true, results };
    },
  };
}

function isIntent(write: Write): boolean {
  return write.write === 'putMapping' && write.mapping.type === 'order' && write.mapping.state === 'intended';
}

function isOutage(write: Write): boolean {
  if (write.write === 'noteEvidence') return write.evidence !== 'answered';
  return write.write === 'putBreaker' && write.breaker.state !== 'closed';
}

function withoutKeys(store: Store): Store {
  let count = 0;
  const alone = <Job extends { orderingKey: string }>(job: Job): Job => ({
    ...job,
    orderingKey: `${job.orderingKey}~${(count += 1)}`,
  });
  return withWrites(store, (write) => {
    if (write.write === 'enqueue') return [{ ...write, job: alone(write.job) }];
    if (write.write === 'putRecord')
      return [{ ...write, onNew: write.onNew.map(alone), onTie: write.onTie.map(alone) }];
    return [write];
  });
}

/** The fact waited for has another name, which is there only for the moment in which it comes. */
function withLostWakeUps(store: Store): Store {
  return withWrites(store, (write) => {
    if (write.write === 'moveJob' && write.patch.blockedOn != null)
      return [{ ...write, patch: { ...write.patch, blockedOn: `${write.patch.blockedOn}~` } }];
    if (write.write !== 'putFact') return [write];
    const fact = `${write.fact}~`;
    return [write, { ...write, fact }, { write: 'dropFact', fact }];
  });
}

function withoutDedupe(store: Store): Store {
  let count = 0;
  const again = withUnits(store, (unit) => ({
    ...unit,
    guards: unit.guards.filter(({ guard }) => guard !== 'newDelivery'),
    writes: unit.writes.map((write) =>
      write.write === 'insertDelivery'
        ? { ...write, delivery: { ...write.delivery, dedupeKey: `${write.delivery.dedupeKey}~${(count += 1)}` } }
        : write,
    ),
  }));
  return { ...again, deliveryByKey: async () => null };
}

function withVersions(store: Store, than: 'earlier' | 'later'): Store {
  let count = 0;
  const version = ({ sequence }: RecordVersion): RecordVersion =>
    than === 'later'
      ? { modifiedAt: '9999-01-01T00:00:00Z', sequence: (count += 1) }
      : { modifiedAt: '2000-01-01T00:00:00Z', sequence: -sequence };
  return withWrites(store, (write) => {
    if (write.write !== 'putRecord' || write.record.type !== 'order') return [write];
    if (write.record.connectionId.startsWith('wms')) return [write];
    SENT_VERSIONS.set(write.record.body as object, write.record.version);
    return [{ ...write, record: { ...write.record, version: version(write.record.version) } }];
  });
}

/** Whoever claims also gets what somebody else has just been given. */
function withDoubleClaims(store: Store): Store {
  let latest: Awaited<ReturnType<Store['claim']>> = [];
  return {
    ...store,
    async claim(request) {
      const claimed = await store.claim(request);
      const theirs = latest.filter(({ connectionId }) => request.perConnection.has(connectionId));
      latest = claimed;
      return [...theirs, ...claimed];
    },
  };
}
