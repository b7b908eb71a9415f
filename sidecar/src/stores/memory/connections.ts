import { afterEvidence, CLOSED, sameBreaker } from '../../domain/breaker.js';
import type { BreakerState } from '../../domain/breaker.js';
import type { Connection } from '../../domain/connection.js';
import type { Write, WriteResult } from '../store.js';
import type { Tables } from './tables.js';

/** What a person has not read and may have changed meanwhile (paused, breaker, last contact) is left on one that exists. */
export function putConnection(tables: Tables, connection: Connection, now: number): void {
  const { id, name, settings, startsAt } = connection;
  const held = tables.connections.get(id) ?? connection;
  tables.connections.put({ ...held, name, settings, startsAt, updatedAt: now }, id);
}

export function putBreaker(tables: Tables, id: string, breaker: BreakerState, now: number): void {
  change(tables, id, { breaker, updatedAt: now });
}

/** An unknown connection has nothing to move. */
export function noteEvidence(
  tables: Tables,
  { connectionId, evidence, run }: Extract<Write, { write: 'noteEvidence' }>,
  at: number,
): WriteResult {
  const held = tables.connections.get(connectionId)?.breaker ?? null;
  if (held === null) return { kind: 'breaker', was: CLOSED, now: CLOSED };
  const moved = afterEvidence(held, evidence, run, at);
  if (sameBreaker(held, moved)) return { kind: 'breaker', was: held, now: held };
  putBreaker(tables, connectionId, moved, at);
  return { kind: 'breaker', was: held, now: moved };
}

export function putContact(
  tables: Tables,
  id: string,
  outcome: Extract<Write, { write: 'putContact' }>['outcome'],
  now: number,
): void {
  change(tables, id, outcome.success ? { lastSuccessAt: now } : { lastFailure: { at: now, summary: outcome.summary } });
}

export function setConnectionState(
  tables: Tables,
  { connectionId, state, reason, by }: Extract<Write, { write: 'setConnectionState' }>,
  now: number,
): void {
  const why = state === 'active' ? { pauseReason: null, pausedBy: null } : { pauseReason: reason, pausedBy: by };
  change(tables, connectionId, { state, ...why, updatedAt: now });
}

export function putCredentials(tables: Tables, id: string, sealed: Uint8Array, keyId: string): void {
  const version = (tables.credentials.get(id)?.version ?? 0) + 1;
  tables.credentials.put({ sealed, keyId, version }, id);
}

export function connectionWithVersion(tables: Tables, connection: Connection): Connection {
  return { ...connection, credentialsVersion: tables.credentials.get(connection.id)?.version ?? 0 };
}

function change(tables: Tables, id: string, changed: Partial<Connection>): void {
  const connection = tables.connections.get(id);
  if (connection !== null) tables.connections.put({ ...connection, ...changed }, id);
}
