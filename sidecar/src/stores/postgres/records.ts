import type { EntityRecord, RecordType } from '../../domain/record.js';
import type { Store } from '../store.js';
import type { Shape } from './keyed-table.js';
import { Gather } from './reading.js';
import type { Reading } from './reading.js';
import { byKey, Where } from './sql.js';

export interface RecordRow {
  org_id: string;
  connection_id: string;
  type: RecordType;
  remote_id: string;
  modified_at: string;
  sequence: number;
  fingerprint: string;
  body: string | null;
  lookup: string | null;
  final: boolean;
  updated_at: number;
}

export const RECORDS: Shape<RecordRow> = {
  table: 'records',
  key: ['connection_id', 'type', 'remote_id'],
  others: ['org_id', 'modified_at', 'sequence', 'fingerprint', 'body', 'lookup', 'final', 'updated_at'],
  types: { sequence: 'bigint', final: 'boolean', updated_at: 'bigint' },
};

export function recordReads(reading: Reading) {
  const byId = new Gather<RecordRow>(reading, 'record', byKey('records', RECORDS.key));
  return {
    record: async (connectionId, type, remoteId) => {
      const row = await byId.one(connectionId, type, remoteId);
      return row === null ? null : toRecord(row);
    },
    records: async ({ connectionId, type, final, lookup, afterId, limit }) => {
      const where = new Where();
      where.add('connection_id = ?', connectionId);
      where.add('type = ?', type);
      if (final !== undefined) where.add(final ? 'final = ?' : 'NOT final AND final = ?', final);
      if (lookup !== undefined) where.add('lookup = ?', lookup);
      if (afterId !== undefined) where.add('remote_id > ?', afterId);
      const found = `SELECT * FROM records WHERE ${where.sql}`;
      const order = `ORDER BY remote_id LIMIT ${limit}`;
      // Of the few that are looked up: the server must not go through all there are because those lie in this order.
      const sql =
        lookup === undefined
          ? `${found} ${order}`
          : `WITH found AS MATERIALIZED (${found}) SELECT * FROM found ${order}`;
      return (await reading.rows<RecordRow>(sql, where.values)).map(toRecord);
    },
  } satisfies Partial<Store>;
}

export function fromRecord(record: EntityRecord): RecordRow {
  return {
    org_id: record.orgId,
    connection_id: record.connectionId,
    type: record.type,
    remote_id: record.remoteId,
    modified_at: record.version.modifiedAt,
    sequence: record.version.sequence,
    fingerprint: record.fingerprint,
    body: record.body === null ? null : JSON.stringify(record.body),
    lookup: record.lookup,
    final: record.final,
    updated_at: record.updatedAt,
  };
}

export function toRecord(row: RecordRow): EntityRecord {
  return {
    orgId: row.org_id,
    connectionId: row.connection_id,
    type: row.type,
    remoteId: row.remote_id,
    version: { modifiedAt: row.modified_at, sequence: row.sequence },
    fingerprint: row.fingerprint,
    body: row.body === null ? null : (JSON.parse(row.body) as unknown),
    lookup: row.lookup,
    final: row.final,
    updatedAt: row.updated_at,
  };
}
