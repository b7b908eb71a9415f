/** The file has one owner, so there is nobody to agree with: it leads, and its buckets lie in its memory. */
import { closedFor, granted } from '../../domain/call-grant.js';
import type { Bucket } from '../../domain/token-bucket.js';
import type { Store } from '../store.js';

export function soleOwner() {
  const buckets = new Map<string, Bucket>();
  return {
    onNews: () => () => undefined,
    lead: async () => true,
    resign: async () => undefined,
    takeCalls: async (request) => {
      const { connectionId } = request;
      const { bucket, ...grant } = granted(buckets.get(connectionId) ?? null, request);
      buckets.set(connectionId, bucket);
      return grant;
    },
    closeCalls: async (connectionId, spec, until) => {
      buckets.set(connectionId, closedFor(buckets.get(connectionId) ?? null, spec, until));
    },
  } satisfies Partial<Store>;
}
