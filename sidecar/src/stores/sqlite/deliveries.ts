import type { Database } from 'better-sqlite3';
import type { Delivery, DeliveryState, Guard, NewDelivery, Store } from '../store.js';
import { buffer, bytes, insertInto } from './sql.js';

interface DeliveryRow {
  id: string;
  org_id: string;
  connection_id: string;
  dedupe_key: string;
  topic: string;
  state: DeliveryState;
  note: string | null;
  received_at: number;
  duplicates: number;
  body: Buffer | null;
}

// prettier-ignore
const COLUMNS = [
  'id', 'org_id', 'connection_id', 'dedupe_key', 'topic', 'state', 'note', 'received_at', 'duplicates', 'body',
] satisfies (keyof DeliveryRow)[];

export function deliveriesOf(db: Database) {
  const sql = {
    insert: db.prepare<[DeliveryRow]>(insertInto('deliveries', COLUMNS)),
    finish: db.prepare<[DeliveryState, string | null, string]>(
      'UPDATE deliveries SET state = ?, note = ? WHERE id = ?',
    ),
    byId: db.prepare<[string], DeliveryRow>('SELECT * FROM deliveries WHERE id = ?'),
    byKey: db.prepare<[string, string], { id: string }>(
      'SELECT id FROM deliveries WHERE connection_id = ? AND dedupe_key = ?',
    ),
    again: db.prepare<[string, string]>(
      'UPDATE deliveries SET duplicates = duplicates + 1 WHERE connection_id = ? AND dedupe_key = ?',
    ),
  };
  const isKnown = (connectionId: string, dedupeKey: string): boolean =>
    sql.byKey.get(connectionId, dedupeKey) !== undefined;

  /** @returns the refusal when a delivery with this key is here already. */
  function insert(delivery: NewDelivery, now: number): Guard | null {
    const { connectionId, dedupeKey } = delivery;
    if (isKnown(connectionId, dedupeKey)) return { guard: 'newDelivery', connectionId, dedupeKey };
    sql.insert.run(fromDelivery(delivery, now));
    return null;
  }

  return {
    isKnown,
    insert,
    finish: (id: string, state: DeliveryState, note: string | null) => void sql.finish.run(state, note, id),
    countDuplicate: (connectionId: string, dedupeKey: string) => void sql.again.run(connectionId, dedupeKey),
    reads: {
      delivery: async (id) => {
        const row = sql.byId.get(id);
        return row === undefined ? null : toDelivery(row);
      },
      deliveryByKey: async (connectionId, dedupeKey) => sql.byKey.get(connectionId, dedupeKey) ?? null,
      deliveries: async (filter, limit) => matching(db, filter, limit).map(toDelivery),
    } satisfies Partial<Store>,
  };
}

/** Oldest first: what waits is worked through in the order it came. */
function matching(
  db: Database,
  { connectionId, states }: Parameters<Store['deliveries']>[0],
  limit: number,
): DeliveryRow[] {
  const conditions = [
    ...(connectionId === undefined ? [] : ['connection_id = @connectionId']),
    ...(states === undefined ? [] : ['state IN (SELECT value FROM json_each(@states))']),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return db
    .prepare<[Record<string, unknown>], DeliveryRow>(
      `SELECT * FROM deliveries ${where} ORDER BY received_at, id LIMIT @limit`,
    )
    .all({ connectionId, states: JSON.stringify(states ?? []), limit });
}

function fromDelivery(delivery: NewDelivery, now: number): DeliveryRow {
  const { id, orgId, connectionId, dedupeKey, topic, state, note, body } = delivery;
  return {
    id,
    org_id: orgId,
    connection_id: connectionId,
    dedupe_key: dedupeKey,
    topic,
    state,
    note,
    received_at: now,
    duplicates: 0,
    body: buffer(body),
  };
}

function toDelivery(row: DeliveryRow): Delivery {
  const { id, topic, state, note, duplicates } = row;
  return {
    id,
    orgId: row.org_id,
    connectionId: row.connection_id,
    dedupeKey: row.dedupe_key,
    topic,
    state,
    note,
    receivedAt: row.received_at,
    duplicates,
    body: row.body === null ? null : bytes(row.body),
  };
}
