import type { Database } from 'better-sqlite3';
import { afterEvidence, CLOSED, sameBreaker } from '../../domain/breaker.js';
import type { BreakerState } from '../../domain/breaker.js';
import type { Connection } from '../../domain/connection.js';
import type { Store, Write, WriteResult } from '../store.js';
import { fromConnection, toConnection } from './connection-row.js';
import type { ConnectionRow, NewConnectionRow } from './connection-row.js';
import type { Remembered } from './remembered.js';
import { buffer, bytes, insertInto } from './sql.js';

// prettier-ignore
const COLUMNS = [
  'id', 'org_id', 'platform', 'name', 'store_id', 'state', 'pause_reason', 'paused_by', 'settings', 'breaker', 'probe_at',
  'starts_at', 'created_at', 'updated_at', 'last_success_at', 'last_failure',
] satisfies (keyof NewConnectionRow)[];
/** What a person has not read and may have changed meanwhile (paused, breaker, last contact) is left on one that exists. */
const REPLACED = ['name', 'settings', 'starts_at', 'updated_at'] satisfies (keyof NewConnectionRow)[];

/** The version is 0 until the first credentials are written. */
const SELECT = `SELECT connections.*,
    coalesce((SELECT version FROM credentials WHERE connection_id = connections.id), 0) AS credentials_version
  FROM connections`;

export type ReadConnections = Remembered<readonly Connection[]>;
export type Connections = ReturnType<typeof connectionsOf>;

/** @param read is to be forgotten by whatever writes to connections or credentials. */
export function connectionsOf(db: Database, read: ReadConnections) {
  const sql = {
    put: db.prepare<[NewConnectionRow]>(
      `${insertInto('connections', COLUMNS)} ON CONFLICT (id) DO UPDATE SET
       ${REPLACED.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    ),
    breaker: db.prepare<[string, number | null, number, string]>(
      'UPDATE connections SET breaker = ?, probe_at = ?, updated_at = ? WHERE id = ?',
    ),
    breakerOf: db.prepare<[string], string>('SELECT breaker FROM connections WHERE id = ?').pluck(),
    success: db.prepare<[number, string]>('UPDATE connections SET last_success_at = ? WHERE id = ?'),
    failure: db.prepare<[string, string]>('UPDATE connections SET last_failure = ? WHERE id = ?'),
    state: db.prepare<[string, string | null, string | null, number, string]>(
      'UPDATE connections SET state = ?, pause_reason = ?, paused_by = ?, updated_at = ? WHERE id = ?',
    ),
    one: db.prepare<[string], ConnectionRow>(`${SELECT} WHERE connections.id = ?`),
    all: db.prepare<[{ orgId: string | null }], ConnectionRow>(
      `${SELECT} WHERE @orgId IS NULL OR org_id = @orgId ORDER BY created_at, connections.id`,
    ),
  };

  function setState(write: Extract<Write, { write: 'setConnectionState' }>, now: number): void {
    const { connectionId, state, reason, by } = write;
    const isActive = state === 'active';
    read.forget();
    sql.state.run(state, isActive ? null : reason, isActive ? null : by, now, connectionId);
  }

  function putContact({ connectionId, outcome }: Extract<Write, { write: 'putContact' }>, now: number): void {
    read.forget();
    if (outcome.success) sql.success.run(now, connectionId);
    else sql.failure.run(JSON.stringify({ at: now, summary: outcome.summary }), connectionId);
  }

  function putBreaker(id: string, breaker: BreakerState, now: number): void {
    read.forget();
    sql.breaker.run(JSON.stringify(breaker), breaker.state === 'open' ? breaker.probeAt : null, now, id);
  }

  function breakerOf(id: string): BreakerState | null {
    const text = sql.breakerOf.get(id);
    return text === undefined ? null : (JSON.parse(text) as BreakerState);
  }

  /** An unknown connection has nothing to move. */
  function noteEvidence(write: Extract<Write, { write: 'noteEvidence' }>, at: number): WriteResult {
    const { connectionId, evidence, run } = write;
    const held = breakerOf(connectionId);
    if (held === null) return { kind: 'breaker', was: CLOSED, now: CLOSED };
    const moved = afterEvidence(held, evidence, run, at);
    if (sameBreaker(held, moved)) return { kind: 'breaker', was: held, now: held };
    putBreaker(connectionId, moved, at);
    return { kind: 'breaker', was: held, now: moved };
  }

  return {
    put(connection: Connection, now: number): void {
      read.forget();
      sql.put.run(fromConnection(connection, now));
    },
    putBreaker,
    breakerOf,
    noteEvidence,
    putContact,
    setState,
    reads: {
      connection: async (id) => read.get(`one:${id}`, () => sql.one.all(id).map(toConnection))[0] ?? null,
      connections: async (orgId) => [
        ...read.get(orgId === undefined ? 'all' : `of:${orgId}`, () =>
          sql.all.all({ orgId: orgId ?? null }).map(toConnection),
        ),
      ],
    } satisfies Partial<Store>,
  };
}

export type Credentials = ReturnType<typeof credentialsOf>;

export function credentialsOf(db: Database, read: ReadConnections) {
  const sql = {
    put: db.prepare<[string, Buffer, string]>(
      `INSERT INTO credentials (connection_id, sealed, key_id, version) VALUES (?, ?, ?, 1)
       ON CONFLICT (connection_id) DO UPDATE
       SET sealed = excluded.sealed, key_id = excluded.key_id, version = version + 1`,
    ),
    get: db.prepare<[string], { sealed: Buffer; keyId: string; version: number }>(
      'SELECT sealed, key_id AS keyId, version FROM credentials WHERE connection_id = ?',
    ),
  };
  return {
    put(connectionId: string, sealed: Uint8Array, keyId: string): void {
      read.forget();
      sql.put.run(connectionId, buffer(sealed), keyId);
    },
    version: (connectionId: string): number => sql.get.get(connectionId)?.version ?? 0,
    reads: {
      credentials: async (connectionId) => {
        const row = sql.get.get(connectionId);
        return row === undefined ? null : { ...row, sealed: bytes(row.sealed) };
      },
    } satisfies Partial<Store>,
  };
}
