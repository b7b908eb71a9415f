/** Several calls out of a bucket at once, as stores give them to those who share it. Pure. */
import { available, closed, fullBucket, refilled, waitMs } from './token-bucket.js';
import type { Bucket, BucketSpec, CallClass } from './token-bucket.js';

export interface Grant {
  bucket: Bucket;
  granted: number;
  /** 0 when some were granted, else milliseconds until asking again makes sense. */
  waitMs: number;
}

/** @param held null when nobody has called yet. @param want most calls wanted now. */
export function granted(
  held: Bucket | null,
  { spec, callClass, want, now }: { spec: BucketSpec; callClass: CallClass; want: number; now: number },
): Grant {
  const bucket = held ?? fullBucket(spec, now);
  const calls = Math.min(want, available(bucket, spec, callClass, now));
  if (calls <= 0) return { bucket, granted: 0, waitMs: waitMs(bucket, spec, callClass, now) };
  const full = refilled(bucket, spec, now);
  return { bucket: { ...full, tokens: full.tokens - calls }, granted: calls, waitMs: 0 };
}

/** @returns the bucket after the remote said "too many requests", also when nobody has called through it yet. */
export function closedFor(held: Bucket | null, spec: BucketSpec, until: number): Bucket {
  return closed(held ?? fullBucket(spec, until), until);
}
