/** A shop that has lived: jobs in every state and something in every table. Also in what order, and what all of it means. */
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../../src/stores/sqlite/database.js';
import { migrate } from '../../src/stores/sqlite/migrate.js';
import { MIGRATIONS } from '../../src/stores/sqlite/migrations/index.js';
import type { Store, Write } from '../../src/stores/store.js';
import {
  connection,
  failure,
  HOUR,
  mapping,
  MINUTE,
  newActivity,
  newAttempt,
  newDelivery,
  NOON,
  orderRecord,
} from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';

export const REFUSED = failure({ kind: 'rejected', status: 400, summary: 'The postcode "1012" is not known.' });
export const WAITS_FOR = 'article-mapped:warehouse:7:0';

const by = { orgId: 'anvil', connectionId: 'warehouse', subject: 'order:4711', by: 'Anna', reason: 'typo', at: NOON };
const ROWS: Write[] = [
  { write: 'putConnection', connection: connection() },
  { write: 'putConnection', connection: connection({ id: 'shop', platform: 'woocommerce', orgId: 'bellows' }) },
  {
    write: 'putBreaker',
    connectionId: 'warehouse',
    breaker: { state: 'open', failures: 5, probeAt: NOON + HOUR, step: 0, openedAt: NOON },
  },
  { write: 'putCredentials', connectionId: 'warehouse', sealed: new Uint8Array([0, 255, 7]), keyId: 'k1' },
  { write: 'insertDelivery', delivery: newDelivery() },
  { write: 'insertDelivery', delivery: newDelivery({ dedupeKey: 'hook-2', state: 'dead', note: 'Unknown topic.' }) },
  { write: 'putRecord', record: orderRecord({ lookup: 'x' }), authoritative: 'no', onNew: [], onTie: [] },
  { write: 'putMapping', mapping: mapping() },
  { write: 'putFact', fact: 'order-known:4711', orgId: 'anvil', source: 'test' },
  { write: 'putSettlement', settlement: { ...by, kind: 'done_by_person' } },
  { write: 'putOverride', override: { ...by, field: 'address.zip', value: '1012 AB', sourceValue: '1012' } },
  { write: 'outboxSeen', connectionId: 'shop', epoch: 'e', sequence: 1, uuid: 'row 1' },
  { write: 'outboxSeen', connectionId: 'shop', epoch: 'e', sequence: 4, uuid: 'row 4' },
  {
    write: 'putSchedule',
    schedule: { name: 'sweep', connectionId: 'shop', everyMs: MINUTE, nextAt: NOON, lastAt: null, lastJobId: 3 },
  },
  {
    write: 'putToken',
    token: { id: 't1', orgId: 'anvil', name: 'laptop', hash: 'h1', role: 'admin', createdAt: NOON },
  },
  { write: 'putPairingCode', codeHash: 'code', orgId: 'anvil', expiresAt: NOON + HOUR },
  { write: 'putMeta', key: 'cursor', value: '2026-11-23' },
  { write: 'insertActivity', activity: newActivity({ what: 'paired' }) },
];

export async function aFullShop(store: Store): Promise<void> {
  const shop = shopOf(store);
  await shop.write(ROWS);
  const key = { orderingKey: 'order:4711', coalesceKey: 'push 4711' };
  for (const state of ['done', 'cancelled', 'blocked', 'retrying', 'running', 'dead'] as const) {
    const id = await shop.jobIn(state, { deadlineAt: NOON + MINUTE, payload: { asked: state } });
    await shop.write([{ write: 'insertAttempt', attempt: newAttempt(id) }]);
  }
  const refused = await shop.jobIn('running');
  await shop.move(refused, 'fail', { failure: REFUSED, sentence: 'Not sent.' });
  const again = await shop.jobIn('running', { connectionId: 'other' });
  await shop.move(again, 'retry', { failure: failure(), runAt: NOON + MINUTE });
  // One runs, one behind it, and one whose time has not come.
  await shop.jobIn('running', key);
  await shop.enqueue(key);
  await shop.enqueue({ runAt: NOON + HOUR });
  await shop.enqueue({ connectionId: 'other', priority: 9 });
}

/** Everything that can be read of it, and what happens next. */
export async function whatItMeans(store: Store): Promise<unknown> {
  const { rows } = await store.jobs({}, { limit: 1000, offset: 0, sort: 'oldest' });
  const read = {
    rows,
    attempts: await Promise.all(rows.map(({ id }) => store.attempts(id))),
    activity: await store.activity({}, 1000),
    deliveries: await store.deliveries({}, 1000),
    record: await store.record('shop', 'order', '4711'),
    mappings: await store.mappings('warehouse', 'order', 1000, 0),
    facts: [await store.hasFact('order-known:4711'), await store.hasFact(WAITS_FOR)],
    words: [await store.settlement('warehouse', 'order:4711'), await store.overrides('warehouse', 'order:4711')],
    connections: await store.connections(),
    credentials: await store.credentials('warehouse'),
    outbox: [await store.outboxStream('shop', 'e'), await store.outboxUuid('shop', 'e', 4)],
    schedules: await store.schedules(),
    tokens: await store.tokens(),
    meta: await store.meta('cursor'),
    counts: await store.countByState({}),
    failures: await store.failureGroups({}, 1000),
    stats: await store.stats(NOON + 2 * MINUTE, 'anvil', ['warehouse', 'other']),
    lastJobId: await store.lastJobId(),
    nextDueAt: await store.nextDueAt(),
  };
  return { read, next: await whatHappensNext(store) };
}

async function whatHappensNext(store: Store): Promise<unknown> {
  const shop = shopOf(store);
  const perConnection = new Map(['warehouse', 'other'].map((id) => [id, 100]));
  const now = NOON + 2 * MINUTE;
  const again = await shop.apply([{ write: 'insertDelivery', delivery: newDelivery({ id: 'again' }) }]);
  const paired = await shop.apply([], NOON, [{ guard: 'pairingCode', codeHash: 'code' }]);
  const released = await shop.write([{ write: 'putFact', fact: WAITS_FOR, orgId: 'anvil', source: 'Anna' }], now);
  const joined = await shop.enqueued({ coalesceKey: 'push 4711' }, now);
  const lapsed = await store.takeBackLapsed(now);
  await store.promoteDue(now, 100);
  const claimed = await shop.claim({ now, perConnection });
  return { again, paired, released, joined, lapsed, claimed, newest: await shop.enqueue({}, now) };
}

/** Writes the rows of a present file into `file` as the first version of the program kept them. */
export function asFirstVersion(present: string, file: string): void {
  const db = openDatabase(file);
  migrate(db, NOON, MIGRATIONS.slice(0, 1));
  db.exec(`ATTACH '${present}' AS present`);
  const copy = db.transaction(() => {
    db.pragma('defer_foreign_keys = ON');
    for (const table of tablesOf(db)) {
      const columns = db.pragma(`main.table_info(${table})`) as { name: string }[];
      const names = columns.map(({ name }) => `"${name}"`).join(', ');
      db.exec(`INSERT INTO main.${table} (${names}) SELECT ${names} FROM present.${table}`);
    }
  });
  copy();
  db.close();
}

/** Every table of the schema, without SQLite's own and without the note of migrations. */
export function tablesOf(db: Database): string[] {
  const tables = db.prepare<[], string>(
    `SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'migrations' ORDER BY name`,
  );
  return tables.pluck().all();
}
