/** The latest representation of one thing on one connection. Jobs read these; they carry no copies. */
export type RecordType = 'order' | 'shipment' | 'article';

export interface EntityRecord<Body = unknown> {
  orgId: string;
  connectionId: string;
  type: RecordType;
  /** The remote's id, as text. */
  remoteId: string;
  version: RecordVersion;
  /** sha256 over what matters of the body; equal fingerprints mean nothing changed for us. */
  fingerprint: string;
  body: Body;
  /** A second key to find it by: the number of a store's order, the store's order id of a shipment, the SKU of an article;
   * null for others. */
  lookup: string | null;
  /** Final on both sides: sweeps leave it alone, its body is cut after 90 days. */
  final: boolean;
  updatedAt: number;
}

export interface RecordVersion {
  /** The remote's own time of change, ISO-8601 UTC with Z; 1 s resolution at WooCommerce. */
  modifiedAt: string;
  /** Outbox sequence read before the representation was built; 0 when the source has none. */
  sequence: number;
}

export type RecordComparison = 'new' | 'same' | 'older' | 'tie';

/**
 * What an incoming representation is, next to the one we hold.
 * 'tie': same version, other content; only a fresh read by id may decide.
 */
export function compareRecord(
  incoming: Pick<EntityRecord, 'version' | 'fingerprint'>,
  held: Pick<EntityRecord, 'version' | 'fingerprint'> | null,
): RecordComparison {
  if (held === null) return 'new';
  if (incoming.fingerprint === held.fingerprint) return 'same';
  const order = compareVersions(incoming.version, held.version);
  if (order === 0) return 'tie';
  return order > 0 ? 'new' : 'older';
}

export function compareVersions(a: RecordVersion, b: RecordVersion): number {
  if (a.modifiedAt !== b.modifiedAt) return a.modifiedAt < b.modifiedAt ? -1 : 1;
  return Math.sign(a.sequence - b.sequence);
}
