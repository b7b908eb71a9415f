import type { Database } from 'better-sqlite3';
import type { Mapping, MappingType } from '../../domain/mapping.js';
import type { Store, TakenMapping } from '../store.js';
import { upsertInto } from './sql.js';

interface MappingRow {
  org_id: string;
  connection_id: string;
  type: MappingType;
  local_id: string;
  remote_id: string | null;
  state: Mapping['state'];
  sent_fingerprint: string | null;
  remote_label: string | null;
  origin: string;
  accepted: string | null;
  store_status: string | null;
  known_at: number | null;
  updated_at: number;
}

const KEY = ['connection_id', 'type', 'local_id'] satisfies (keyof MappingRow)[];
// prettier-ignore
const COLUMNS = [
  ...KEY, 'org_id', 'remote_id', 'state', 'sent_fingerprint', 'remote_label', 'origin', 'accepted', 'store_status',
  'known_at', 'updated_at',
] satisfies (keyof MappingRow)[];

export function mappingsOf(db: Database) {
  const sql = {
    put: db.prepare<[MappingRow]>(upsertInto('mappings', KEY, COLUMNS)),
    drop: db.prepare<[string, string, string]>(
      'DELETE FROM mappings WHERE connection_id = ? AND type = ? AND local_id = ?',
    ),
    one: db.prepare<[string, string, string], MappingRow>(
      'SELECT * FROM mappings WHERE connection_id = ? AND type = ? AND local_id = ?',
    ),
    byRemote: db.prepare<[string, string, string], MappingRow>(
      'SELECT * FROM mappings WHERE connection_id = ? AND type = ? AND remote_id = ?',
    ),
    all: db.prepare<[string, string, number, number], MappingRow>(
      'SELECT * FROM mappings WHERE connection_id = ? AND type = ? ORDER BY local_id LIMIT ? OFFSET ?',
    ),
  };

  /** @returns the refusal when the remote thing belongs to another local one. */
  function put(mapping: Mapping, now: number): TakenMapping | null {
    const { connectionId, type, localId, remoteId } = mapping;
    const heldBy = remoteId === null ? undefined : sql.byRemote.get(connectionId, type, remoteId)?.local_id;
    if (remoteId !== null && heldBy !== undefined && heldBy !== localId) {
      return { guard: 'uniqueMapping', connectionId, type, localId, remoteId, heldBy };
    }
    const knownAt = sql.one.get(connectionId, type, localId)?.known_at ?? now;
    sql.put.run(fromMapping(mapping, knownAt, now));
    return null;
  }

  return {
    put,
    drop: (connectionId: string, type: MappingType, localId: string) => void sql.drop.run(connectionId, type, localId),
    reads: {
      mapping: async (connectionId, type, localId) => orNull(sql.one.get(connectionId, type, localId)),
      mappingByRemote: async (connectionId, type, remoteId) => orNull(sql.byRemote.get(connectionId, type, remoteId)),
      mappings: async (connectionId, type, limit, offset) =>
        sql.all.all(connectionId, type, limit, offset).map(toMapping),
    } satisfies Partial<Store>,
  };
}

const orNull = (row: MappingRow | undefined): Mapping | null => (row === undefined ? null : toMapping(row));

/** @param knownAt when both ids became known: "sent today" is counted by it. */
function fromMapping(mapping: Mapping, knownAt: number, now: number): MappingRow {
  return {
    org_id: mapping.orgId,
    connection_id: mapping.connectionId,
    type: mapping.type,
    local_id: mapping.localId,
    remote_id: mapping.remoteId,
    state: mapping.state,
    sent_fingerprint: mapping.sentFingerprint,
    remote_label: mapping.remoteLabel,
    origin: mapping.origin,
    accepted: mapping.accepted === null ? null : JSON.stringify(mapping.accepted),
    store_status: mapping.storeStatus,
    known_at: mapping.state === 'known' ? knownAt : null,
    updated_at: now,
  };
}

function toMapping(row: MappingRow): Mapping {
  return {
    orgId: row.org_id,
    connectionId: row.connection_id,
    type: row.type,
    localId: row.local_id,
    remoteId: row.remote_id,
    state: row.state,
    sentFingerprint: row.sent_fingerprint,
    remoteLabel: row.remote_label,
    origin: row.origin,
    accepted: row.accepted === null ? null : (JSON.parse(row.accepted) as Record<string, number>),
    storeStatus: row.store_status,
    updatedAt: row.updated_at,
  };
}
