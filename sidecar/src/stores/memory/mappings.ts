import type { Mapping, MappingType } from '../../domain/mapping.js';
import type { TakenMapping } from '../store.js';
import type { Tables } from './tables.js';

/** @returns the refusal when the remote thing belongs to another local one. */
export function putMapping(tables: Tables, mapping: Mapping, now: number): TakenMapping | null {
  const { connectionId, type, localId, remoteId } = mapping;
  const holder = remoteId === null ? null : byRemote(tables, connectionId, type, remoteId);
  if (holder !== null && remoteId !== null && holder.localId !== localId) {
    return { guard: 'uniqueMapping', connectionId, type, localId, remoteId, heldBy: holder.localId };
  }
  const before = tables.mappings.get(connectionId, type, localId)?.knownAt ?? null;
  const knownAt = mapping.state === 'known' ? (before ?? now) : null;
  tables.mappings.put({ ...mapping, updatedAt: now, knownAt }, connectionId, type, localId);
  return null;
}

export function byRemote(tables: Tables, connectionId: string, type: MappingType, remoteId: string): Mapping | null {
  const found = tables.mappings
    .all()
    .find((one) => one.connectionId === connectionId && one.type === type && one.remoteId === remoteId);
  return found === undefined ? null : shown(found);
}

export function shown({ knownAt: _knownAt, ...mapping }: Mapping & { knownAt: number | null }): Mapping {
  return mapping;
}
