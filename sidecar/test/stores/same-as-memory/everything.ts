import type { Store } from '../../../src/stores/store.js';

const MANY = 1000;

/** What a store can be asked, about all it holds. Rows of journals have ids that say nothing. */
export async function everything(store: Store, now: number) {
  const { rows } = await store.jobs({}, { limit: MANY, offset: 0, sort: 'oldest' });
  const updated = await store.jobs({ states: ['queued', 'dead'] }, { limit: 3, offset: 1, sort: 'updated' });
  return {
    rows,
    updated,
    attempts: await Promise.all(rows.map(async ({ id }) => (await store.attempts(id)).map(withoutId))),
    activity: (await store.activity({}, MANY)).map(withoutId),
    record: await store.record('shop', 'order', '4711'),
    outbox: await store.outboxStream('shop', 'e'),
    counts: await store.countByState({}),
    ofBatch: await store.countByState({ batchId: 'b1' }),
    due: await store.nextDueAt(),
    stats: await store.stats(now, 'anvil', ['warehouse', 'other']),
    failures: await store.failureGroups({}, 3),
    connections: await store.connections(),
    schedules: await store.schedules(),
    batches: await store.batches({}, MANY),
    alerts: await store.alerts({}, MANY),
    deliveries: await store.deliveryPage({}, { limit: 3, offset: 1 }),
  };
}

function withoutId<Row extends { id: number }>({ id: _id, ...row }: Row): Omit<Row, 'id'> {
  return row;
}
