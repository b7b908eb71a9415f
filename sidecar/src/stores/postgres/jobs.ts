/** Jobs as units work on them: what is read of them, and where each stands in its ordering key once it has changed. */
import { newLife } from '../../domain/job-life.js';
import type { JobLife } from '../../domain/job-life.js';
import { UNCLAIMED_STATES } from '../../domain/job.js';
import type { Job, JobState, NewJob } from '../../domain/job.js';
import { jobsByFact, jobsById, jobsByIntent, orderingKeys } from './job-readers.js';
import type { WantedKey } from './job-readers.js';
import { nameOf } from './keyed-table.js';
import { settled, TooShort, withNewest } from './ordering-key.js';
import type { OrderingKey } from './ordering-key.js';
import type { Reader, Wants } from './wants.js';
import { NotRead, WorkingRows } from './working-rows.js';
import type { Undo } from './working-rows.js';

/** Ids of jobs that have no row yet: newer than all that have. */
export const FIRST_NEW_ID = 2 ** 52;
/** Of those behind a head, how many are read at first: as a rule one job of a key ends at a time. */
const BEHIND_READ = 2;

export class Jobs {
  readonly rows: WorkingRows<JobLife, number>;
  readonly keys: WorkingRows<OrderingKey>;
  /** Taken from this process's own claims, not from the database: to be compared when it is written. */
  readonly adopted: Map<number, JobLife>;
  /** How many have been inserted. */
  inserted = 0;
  private readonly ids: Map<number, number>;
  private readonly wantedKeys: Map<string, WantedKey>;
  private readonly wantedIntents: Map<string, readonly [string, string]>;
  private readonly wantedFacts: Map<string, string>;
  private readonly byIntent = new Index();
  private readonly byFact = new Index();

  constructor(
    private readonly undo: Undo,
    private readonly wants: Wants,
  ) {
    this.rows = new WorkingRows<JobLife, number>(undo);
    this.keys = new WorkingRows<OrderingKey>(undo);
    this.adopted = wants.of('claimed jobs');
    this.ids = wants.of('jobs');
    this.wantedKeys = wants.of('ordering keys');
    this.wantedIntents = wants.of('intents');
    this.wantedFacts = wants.of('waiters');
    for (const job of this.adopted.values()) this.take(job);
  }

  // ------------------------------------------------------------ what will be asked for

  wantJob(id: number): void {
    this.ids.set(id, id);
  }

  /** Whether the job or its key has been asked for. */
  isWanted({ id, orgId, orderingKey }: Job): boolean {
    return this.ids.has(id) || this.wants.locks.has(keyName(orgId, orderingKey));
  }

  wantKey(orgId: string, orderingKey: string, behind = BEHIND_READ): void {
    const name = keyName(orgId, orderingKey);
    this.wants.locks.add(name);
    const wanted = this.wantedKeys.get(name);
    if (wanted === undefined || wanted.behind < behind) this.wantedKeys.set(name, { orgId, orderingKey, behind });
  }

  /** Jobs of the same wish, which a new one may be merged into. */
  wantIntent(orgId: string, coalesceKey: string): void {
    const name = intentName(orgId, coalesceKey);
    this.wants.locks.add(name);
    this.wantedIntents.set(name, [orgId, coalesceKey]);
  }

  wantWaiters(fact: string): void {
    this.wantedFacts.set(fact, fact);
  }

  /** A running job that this process has claimed: nobody else may change it before its lease ends. */
  adopt(job: JobLife): void {
    this.adopted.set(job.id, job);
    this.take(job);
    this.wantKey(job.orgId, job.orderingKey);
  }

  // ------------------------------------------------------------ what units ask and do

  get(id: number): JobLife | null {
    if (!this.rows.isRead(id)) throw new NotRead(() => this.wantJob(id));
    return this.withKey(this.rows.get(id));
  }

  insert(job: NewJob, now: number): JobLife {
    const { orgId, orderingKey } = job;
    const name = keyName(orgId, orderingKey);
    const life = newLife(FIRST_NEW_ID + this.inserted, job, now);
    this.inserted += 1;
    this.undo.add(() => (this.inserted -= 1));
    this.keys.put(name, withNewest(this.keyOf(life), life, now));
    this.change(life);
    return life;
  }

