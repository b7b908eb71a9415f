import type { BreakerState } from '../../domain/breaker.js';
import type { Connection } from '../../domain/connection.js';
import type { Write } from '../store.js';
import type { Tables } from './tables.js';

/** The day it was made and the version of its credentials are the store's own. */
export function putConnection(tables: Tables, connection: Connection, now: number): void {
  const createdAt = tables.connections.get(connection.id)?.createdAt ?? connection.createdAt;
  tables.connections.put({ ...connection, createdAt, updatedAt: now }, connection.id);
}

export function putBreaker(tables: Tables, id: string, breaker: BreakerState, now: number): void {
  change(tables, id, { breaker, updatedAt: now });
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
