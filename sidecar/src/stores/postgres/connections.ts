import { afterEvidence, CLOSED, sameBreaker } from '../../domain/breaker.js';
import type { BreakerState } from '../../domain/breaker.js';
import type { Connection, ConnectionSettings } from '../../domain/connection.js';
import type { Store, Write, WriteResult } from '../store.js';
import { KeyedTable } from './keyed-table.js';
import type { Shape } from './keyed-table.js';
import { Gather } from './reading.js';
import type { Reading } from './reading.js';
import { byKey } from './sql.js';
import type { Statement } from './session.js';
import { array, bytes } from './values.js';
import { WorkingRows } from './working-rows.js';
import type { Wants } from './wants.js';
import type { Undo } from './working-rows.js';

interface ConnectionRow {
  id: string;
  org_id: string;
  platform: Connection['platform'];
  name: string;
  store_id: string;
  state: Connection['state'];
  pause_reason: string | null;
  paused_by: string | null;
  settings: string;
  breaker: string;
  probe_at: number | null;
  starts_at: number;
  created_at: number;
  updated_at: number;
  last_success_at: number | null;
  last_failure: string | null;
}
type ShownRow = ConnectionRow & { credentials_version: number };

export const CONNECTIONS: Shape<ConnectionRow> = {
  table: 'connections',
  key: ['id'],
  // prettier-ignore
  others: [
    'org_id', 'platform', 'name', 'store_id', 'state', 'pause_reason', 'paused_by', 'settings', 'breaker', 'probe_at',
    'starts_at', 'created_at', 'updated_at', 'last_success_at', 'last_failure',
  ],
  types: {
    probe_at: 'bigint',
    starts_at: 'bigint',
    created_at: 'bigint',
    updated_at: 'bigint',
    last_success_at: 'bigint',
  },
  // The last contact is noted by every run, without the lock that the rest of the row is changed under.
  onlyNew: ['created_at', 'last_success_at', 'last_failure'],
};

/**
 * Connections as units change them. Nearly every run reports that all is well, which changes nothing: a connection is
 * only locked when something does change, so that runs of all sidecars do not queue up at one row.
 */
export class Connections {
  readonly rows: KeyedTable<ConnectionRow>;
  private readonly successes: WorkingRows<number>;
  private readonly failures: WorkingRows<string>;

  constructor(undo: Undo, wants: Wants) {
    this.rows = new KeyedTable(undo, wants, CONNECTIONS);
    this.successes = new WorkingRows<number>(undo);
    this.failures = new WorkingRows<string>(undo);
  }

  put(connection: Connection, now: number): void {
    const { id, name, settings, startsAt } = connection;
    const held = this.rows.get(id);
    const changes = { name, settings: JSON.stringify(settings), starts_at: startsAt, updated_at: now };
    this.rows.put({ ...(held ?? fromConnection(connection)), ...changes }, id);
  }

  breaker(id: string): BreakerState | null {
    const held = this.rows.get(id);
    return held === null ? null : (JSON.parse(held.breaker) as BreakerState);
  }

  putBreaker(id: string, breaker: BreakerState, now: number): void {
    this.change(id, { ...breakerColumns(breaker), updated_at: now });
  }

  noteEvidence({ connectionId, evidence, run }: Extract<Write, { write: 'noteEvidence' }>, at: number): WriteResult {
    const was = this.breaker(connectionId);
    if (was === null) return { kind: 'breaker', was: CLOSED, now: CLOSED };
    const now = afterEvidence(was, evidence, run, at);
    if (sameBreaker(was, now)) return { kind: 'breaker', was, now: was };
    this.putBreaker(connectionId, now, at);
    return { kind: 'breaker', was, now };
  }

  setState(write: Extract<Write, { write: 'setConnectionState' }>, now: number): void {
    const { connectionId, state, reason, by } = write;
    const isActive = state === 'active';
    const why = { pause_reason: isActive ? null : reason, paused_by: isActive ? null : by };
    this.change(connectionId, { state, ...why, updated_at: now });
  }

  putContact({ connectionId, outcome }: Extract<Write, { write: 'putContact' }>, now: number): void {
    if (outcome.success) this.successes.put(connectionId, now);
    else this.failures.put(connectionId, JSON.stringify({ at: now, summary: outcome.summary }));
  }