  /** Writes what has become of a job, and sees to its key. */
  save(job: JobLife, now: number): void {
    const { orgId, orderingKey } = job;
    const name = keyName(orgId, orderingKey);
    try {
      this.keys.put(name, settled(this.keyOf(job), job, now));
    } catch (error) {
      if (!(error instanceof TooShort)) throw error;
      const more = (this.wantedKeys.get(name)?.behind ?? BEHIND_READ) * 8;
      throw new NotRead(() => this.wantKey(orgId, orderingKey, more));
    }
    this.change(job);
  }

  unclaimedLike(job: NewJob): JobLife | null {
    return this.newestLike(job, UNCLAIMED_STATES);
  }

  deadLike(job: NewJob): JobLife | null {
    return this.newestLike(job, ['dead']);
  }

  /** Oldest first. */
  waitersOf(fact: string): JobLife[] {
    return this.listed(this.byFact.of(fact)).filter(({ blockedOn }) => blockedOn === fact);
  }

  // ------------------------------------------------------------ reading

  readers(): Reader[] {
    const readers: Reader[] = [];
    const take = (found: JobLife[]): void => found.forEach((job) => this.take(job));
    const ids = [...this.ids.values()].filter((id) => !this.adopted.has(id));
    if (ids.length > 0) readers.push(jobsById(ids, (rows) => this.takeFound(ids, rows)));
    if (this.wantedIntents.size > 0) readers.push(jobsByIntent([...this.wantedIntents.values()], take));
    if (this.wantedFacts.size > 0) readers.push(jobsByFact([...this.wantedFacts.values()], take));
    if (this.wantedKeys.size > 0)
      readers.push(orderingKeys([...this.wantedKeys.values()], (keys) => this.takeKeys(keys)));
    return readers;
  }

  private takeFound(ids: readonly number[], found: readonly JobLife[]): void {
    for (const id of ids) this.rows.read(id, null);
    for (const job of found) this.take(job);
  }

  /** In the order they were wanted. */
  private takeKeys(keys: readonly OrderingKey[]): void {
    [...this.wantedKeys.keys()].forEach((name, index) => this.keys.read(name, keys[index] ?? null));
  }

  private take(job: JobLife): void {
    this.rows.read(job.id, job);
    this.file(job);
  }

  private change(job: JobLife): void {
    this.rows.put(job.id, job);
    this.file(job);
  }

  private file(job: JobLife): void {
    if (job.coalesceKey !== null) this.byIntent.add(intentName(job.orgId, job.coalesceKey), job.id);
    if (job.blockedOn !== null) this.byFact.add(job.blockedOn, job.id);
  }

  private newestLike({ orgId, coalesceKey }: NewJob, states: readonly JobState[]): JobLife | null {
    if (coalesceKey === null) return null;
    const found = this.listed(this.byIntent.of(intentName(orgId, coalesceKey))).filter(
      (job) => job.coalesceKey === coalesceKey && states.includes(job.state),
    );
    const newest = found.at(-1);
    return newest === undefined ? null : this.withKey(newest);
  }

  private listed(ids: Iterable<number>): JobLife[] {
    const jobs = [...ids].map((id) => this.rows.get(id)).filter((job) => job !== null);
    return jobs.sort((a, b) => a.id - b.id);
  }

  /** Nobody may change a job whose key is not locked, nor rely on its state. */
  private withKey(job: JobLife | null): JobLife | null {
    if (job !== null) this.keyOf(job);
    return job;
  }

  private keyOf({ orgId, orderingKey }: JobLife): OrderingKey {
    const name = keyName(orgId, orderingKey);
    const key = this.keys.get(name);
    if (key === null) throw new NotRead(() => this.wantKey(orgId, orderingKey));
    return key;
  }
}

export const keyName = (orgId: string, orderingKey: string): string => nameOf('key', orgId, orderingKey);
const intentName = (orgId: string, coalesceKey: string): string => nameOf('intent', orgId, coalesceKey);

/** Ids under a name; more than those that match now, as what has moved on is not taken out. */
class Index {
  private readonly ids = new Map<string, Set<number>>();

  add(name: string, id: number): void {
    const held = this.ids.get(name);
    if (held === undefined) this.ids.set(name, new Set([id]));
    else held.add(id);
  }

  of(name: string): Iterable<number> {
    return this.ids.get(name) ?? [];
  }
}
