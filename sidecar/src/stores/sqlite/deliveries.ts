import type { Database } from 'better-sqlite3';
import type { Delivery, DeliveryFilter, DeliveryState, Guard, NewDelivery, Store } from '../store.js';
import { buffer, bytes, containing, rowInsert } from './sql.js';
import type { Select, Values } from './statements.js';

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
const SHOWN = COLUMNS.filter((column) => column !== 'body');

export function deliveriesOf(db: Database, select: Select) {
  const sql = {
    insert: rowInsert<DeliveryRow>(db, 'deliveries', COLUMNS, 'ON CONFLICT (connection_id, dedupe_key) DO NOTHING'),
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
    const { changes } = sql.insert(fromDelivery(delivery, now));
    return changes > 0 ? null : { guard: 'newDelivery', connectionId, dedupeKey };
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
      deliveries: async (filter, limit) => {
        const { sql, values } = condition(filter);
        const text = `SELECT * FROM deliveries WHERE ${sql} ORDER BY received_at, id LIMIT @limit`;
        return select<DeliveryRow>(text, { ...values, limit }).map(toDelivery);
      },
      deliveryPage: async (filter, { limit, offset }) => {
        const { sql, values } = condition(filter);
        const page = `SELECT ${SHOWN.join(', ')} FROM deliveries WHERE ${sql}
          ORDER BY received_at DESC, id DESC LIMIT @limit OFFSET @offset`;
        const rows = select<Omit<DeliveryRow, 'body'>>(page, { ...values, limit, offset }).map(withoutBody);
        const [counted] = select<{ total: number }>(`SELECT count(*) AS total FROM deliveries WHERE ${sql}`, values);
        return { rows, total: counted?.total ?? 0 };
      },
    } satisfies Partial<Store>,
  };
}

const LIKE = (column: string): string => `${column} LIKE @search ESCAPE '\\'`;

const FIELDS = {
  orgId: 'org_id = @orgId',
  connectionId: 'connection_id = @connectionId',
  // With the sign, a list by time is read by time and not sorted out of every delivery of the connections.
  connectionIds: '+connection_id IN (SELECT value FROM json_each(@connectionIds))',
  states: 'state IN (SELECT value FROM json_each(@states))',
  topic: 'topic = @topic',
  search: `(${LIKE('dedupe_key')} OR ${LIKE('topic')})`,
} as const satisfies Record<keyof DeliveryFilter, string>;

function condition({ connectionIds, states, search, ...filter }: DeliveryFilter): { sql: string; values: Values } {
  const values: Values = {
    ...filter,
    ...(connectionIds === undefined ? {} : { connectionIds: JSON.stringify(connectionIds) }),
    ...(states === undefined ? {} : { states: JSON.stringify(states) }),
    ...(search === undefined ? {} : { search: containing(search) }),
  };
  const asked = Object.keys(FIELDS).filter((field) => values[field] !== undefined) as (keyof DeliveryFilter)[];
  // Said in so many words it lets SQLite use the index of the few that wait.
  const waiting = states?.length === 1 && states[0] === 'received' ? ["state = 'received'"] : [];
  return { sql: ['1', ...waiting, ...asked.map((field) => FIELDS[field])].join(' AND '), values };
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
  return { ...withoutBody(row), body: row.body === null ? null : bytes(row.body) };
}

function withoutBody(row: Omit<DeliveryRow, 'body'>): Omit<Delivery, 'body'> {
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
  };
}
