/** What becomes of the record we hold when a representation arrives. */
import { compareRecord, compareVersions } from './record.js';
import type { EntityRecord, RecordComparison } from './record.js';

export interface Arrival {
  comparison: RecordComparison;
  /** What to hold from now on; null leaves everything as it is. */
  keep: EntityRecord | null;
}

/** @param authoritative 'yes' for a fresh read by id, which settles a tie and then counts as new. */
export function arrive(
  incoming: EntityRecord,
  held: EntityRecord | null,
  authoritative: 'yes' | 'no',
  now: number,
): Arrival {
  const compared = compareRecord(incoming, held);
  const comparison = compared === 'tie' && authoritative === 'yes' ? 'new' : compared;
  if (comparison === 'new') return { comparison, keep: { ...incoming, updatedAt: now } };
  if (comparison !== 'same' || held === null) return { comparison, keep: null };
  const version = compareVersions(incoming.version, held.version) > 0 ? incoming.version : held.version;
  const unchanged = version === held.version && incoming.final === held.final && held.body !== null;
  const body = held.body ?? incoming.body;
  return { comparison, keep: unchanged ? null : { ...held, version, body, final: incoming.final, updatedAt: now } };
}
