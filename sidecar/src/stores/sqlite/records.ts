import type { Database } from 'better-sqlite3';
import { arrive } from '../../domain/record-arrival.js';
import type { EntityRecord, RecordComparison, RecordType } from '../../domain/record.js';
import type { Store } from '../store.js';
import { rowUpsert } from './sql.js';
import type { Select } from './statements.js';

interface RecordRow {
  org_id: string;
  connection_id: string;
  type: RecordType;
  remote_id: string;
  modified_at: string;
  sequence: number;
  fingerprint: string;
  body: string | null;
  lookup: string | null;
  final: 0 | 1;
  updated_at: number;
}

const KEY = ['connection_id', 'type', 'remote_id'] satisfies (keyof RecordRow)[];
// prettier-ignore
const COLUMNS = [
  ...KEY, 'org_id', 'modified_at', 'sequence', 'fingerprint', 'body', 'lookup', 'final', 'updated_at',
] satisfies (keyof RecordRow)[];

export function recordsOf(db: Database, select: Select) {
  const sql = {
    one: db.prepare<[string, string, string], RecordRow>(
      'SELECT * FROM records WHERE connection_id = ? AND type = ? AND remote_id = ?',
    ),
    put: rowUpsert<RecordRow>(db, 'records', KEY, COLUMNS),
  };

  function one(connectionId: string, type: RecordType, remoteId: string): EntityRecord | null {
    const row = sql.one.get(connectionId, type, remoteId);
    return row === undefined ? null : toRecord(row);
  }

  function put(record: EntityRecord, authoritative: 'yes' | 'no', now: number): RecordComparison {
    const held = one(record.connectionId, record.type, record.remoteId);
    const { comparison, keep } = arrive(record, held, authoritative, now);
    if (keep !== null) sql.put(fromRecord(keep));
    return comparison;
  }

  return {
    put,
    reads: {
      record: async (connectionId, type, remoteId) => one(connectionId, type, remoteId),
      records: async (filter) => matching(select, filter).map(toRecord),
    } satisfies Partial<Store>,
  };
}

function matching(select: Select, filter: Parameters<Store['records']>[0]): RecordRow[] {
  const { connectionId, type, final, lookup, afterId, limit } = filter;
  const conditions = [
    'connection_id = @connectionId AND type = @type',
    ...(final === undefined ? [] : [`final = ${final ? 1 : 0}`]),
    ...(lookup === undefined ? [] : ['lookup IS NOT NULL AND lookup = @lookup']),
    ...(afterId === undefined ? [] : ['remote_id > @afterId']),
  ];
  // Of the few that are looked up, never through all there are because those lie in the order that is asked for.
  const index = lookup === undefined ? '' : 'INDEXED BY records_by_lookup';
  const text = `SELECT * FROM records ${index} WHERE ${conditions.join(' AND ')} ORDER BY remote_id LIMIT @limit`;
  return select<RecordRow>(text, { connectionId, type, lookup, afterId, limit });
}

function fromRecord(record: EntityRecord): RecordRow {
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
    final: record.final ? 1 : 0,
    updated_at: record.updatedAt,
  };
}

function toRecord(row: RecordRow): EntityRecord {
  return {
    orgId: row.org_id,
    connectionId: row.connection_id,
    type: row.type,
    remoteId: row.remote_id,
    version: { modifiedAt: row.modified_at, sequence: row.sequence },
    fingerprint: row.fingerprint,
    body: row.body === null ? null : (JSON.parse(row.body) as unknown),
    lookup: row.lookup,
    final: row.final === 1,
    updatedAt: row.updated_at,
  };
}
