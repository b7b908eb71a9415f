/** For several who share the store: who leads, and the calls left in each connection's bucket. */
import { closedFor, granted } from '../../domain/call-grant.js';
import type { BucketSpec } from '../../domain/token-bucket.js';
import type { CallGrant, CallRequest } from '../store.js';
import type { Tables } from './tables.js';

export function lead(tables: Tables, role: string, owner: string, now: number, forMs: number): boolean {
  const held = tables.leads.get(role);
  if (held !== null && held.owner !== owner && held.until > now) return false;
  tables.leads.put({ owner, until: now + forMs }, role);
  return true;
}

export function resign(tables: Tables, role: string, owner: string): void {
  if (tables.leads.get(role)?.owner === owner) tables.leads.drop(role);
}

export function takeCalls(tables: Tables, request: CallRequest): CallGrant {
  const { bucket, ...grant } = granted(tables.buckets.get(request.connectionId), request);
  tables.buckets.put(bucket, request.connectionId);
  return grant;
}

export function closeCalls(tables: Tables, connectionId: string, spec: BucketSpec, until: number): void {
  tables.buckets.put(closedFor(tables.buckets.get(connectionId), spec, until), connectionId);
}
