import type { Delivery, DeliveryFilter, DeliveryState, Guard, NewDelivery, Store } from '../store.js';
import { KeyedTable } from './keyed-table.js';
import type { Shape } from './keyed-table.js';
import { part } from './filter.js';
import { Gather } from './reading.js';
import type { Reading } from './reading.js';
import { byKey, Where } from './sql.js';
import type { Statement } from './session.js';
import { array, bytes } from './values.js';
import { WorkingRows } from './working-rows.js';
import type { Wants } from './wants.js';
import type { Undo } from './working-rows.js';

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
  body: Uint8Array | null;
}
type ListedRow = Omit<DeliveryRow, 'body'>;

export const DELIVERIES: Shape<DeliveryRow> = {
  table: 'deliveries',
  key: ['connection_id', 'dedupe_key'],
  others: ['id', 'org_id', 'topic', 'state', 'note', 'received_at', 'duplicates', 'body'],
  reads: ['id'],
  types: { received_at: 'bigint', duplicates: 'integer', body: 'bytea' },
};

export class Deliveries {
  readonly rows: KeyedTable<DeliveryRow>;
  private readonly ends: WorkingRows<{ state: DeliveryState; note: string | null }>;

  constructor(undo: Undo, wants: Wants) {
    this.rows = new KeyedTable(undo, wants, DELIVERIES);
    this.ends = new WorkingRows(undo);
  }

  isKnown(connectionId: string, dedupeKey: string): boolean {
    return this.rows.get(connectionId, dedupeKey) !== null;
  }

  /** @returns the refusal when a delivery with this key is here already. */
  insert(delivery: NewDelivery, now: number): Guard | null {
    const { connectionId, dedupeKey } = delivery;
    if (this.isKnown(connectionId, dedupeKey)) return { guard: 'newDelivery', connectionId, dedupeKey };
    this.rows.put(fromDelivery(delivery, now), connectionId, dedupeKey);
    return null;
  }

  finish(id: string, state: DeliveryState, note: string | null): void {
    this.ends.put(id, { state, note });
  }

  /** To be sent after those that insert. */
  endWriters(): Statement[] {
    const ends = [...this.ends.changes()].sort(([a], [b]) => (a < b ? -1 : 1));
    if (ends.length === 0) return [];
    const text = `UPDATE deliveries SET state = new.state, note = new.note
      FROM unnest($1::text[], $2::text[], $3::text[]) AS new(id, state, note) WHERE deliveries.id = new.id`;
    const states = ends.map(([, end]) => end?.state ?? null);
    const notes = ends.map(([, end]) => end?.note ?? null);
    return [{ name: 'finish_deliveries', text, values: [array(ends.map(([id]) => id)), array(states), array(notes)] }];
  }
}

const LISTED = 'id, org_id, connection_id, dedupe_key, topic, state, note, received_at, duplicates';

export function deliveryReads(reading: Reading) {
  const byId = new Gather<DeliveryRow>(reading, 'delivery', byKey('deliveries', ['id']));
  const keys = new Gather<{ id: string }>(reading, 'delivery_key', byKey('deliveries', DELIVERIES.key, 'id'));
  return {
    delivery: async (id) => {
      const row = await byId.one(id);
      return row === null ? null : toDelivery(row);
    },
    deliveryByKey: async (connectionId, dedupeKey) => {
      const row = await keys.one(connectionId, dedupeKey);
      return row === null ? null : { id: row.id };
    },
    deliveries: async (filter, limit) => {
      const { sql, values } = condition(filter);
      const text = `SELECT * FROM deliveries WHERE ${sql} ORDER BY received_at, id LIMIT ${limit}`;
      return (await reading.rows<DeliveryRow>(text, values)).map(toDelivery);
    },
    deliveryPage: async (filter, { limit, offset }) => {
      const { sql, values } = condition(filter);
      const page = `SELECT ${LISTED} FROM deliveries WHERE ${sql} ORDER BY received_at DESC, id DESC LIMIT ${limit} OFFSET ${offset}`;
      const [rows, counted] = await Promise.all([
        reading.rows<ListedRow>(page, values),
        reading.first<{ total: number }>(`SELECT count(*) AS total FROM deliveries WHERE ${sql}`, values),
      ]);
      return { rows: rows.map(toListed), total: counted?.total ?? 0 };
    },
  } satisfies Partial<Store>;
}

function condition({ orgId, connectionId, connectionIds, states, topic, search }: DeliveryFilter): Where {
  const where = new Where();
  if (orgId !== undefined) where.add('org_id = ?', orgId);
  if (connectionId !== undefined) where.add('connection_id = ?', connectionId);
  if (connectionIds !== undefined) where.add('connection_id = ANY (?::text[])', array(connectionIds));
  if (states !== undefined) where.add('state = ANY (?::text[])', array(states));
  if (topic !== undefined) where.add('topic = ?', topic);
  if (search !== undefined) where.add('lower(dedupe_key) LIKE ? OR lower(topic) LIKE ?', part(search));
  return where;
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
    body,
  };
}

function toListed(row: ListedRow): Omit<Delivery, 'body'> {
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

function toDelivery(row: DeliveryRow): Delivery {
  return { ...toListed(row), body: row.body === null ? null : bytes(row.body as Buffer) };
}
