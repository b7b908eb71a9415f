/** One rate limit per connection, shared by every call to it. Orders keep a reserve that bulk work never touches. */
import type { Connection } from '../domain/connection.js';
import {
  available,
  bucketSpec,
  closed,
  fullBucket,
  taken,
  waitMs,
  type Bucket,
  type BucketSpec,
  type CallClass,
} from '../domain/token-bucket.js';
import { PlatformFailure } from '../platforms/failure.js';
import { limitsOf } from './limits.js';
import type { World } from './world.js';

/** A job that would wait longer gives its place to another and comes back. */
export const LONGEST_WAIT_MS = 20_000;
/** Code of a failure that is our own limit, not a word of the remote. */
export const OWN_LIMIT = 'own_limit';
const UNKNOWN_CONNECTION = bucketSpec(60);

interface Metered {
  spec: BucketSpec;
  bucket: Bucket;
}

export class Governor {
  private readonly meters = new Map<string, Metered>();

  constructor(private readonly world: Pick<World, 'now' | 'wait'>) {}

  /** Takes over the connection's present limits; the tokens in hand stay. */
  adopt(connection: Pick<Connection, 'id' | 'platform' | 'settings'>): void {
    const spec = bucketSpec(limitsOf(connection).ratePerMinute);
    const known = this.meters.get(connection.id);
    if (known === undefined) this.meters.set(connection.id, { spec, bucket: fullBucket(spec, this.world.now()) });
    else known.spec = spec;
  }

  /**
   * Waits for permission to make one call.
   * @throws PlatformFailure 'rate_limited' when that takes too long or the signal is aborted: it costs the job no attempt.
   */
  async acquire(connectionId: string, callClass: CallClass, signal: AbortSignal): Promise<void> {
    const giveUpAt = this.world.now() + LONGEST_WAIT_MS;
    for (;;) {
      const meter = this.meter(connectionId);
      const now = this.world.now();
      const ms = waitMs(meter.bucket, meter.spec, callClass, now);
      if (signal.aborted || now + ms > giveUpAt) throw ownLimit(ms);
      if (ms === 0) {
        meter.bucket = taken(meter.bucket, meter.spec, now);
        return;
      }
      await this.world.wait(ms, signal);
    }
  }

  /** How many calls of this class could start now. */
  available(connectionId: string, callClass: CallClass): number {
    const { bucket, spec } = this.meter(connectionId);
    return available(bucket, spec, callClass, this.world.now());
  }

  /** Epoch ms at which one call of this class may go. */
  nextAt(connectionId: string, callClass: CallClass): number {
    const { bucket, spec } = this.meter(connectionId);
    const now = this.world.now();
    return now + waitMs(bucket, spec, callClass, now);
  }

  /** The remote said "too many requests": no call goes before `until`. */
  closeUntil(connectionId: string, until: number): void {
    const meter = this.meter(connectionId);
    meter.bucket = closed(meter.bucket, until);
  }

  private meter(connectionId: string): Metered {
    const known = this.meters.get(connectionId);
    if (known !== undefined) return known;
    const meter = { spec: UNKNOWN_CONNECTION, bucket: fullBucket(UNKNOWN_CONNECTION, this.world.now()) };
    this.meters.set(connectionId, meter);
    return meter;
  }
}

function ownLimit(ms: number): PlatformFailure {
  return new PlatformFailure({
    kind: 'rate_limited',
    code: OWN_LIMIT,
    summary: 'The limit of calls to this connection is used up for the moment.',
    retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)),
  });
}
