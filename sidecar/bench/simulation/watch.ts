/** Looks at every change of the store, below whatever is broken above it, and says which promise of the queue it breaks. */
import type { BreakerState } from '../../src/domain/breaker.js';
import { MOVES, type Job, type JobState } from '../../src/domain/job.js';
import { kindSpec } from '../../src/domain/kinds.js';
import { compareVersions, type EntityRecord, type RecordVersion } from '../../src/domain/record.js';
import type { Store, Unit, Write, WriteResult } from '../../src/stores/store.js';

export class Broken extends Error {
  readonly promise: string;
  readonly about: string | null;

  constructor(promise: string, message: string, about: string | null) {
    super(message);
    this.promise = promise;
    this.about = about;
  }
}

/** What a mutation changed on the way down, undone for whoever looks. */
export const PLAIN_FACT = (fact: string): string => fact.replace(/~$/, '');
export const PLAIN_KEY = (key: string): string => key.replace(/~\d+$/, '');

const MOVED = new Set(
  Object.entries(MOVES).flatMap(([move, { from, to }]) =>
    move === 'claim' ? [] : from.map((state) => `${state}>${to}`),
  ),
);
/** The fact was there already: the job that was to wait for it goes straight on. */
const ALSO = new Set(['running>queued']);

export class Watch {
  readonly jobs = new Map<number, Job>();
  readonly deliveries = new Map<string, string>();
  broken: Broken | null = null;
  /** Told once the end of a run is written down. */
  afterRun: (jobId: number, fence: number) => Promise<void> = () => Promise.resolve();
  /** Told when a person made a connection forget its outage. */
  afterReset: (connectionId: string) => void = () => undefined;
  private readonly versions = new Map<string, RecordVersion>();
  private readonly breakers = new Map<string, BreakerState>();
  private readonly inner: Store;
  private last: Promise<unknown> = Promise.resolve();
  /** The latest any clock has said: clocks differ, and step back at times. */
  private latest = 0;

  constructor(inner: Store) {
    this.inner = inner;
  }

  /** Keeps the first that breaks; what follows from it says little. */
  report(promise: string, message: string, about: string | null = null): void {
    this.broken ??= new Broken(promise, message, about);
  }

  /** The store with somebody looking on. One command at a time, so that each is judged by what it found. */
  get store(): Store {
    const { inner } = this;
    return {
      ...inner,
      apply: (unit) =>
        this.inTurn(async () => {
          this.hear(unit.now);
          const answer = await inner.apply(unit);
          if (answer.applied) await this.unit(unit, answer.results);
          return answer;
        }),
      claim: (request) =>
        this.inTurn(async () => {
          this.hear(request.now);
          const claimed = await inner.claim(request);
          for (const job of claimed) this.claimed(job);
          return claimed;
        }),
      extendLease: (jobId, fence, leaseUntil) =>
        this.inTurn(async () => {
          const extended = await inner.extendLease(jobId, fence, leaseUntil);
          if (extended) await this.look(jobId);
          return extended;
        }),
      promoteDue: (now, limit) => {
        this.hear(now);
        return inner.promoteDue(now, limit);
      },
      takeBackLapsed: (now) => this.inTurn(async () => this.each(await inner.takeBackLapsed(this.hear(now)))),
      takeBackAll: (now, againAt) =>
        this.inTurn(async () => this.each(await inner.takeBackAll(this.hear(now), againAt))),
      expireBlocked: (now, limit) =>
        this.inTurn(async () => this.all(await inner.expireBlocked(this.hear(now), limit))),
      rescue: (now, least, most, limit) =>
        this.inTurn(async () => this.all(await inner.rescue(this.hear(now), least, most, limit))),
      prune: (now, retention, limit) =>
        this.inTurn(async () => {
          const pruned = await inner.prune(now, retention, limit);
          if (pruned > 0) await this.forgetPruned();
          return pruned;
        }),
      moveMatching: (filter, move, patch, who, now, limit) =>
        this.inTurn(async () => this.all(await inner.moveMatching(filter, move, patch, who, this.hear(now), limit))),
    };
  }