  /** To be sent last: every sidecar writes these rows, and the lock on them is held until the commit. */
  contactWriters(): Statement[] {
    const ids = new Set([...this.successes.changes(), ...this.failures.changes()].map(([id]) => id));
    if (ids.size === 0) return [];
    const sorted = [...ids].sort();
    const text = `UPDATE connections SET last_success_at = coalesce(new.success_at, last_success_at),
             last_failure = coalesce(new.failure, last_failure)
      FROM unnest($1::text[], $2::bigint[], $3::text[]) AS new(id, success_at, failure) WHERE connections.id = new.id`;
    const successes = sorted.map((id) => this.successes.get(id));
    const failures = sorted.map((id) => this.failures.get(id));
    return [{ name: 'note_contacts', text, values: [array(sorted), array(successes), array(failures)] }];
  }

  private change(id: string, changes: Partial<ConnectionRow>): void {
    const held = this.rows.get(id);
    if (held !== null) this.rows.putLocked({ ...held, ...changes }, id);
  }
}

/** The version is 0 until the first credentials are written. */
const SHOWN =
  '*, coalesce((SELECT version FROM credentials WHERE connection_id = connections.id), 0) AS credentials_version';

export function connectionReads(reading: Reading) {
  const byId = new Gather(reading, 'connection', byKey('connections', ['id'], SHOWN), toConnection);
  const all = `SELECT ${SHOWN} FROM connections WHERE $1::text IS NULL OR org_id = $1 ORDER BY created_at, id`;
  return {
    connection: (id) => byId.one(id),
    connections: async (orgId) => (await reading.rows<ShownRow>(all, [orgId ?? null], 'connections')).map(toConnection),
  } satisfies Partial<Store>;
}

export interface CredentialsRow {
  connection_id: string;
  sealed: Uint8Array;
  key_id: string;
  version: number;
}

export const CREDENTIALS: Shape<CredentialsRow> = {
  table: 'credentials',
  key: ['connection_id'],
  others: ['sealed', 'key_id', 'version'],
  types: { sealed: 'bytea', version: 'bigint' },
};

export function credentialsReads(reading: Reading) {
  const byId = new Gather<CredentialsRow>(reading, 'credentials', byKey('credentials', CREDENTIALS.key));
  return {
    credentials: async (connectionId) => {
      const row = await byId.one(connectionId);
      return row === null ? null : { sealed: bytes(row.sealed as Buffer), keyId: row.key_id, version: row.version };
    },
  } satisfies Partial<Store>;
}

function breakerColumns(breaker: BreakerState) {
  return { breaker: JSON.stringify(breaker), probe_at: breaker.state === 'open' ? breaker.probeAt : null };
}

function fromConnection(connection: Connection): ConnectionRow {
  const { lastFailure } = connection;
  return {
    id: connection.id,
    org_id: connection.orgId,
    platform: connection.platform,
    name: connection.name,
    store_id: connection.storeId,
    state: connection.state,
    pause_reason: connection.pauseReason,
    paused_by: connection.pausedBy,
    settings: JSON.stringify(connection.settings),
    ...breakerColumns(connection.breaker),
    starts_at: connection.startsAt,
    created_at: connection.createdAt,
    updated_at: connection.updatedAt,
    last_success_at: connection.lastSuccessAt,
    last_failure: lastFailure === null ? null : JSON.stringify(lastFailure),
  };
}

function toConnection(row: ShownRow): Connection {
  return {
    id: row.id,
    orgId: row.org_id,
    platform: row.platform,
    name: row.name,
    storeId: row.store_id,
    state: row.state,
    pauseReason: row.pause_reason,
    pausedBy: row.paused_by,
    settings: JSON.parse(row.settings) as ConnectionSettings,
    breaker: JSON.parse(row.breaker) as BreakerState,
    startsAt: row.starts_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastSuccessAt: row.last_success_at,
    lastFailure: row.last_failure === null ? null : (JSON.parse(row.last_failure) as { at: number; summary: string }),
    credentialsVersion: row.credentials_version,
  };
}
