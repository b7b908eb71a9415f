/** A rate limit as a bucket of tokens, with a part that only orders may use. Pure. */

/** 'order': the life of an order; may use the last tokens. 'bulk': everything else. */
export type CallClass = 'order' | 'bulk';

export interface BucketSpec {
  perMinute: number;
  /** Most calls at once after a quiet time. */
  burst: number;
}

export interface Bucket {
  tokens: number;
  /** When `tokens` was counted, epoch ms. */
  countedAt: number;
  /** The remote said "too many requests": nothing goes before this moment. Epoch ms. */
  closedUntil: number;
}

const RESERVE_FOR_ORDERS = 0.2;
/** Kinds up to this priority are the life of an order. */
export const ORDER_PRIORITY = 5;

export function callClass(job: { priority: number }): CallClass {
  return job.priority <= ORDER_PRIORITY ? 'order' : 'bulk';
}

/** Half a minute's calls may go at once; the rest flows evenly. */
export function bucketSpec(perMinute: number): BucketSpec {
  return { perMinute, burst: Math.max(2, Math.floor(perMinute / 2)) };
}

export function fullBucket(spec: BucketSpec, now: number): Bucket {
  return { tokens: spec.burst, countedAt: now, closedUntil: 0 };
}

export function refilled(bucket: Bucket, spec: BucketSpec, now: number): Bucket {
  const passedMs = Math.max(0, now - bucket.countedAt);
  const tokens = Math.min(spec.burst, bucket.tokens + (passedMs * spec.perMinute) / 60_000);
  return { ...bucket, tokens, countedAt: now };
}

/** @returns how many calls of this class may go now. */
export function available(bucket: Bucket, spec: BucketSpec, callClass: CallClass, now: number): number {
  if (bucket.closedUntil > now) return 0;
  const { tokens } = refilled(bucket, spec, now);
  return Math.max(0, Math.floor(tokens - reserve(spec, callClass) + ROUNDING));
}

/** @returns milliseconds until one call of this class may go; 0 when it may go now. */
export function waitMs(bucket: Bucket, spec: BucketSpec, callClass: CallClass, now: number): number {
  const opensInMs = Math.max(0, bucket.closedUntil - now);
  const { tokens } = refilled(bucket, spec, now);
  const missing = 1 + reserve(spec, callClass) - tokens;
  const refillMs = missing <= ROUNDING ? 0 : Math.ceil((missing * 60_000) / spec.perMinute);
  return Math.max(opensInMs, refillMs);
}

/** One call less. Ask `waitMs` first. */
export function taken(bucket: Bucket, spec: BucketSpec, now: number): Bucket {
  const full = refilled(bucket, spec, now);
  return { ...full, tokens: full.tokens - 1 };
}

/** The bucket that is shared has nothing for this class before `inMs`: what was believed here was too much. */
export function emptied(bucket: Bucket, spec: BucketSpec, callClass: CallClass, inMs: number, now: number): Bucket {
  const tokens = 1 + reserve(spec, callClass) - (inMs * spec.perMinute) / 60_000;
  return { ...bucket, tokens: Math.min(refilled(bucket, spec, now).tokens, tokens), countedAt: now };
}

/** Closed until the remote's moment, and empty then: the calls that wait must not all go in that instant. */
export function closed(bucket: Bucket, until: number): Bucket {
  if (until <= bucket.closedUntil) return bucket;
  return { tokens: 1, countedAt: until, closedUntil: until };
}

/** Sums of fractions miss the whole number by a hair. */
const ROUNDING = 1e-6;

function reserve(spec: BucketSpec, callClass: CallClass): number {
  return callClass === 'order' ? 0 : spec.burst * RESERVE_FOR_ORDERS;
}
