/** What this process knows of one connection's rate: limit, lessons, tokens, and how many calls went lately. */
import { presentRate, UNTAUGHT, type LearnedRate } from '../domain/learned-rate.js';
import { bucketSpec, fullBucket, type Bucket, type BucketSpec } from '../domain/token-bucket.js';

export interface Meter {
  /** The connection's own limit. */
  ownPerMinute: number;
  learned: LearnedRate;
  /** Of the present rate. */
  spec: BucketSpec;
  bucket: Bucket;
  /** Calls in slots of SLOT_MS, by the slot's number. */
  calls: Map<number, number>;
}

export interface RateNow {
  /** Calls a minute at present, and the connection's own limit. */
  perMinute: number;
  limit: number;
  /** Calls of this sidecar in the last minute, as a share of `perMinute`; 0 to 1. */
  usedShare: number;
}

const SLOT_MS = 10_000;
const SLOTS = 6;

export function aMeter(ownPerMinute: number, now: number): Meter {
  const spec = bucketSpec(ownPerMinute);
  return { ownPerMinute, learned: UNTAUGHT, spec, bucket: fullBucket(spec, now), calls: new Map() };
}

export function setRate(meter: Meter, change: Partial<Pick<Meter, 'ownPerMinute' | 'learned'>>, now: number): void {
  Object.assign(meter, change);
  const perMinute = presentOf(meter, now);
  if (meter.spec.perMinute !== perMinute) meter.spec = bucketSpec(perMinute);
}

/** As of the last look. */
export function isSlow({ spec, ownPerMinute }: Meter): boolean {
  return spec.perMinute < ownPerMinute;
}

function presentOf({ learned, ownPerMinute }: Meter, now: number): number {
  return presentRate(learned, ownPerMinute, now);
}

/** Counts one call. */
export function note({ calls }: Meter, now: number): void {
  const slot = Math.floor(now / SLOT_MS);
  calls.set(slot, (calls.get(slot) ?? 0) + 1);
  if (calls.size > SLOTS) for (const old of calls.keys()) if (old <= slot - SLOTS) calls.delete(old);
}

export function rateOf(meter: Meter, now: number): RateNow {
  const oldest = Math.floor(now / SLOT_MS) - SLOTS;
  const used = [...meter.calls].reduce((sum, [slot, count]) => (slot > oldest ? sum + count : sum), 0);
  const perMinute = presentOf(meter, now);
  return { perMinute, limit: meter.ownPerMinute, usedShare: Math.min(1, used / perMinute) };
}
