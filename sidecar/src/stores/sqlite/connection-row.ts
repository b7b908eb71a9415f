/** A connection as it lies in its table. */
import type { BreakerState } from '../../domain/breaker.js';
import type { Connection, ConnectionSettings } from '../../domain/connection.js';

export interface NewConnectionRow {
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
export interface ConnectionRow extends NewConnectionRow {
  credentials_version: number;
}

export function fromConnection(connection: Connection, now: number): NewConnectionRow {
  const { breaker, lastFailure } = connection;
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
    breaker: JSON.stringify(breaker),
    probe_at: breaker.state === 'open' ? breaker.probeAt : null,
    starts_at: connection.startsAt,
    created_at: connection.createdAt,
    updated_at: now,
    last_success_at: connection.lastSuccessAt,
    last_failure: lastFailure === null ? null : JSON.stringify(lastFailure),
  };
}

export function toConnection(row: ConnectionRow): Connection {
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