  private hear(now: number): number {
    this.latest = Math.max(this.latest, now);
    return now;
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.last.then(run);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async each(ids: number[]): Promise<number[]> {
    for (const id of ids) await this.look(id);
    return ids;
  }

  private async all(count: number): Promise<number> {
    if (count > 0) {
      const { rows } = await this.inner.jobs({}, { limit: 100_000, offset: 0, sort: 'oldest' });
      for (const job of rows) this.changed(job);
    }
    return count;
  }

  private async forgetPruned(): Promise<void> {
    for (const id of this.jobs.keys()) if ((await this.inner.job(id)) === null) this.jobs.delete(id);
  }

  private async unit({ writes, now }: Unit, results: WriteResult[]): Promise<void> {
    const touched = new Set<number>();
    for (const [at, write] of writes.entries()) {
      for (const id of idsOf(results[at])) touched.add(id);
      if (write.write === 'moveJob') touched.add(write.jobId);
      if (write.write === 'insertAttempt') this.attempted(write.attempt.jobId, write.attempt.fence);
      if (write.write === 'insertDelivery') this.delivered(write.delivery);
      if (write.write === 'putRecord') this.recorded(write.record, results[at], write.authoritative);
    }
    for (const id of touched) await this.look(id);
    for (const write of writes) {
      if (write.write === 'putBreaker') this.breaker(write.connectionId, write.breaker, now);
      if (write.write === 'insertAttempt') await this.afterRun(write.attempt.jobId, write.attempt.fence);
    }
    for (const result of results.keys()) this.counted(writes[result], results[result]);
  }

  /** A probe goes when the one before has come back, or counts as lost. */
  private breaker(connectionId: string, breaker: BreakerState, now: number): void {
    const before = this.breakers.get(connectionId);
    this.breakers.set(connectionId, breaker);
    if (breaker.state === 'closed') this.afterReset(connectionId);
    if (breaker.state === 'probing' && before?.state === 'probing' && (before.probeAt ?? 0) > now)
      this.report('probe', `A second probe went to ${connectionId} while the first was under way.`);
  }

  private counted(write: Write | undefined, result: WriteResult | undefined): void {
    if (write?.write === 'noteEvidence' && result?.kind === 'breaker')
      this.breakers.set(write.connectionId, result.now);
  }

  private async look(id: number): Promise<void> {
    const job = await this.inner.job(id);
    if (job === null) return;
    this.changed(job);
    if (job.state !== 'blocked') return;
    const fact = PLAIN_FACT(job.blockedOn ?? '');
    if (await this.inner.hasFact(fact))
      this.report('waits', `${name(job)} waits for ${fact}, which is there.`, job.subject);
  }

  private changed(job: Job): void {
    const before = this.jobs.get(job.id);
    this.jobs.set(job.id, job);
    if (before === undefined) {
      if (job.state !== 'queued') this.report('moves', `${name(job)} began as ${job.state}.`, job.subject);
      return;
    }
    if (before.state !== job.state && !mayHaveMoved(before.state, job.state))
      this.report('moves', `${name(job)} went from ${before.state} to ${job.state}.`, job.subject);
    if (before.fence !== job.fence)
      this.report('fence', `The fence of ${name(job)} went from ${before.fence} to ${job.fence}.`, job.subject);
    const most = kindSpec(job.kind).delaysMs.length + 1;
    if (job.attempts > most)
      this.report('attempts', `${name(job)} has used ${job.attempts} of ${most} attempts.`, job.subject);
    if (job.state === 'dead' && (job.sentence ?? '') === '')
      this.report('sentence', `${name(job)} is dead and says nothing.`, job.subject);
  }

  private claimed(job: Job): void {
    const before = this.jobs.get(job.id);
    this.jobs.set(job.id, job);
    if (before === undefined) return this.report('claim', `${name(job)} was claimed and never queued.`, job.subject);
    if (before.state !== 'queued' && before.state !== 'retrying')
      this.report('claim', `${name(job)} was claimed while ${before.state}.`, job.subject);
    if (job.fence !== before.fence + 1)
      this.report('fence', `${name(job)} was claimed under ${job.fence} after ${before.fence}.`, job.subject);
    if (before.runAt > this.latest) this.report('ready', `${name(job)} was claimed before its time.`, job.subject);
    const key = PLAIN_KEY(job.orderingKey);
    for (const other of this.jobs.values()) {
      if (other.id === job.id || PLAIN_KEY(other.orderingKey) !== key) continue;
      if (other.state === 'running')
        this.report('keys', `${name(job)} was started while ${name(other)} runs.`, job.subject);
      else if (other.id < job.id && (other.state === 'queued' || other.state === 'retrying'))
        this.report('ready', `${name(job)} overtook ${name(other)} of its key.`, job.subject);
    }
  }

  /** The end of a run counts only under the fence it was claimed with. */
  private attempted(jobId: number, fence: number): void {
    const job = this.jobs.get(jobId);
    if (job === undefined) return;
    if (job.state !== 'running' || job.fence !== fence)
      this.report('late', `A run under fence ${fence} ended ${name(job)}, which is ${job.state}.`, job.subject);
  }

  private delivered({ connectionId, dedupeKey, id }: { connectionId: string; dedupeKey: string; id: string }): void {
    const key = `${connectionId} ${PLAIN_KEY(dedupeKey)}`;
    if (this.deliveries.has(key)) this.report('dedupe', `Delivery ${key} was taken twice.`, dedupeKey);
    this.deliveries.set(key, id);
  }

  private recorded(record: EntityRecord, result: WriteResult | undefined, authoritative: 'yes' | 'no'): void {
    if (record.type !== 'order' || result?.kind !== 'record' || result.comparison !== 'new') return;
    const key = `${record.connectionId} ${record.remoteId}`;
    const version = SENT_VERSIONS.get(record.body as object) ?? record.version;
    const held = this.versions.get(key);
    this.versions.set(key, version);
    if (authoritative === 'no' && held !== undefined && compareVersions(version, held) < 0)
      this.report('versions', `Order ${record.remoteId} went back to an older version.`, `order:${record.remoteId}`);
  }
}

/** Versions as they came, of records a mutation gave another one. */
export const SENT_VERSIONS = new WeakMap<object, RecordVersion>();

const mayHaveMoved = (from: JobState, to: JobState): boolean => MOVED.has(`${from}>${to}`) || ALSO.has(`${from}>${to}`);

function idsOf(result: WriteResult | undefined): number[] {
  switch (result?.kind) {
    case 'enqueued':
      return [result.jobId];
    case 'record':
    case 'released':
      return result.jobIds;
    default:
      return [];
  }
}

const name = ({ id, kind, subject }: Job): string => `job ${id} (${kind} ${subject})`;
