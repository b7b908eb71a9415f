import type { Mapping, MappingType } from '../../domain/mapping.js';
import type { Store, TakenMapping } from '../store.js';
import { KeyedTable } from './keyed-table.js';
import type { Shape } from './keyed-table.js';
import { Gather } from './reading.js';
import type { Reading } from './reading.js';
import { byKey } from './sql.js';
import { SecondKey } from './second-key.js';
import type { Wants } from './wants.js';
import type { Undo } from './working-rows.js';

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

export const MAPPINGS: Shape<MappingRow> = {
  table: 'mappings',
  key: ['connection_id', 'type', 'local_id'],
  // prettier-ignore
  others: [
    'org_id', 'remote_id', 'state', 'sent_fingerprint', 'remote_label', 'origin', 'accepted', 'store_status',
    'known_at', 'updated_at',
  ],
  types: { known_at: 'bigint', updated_at: 'bigint' },
};

const REMOTE_KEY = ['connection_id', 'type', 'remote_id'];
const BY_REMOTE = { name: 'mappings_by_remote', text: byKey('mappings', REMOTE_KEY, 'local_id AS id') };

/** Unique both ways: each is looked up by both of its ids. */
export class Mappings {
  readonly rows: KeyedTable<MappingRow>;
  readonly remotes: SecondKey;

  constructor(undo: Undo, wants: Wants) {
    this.rows = new KeyedTable(undo, wants, MAPPINGS);
    this.remotes = new SecondKey(undo, wants, BY_REMOTE);
  }

  want(connectionId: string, type: MappingType, localId: string, remoteId: string | null): void {
    this.rows.want(connectionId, type, localId);
    if (remoteId !== null) this.remotes.want(connectionId, type, remoteId);
  }

  /** @returns the refusal when the remote thing belongs to another local one. */
  put(mapping: Mapping, now: number): TakenMapping | null {
    const { connectionId, type, localId, remoteId } = mapping;
    const heldBy = remoteId === null ? null : this.remotes.get(connectionId, type, remoteId);
    if (remoteId !== null && heldBy !== null && heldBy !== localId) {
      return { guard: 'uniqueMapping', connectionId, type, localId, remoteId, heldBy };
    }
    const before = this.free(connectionId, type, localId);
    if (remoteId !== null) this.remotes.put(localId, connectionId, type, remoteId);
    this.rows.put(fromMapping(mapping, before?.known_at ?? now, now), connectionId, type, localId);
    return null;
  }

  drop(connectionId: string, type: MappingType, localId: string): void {
    this.free(connectionId, type, localId);
    this.rows.drop(connectionId, type, localId);
  }

  private free(connectionId: string, type: MappingType, localId: string): MappingRow | null {
    const held = this.rows.get(connectionId, type, localId);
    if (held !== null && held.remote_id !== null) this.remotes.put(null, connectionId, type, held.remote_id);
    return held;
  }
}

export function mappingReads(reading: Reading) {
  const byLocal = new Gather<MappingRow>(reading, 'mapping', byKey('mappings', MAPPINGS.key));
  const byRemote = new Gather<MappingRow>(reading, 'mapping_by_remote', byKey('mappings', REMOTE_KEY));
  const orNull = (row: MappingRow | null): Mapping | null => (row === null ? null : toMapping(row));
  return {
    mapping: async (connectionId, type, localId) => orNull(await byLocal.one(connectionId, type, localId)),
    mappingByRemote: async (connectionId, type, remoteId) => orNull(await byRemote.one(connectionId, type, remoteId)),
    mappings: async (connectionId, type, limit, offset) => {
      const sql = 'SELECT * FROM mappings WHERE connection_id = $1 AND type = $2 ORDER BY local_id LIMIT $3 OFFSET $4';
      return (await reading.rows<MappingRow>(sql, [connectionId, type, limit, offset])).map(toMapping);
    },
  } satisfies Partial<Store>;
}

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
