/**
 * One rate limit per connection, for every call to it. Orders keep a reserve that bulk work never touches. The limit is the
 * connection's own, less what the remote teaches. Who shares the store shares the bucket in it; what is kept here is then only
 * a good guess at how many jobs are worth claiming.
 */
import type { Connection } from '../domain/connection.js';
import { afterRefusal, afterWord, usedUpUntil, type LearnedRate, type RateWord } from '../domain/learned-rate.js';
import { available, closed, emptied, taken, waitMs, type CallClass } from '../domain/token-bucket.js';
import { PlatformFailure } from '../platforms/failure.js';
import type { Store } from '../stores/store.js';
import { limitsOf } from './limits.js';
import { aMeter, isSlow, note, rateOf, setRate, type Meter, type RateNow } from './meter.js';
import { RateMemory } from './rate-memory.js';
import type { World } from './world.js';

/** A job that would wait longer gives its place to another and comes back. */
export const LONGEST_WAIT_MS = 20_000;
/** Code of a failure that is our own limit, not a word of the remote. */
export const OWN_LIMIT = 'own_limit';
const UNKNOWN_PER_MINUTE = 60;

export type GovernorStore = Pick<Store, 'takeCalls' | 'closeCalls' | 'meta' | 'apply'>;

export class Governor {
  private readonly meters = new Map<string, Meter>();
  private readonly memory: RateMemory | null;

  /** @param store where lessons are kept; without it they last as long as the process. @param ownership 'shared': the bucket is in the store. */
  constructor(
    private readonly world: Pick<World, 'now' | 'wait'> & Partial<Pick<World, 'log'>>,
    private readonly store: GovernorStore | null = null,
    private readonly ownership: 'single' | 'shared' = 'single',
  ) {
    this.memory = store === null ? null : new RateMemory(store, ownership);
  }

  /** Takes over the connection's present limits; the tokens in hand stay. */
  adopt(connection: Pick<Connection, 'id' | 'platform' | 'settings'>): void {
    const { ratePerMinute } = limitsOf(connection);
    const now = this.world.now();
    const meter = this.meters.get(connection.id);
    if (meter === undefined) return void this.meters.set(connection.id, aMeter(ratePerMinute, now));
    const wasSlow = isSlow(meter);
    setRate(meter, { ownPerMinute: ratePerMinute }, now);
    if (wasSlow && !isSlow(meter)) this.log('rate.recovered', connection.id, meter, '');
  }

  /** Takes over what was learned before, or by others. */
  async recall(): Promise<void> {
    const { memory } = this;
    if (memory === null || !memory.isDue(this.world.now())) return;
    const all = [...this.meters].map(async ([connectionId, meter]) => {
      const learned = await memory.read(connectionId);
      setRate(meter, { learned }, this.world.now());
    });
    await Promise.all(all);
  }

  /**
   * Waits for permission to make one call.
   * @throws PlatformFailure 'rate_limited' when that takes too long or the signal is aborted: it costs the job no attempt.
   */
  async acquire(connectionId: string, callClass: CallClass, signal: AbortSignal): Promise<void> {
    const meter = this.meter(connectionId);
    const giveUpAt = this.world.now() + LONGEST_WAIT_MS;
    for (;;) {
      const ms = signal.aborted ? 1 : await this.take(connectionId, meter, callClass);
      if (ms === 0) return note(meter, this.world.now());
      if (signal.aborted || this.world.now() + ms > giveUpAt) throw ownLimit(ms);
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

  /** The remote said "too many requests": no call goes before `until`, and they go more slowly afterwards. */
  async refused(connectionId: string, until: number): Promise<void> {
    const meter = this.meter(connectionId);
    const closing = this.closeUntil(connectionId, until);
    await this.learn(connectionId, meter, (learned, now) => afterRefusal(learned, meter.ownPerMinute, now), 'refused');
    await closing;
  }

  /** What the remote says about its limit with each answer. */
  async hear(connectionId: string, word: RateWord): Promise<void> {
    const meter = this.meter(connectionId);
    const until = usedUpUntil(word, this.world.now());
    if (until !== null) await this.closeUntil(connectionId, until);
    await this.learn(
      connectionId,
      meter,
      (learned, now) => afterWord(learned, meter.ownPerMinute, word, now),
      'near the limit',
    );
  }

  /** No call goes before `until`, of anybody who shares the store. */
  async closeUntil(connectionId: string, until: number): Promise<void> {
    const meter = this.meter(connectionId);
    meter.bucket = closed(meter.bucket, until);
    if (this.ownership === 'single' || this.store === null) return;
    await this.survived(this.store.closeCalls(connectionId, meter.spec, until));
  }

  rate(connectionId: string): RateNow {
    return rateOf(this.meter(connectionId), this.world.now());
  }

  /** @returns 0 when one call may go now, else milliseconds until it is worth asking again. */
  private async take(connectionId: string, meter: Meter, callClass: CallClass): Promise<number> {
    const now = this.world.now();
    const ms = waitMs(meter.bucket, meter.spec, callClass, now);
    if (this.store === null || this.ownership === 'single') {
      if (ms === 0) meter.bucket = taken(meter.bucket, meter.spec, now);
      return ms;
    }
    const { granted, waitMs: againInMs } = await this.store.takeCalls({
      connectionId,
      spec: meter.spec,
      callClass,
      want: 1,
      now,
    });
    meter.bucket =
      granted > 0 ? taken(meter.bucket, meter.spec, now) : emptied(meter.bucket, meter.spec, callClass, againInMs, now);
    return granted > 0 ? 0 : Math.max(1, againInMs);
  }

  private async learn(
    connectionId: string,
    meter: Meter,
    lesson: (learned: LearnedRate, now: number) => LearnedRate | null,
    why: string,
  ): Promise<void> {
    const now = this.world.now();
    if (lesson(meter.learned, now) === null) return;
    // Others may have learned the same a moment ago; twice halved would be a quarter.
    const latest = (await this.survived(this.memory?.read(connectionId) ?? Promise.resolve(null))) ?? meter.learned;
    const learned = lesson(latest, now);
    setRate(meter, { learned: learned ?? latest }, now);
    if (learned === null) return;
    this.log('rate.slowed', connectionId, meter, why);
    await this.survived(this.memory?.write(connectionId, learned, now) ?? Promise.resolve());
  }

  /** A lesson that cannot be kept must not turn the answer it came with into a failure: the remote has acted already. */
  private async survived<T>(kept: Promise<T>): Promise<T | null> {
    try {
      return await kept;
    } catch (error) {
      this.world.log?.('rate.trouble', { message: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }

  private log(event: string, connectionId: string, meter: Meter, why: string): void {
    const { perMinute, limit } = rateOf(meter, this.world.now());
    this.world.log?.(event, { connectionId, perMinute, limit, why });
  }

  private meter(connectionId: string): Meter {
    const known = this.meters.get(connectionId);
    if (known !== undefined) return known;
    const meter = aMeter(UNKNOWN_PER_MINUTE, this.world.now());
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
