/**
 * The store port. A change is a value (`Unit`): guards and writes as plain data, applied whole or not at all. Beside it
 * stands a closed list of set commands. No transaction callbacks: they can be neither batched nor replayed.
 * memory.ts is the reference; every store passes test/contracts/store.
 */
import type { Alert } from '../domain/alert.js';
import type { Batch, BatchState } from '../domain/batch.js';
import type { BreakerState, Evidence } from '../domain/breaker.js';
import type { Connection } from '../domain/connection.js';
import type { FailureNote, Job, JobState, Move, NewJob } from '../domain/job.js';
import type { Mapping, MappingType } from '../domain/mapping.js';
import type { EntityRecord, RecordComparison, RecordType } from '../domain/record.js';
import type { Retention } from '../domain/retention.js';
import type { Override, Settlement } from '../domain/settlement.js';
import type { BucketSpec, CallClass } from '../domain/token-bucket.js';

export type { Retention };

// ---------------------------------------------------------------- units

export interface Unit {
  /** Epoch ms, stamped on everything the unit writes. */
  now: number;
  guards: Guard[];
  writes: Write[];
}

export type Guard =
  /** Job is running under exactly this fence: a late finisher is refused. */
  | { guard: 'fence'; jobId: number; fence: number }
  | { guard: 'jobState'; jobId: number; states: readonly JobState[] }
  /** No delivery with this key on this connection yet (keys outlive bodies). */
  | { guard: 'newDelivery'; connectionId: string; dedupeKey: string }
  | { guard: 'credentialsVersion'; connectionId: string; version: number }
  /** A code that exists, is not used and not expired. */
  | { guard: 'pairingCode'; codeHash: string }
  /** The schedule still stands where it was read: of several who would fire it, one does. */
  | { guard: 'scheduleAt'; name: string; connectionId: string; nextAt: number }
  /** The breaker is exactly this one (sameBreaker): of several who would send the probe, one does. */
  | { guard: 'breakerIs'; connectionId: string; breaker: BreakerState }
  | { guard: 'batchState'; batchId: string; states: readonly BatchState[] }
  /** No alert of this key is open yet: it is said once. */
  | { guard: 'noOpenAlert'; orgId: string; key: string }
  /** This alert is still open: its end is said once. */
  | { guard: 'openAlert'; id: string };

export type Write =
  | { write: 'insertDelivery'; delivery: NewDelivery }
  | { write: 'finishDelivery'; id: string; state: DeliveryState; note: string | null }
  /** Insert; or merge into the unclaimed job of the same coalesceKey; or revive the dead one. */
  | { write: 'enqueue'; job: NewJob; onDead: 'revive' | 'leave' }
  | { write: 'moveJob'; jobId: number; move: Move; patch: JobPatch }
  | { write: 'insertAttempt'; attempt: NewAttempt }
  | { write: 'insertActivity'; activity: NewActivity }
  /** Kept when newer by compareRecord; on 'same' the version (when later) and the `final` flag are still updated. `onNew` / `onTie` are enqueued (reviving the dead) only in that case. */
  | { write: 'putRecord'; record: EntityRecord; authoritative: 'yes' | 'no'; onNew: NewJob[]; onTie: NewJob[] }
  | { write: 'putMapping'; mapping: Mapping }
  | { write: 'dropMapping'; connectionId: string; type: MappingType; localId: string }
  /** Releases every job blocked on it and revives those that died waiting for it. Idempotent. */
  | { write: 'putFact'; fact: string; orgId: string; source: string }
  | { write: 'dropFact'; fact: string }
  | { write: 'putSettlement'; settlement: Settlement }
  | { write: 'dropSettlement'; connectionId: string; subject: string }
  | { write: 'putOverride'; override: Override }
  | { write: 'dropOverride'; connectionId: string; subject: string; field: string }
  /** On a connection that exists it sets name, settings and start; state, breaker and contacts have writes of their own, and are left. */
  | { write: 'putConnection'; connection: Connection }
  | { write: 'putBreaker'; connectionId: string; breaker: BreakerState }
  /** Moves the breaker by afterEvidence, under the store's lock. */
  | { write: 'noteEvidence'; connectionId: string; evidence: Evidence; run: 'probe' | 'ordinary' }
  | { write: 'putContact'; connectionId: string; outcome: { success: true } | { success: false; summary: string } }
  | {
      write: 'setConnectionState';
      connectionId: string;
      state: 'active' | 'paused';
      reason: string | null;
      by: string | null;
    }
  /** Sealed by crypto at the edge; the store never sees plain text. Bumps credentialsVersion. */
  | { write: 'putCredentials'; connectionId: string; sealed: Uint8Array; keyId: string }
  | { write: 'putSchedule'; schedule: Schedule }
  | { write: 'outboxSeen'; connectionId: string; epoch: string; sequence: number; uuid: string }
  | { write: 'putToken'; token: Token }
  | { write: 'dropToken'; id: string }
  | { write: 'putPairingCode'; codeHash: string; orgId: string; expiresAt: number }
  | { write: 'usePairingCode'; codeHash: string }
  | { write: 'putMeta'; key: string; value: string }
  | { write: 'putBatch'; batch: Batch }
  | { write: 'openAlert'; alert: Alert }
  | { write: 'clearAlert'; id: string };

/** What a move sets beside the state. Undefined leaves a field, null clears it. */
export interface JobPatch {
  runAt?: number;
  sentence?: string | null;
  failure?: FailureNote | null;
  /** With 'block': if the fact is there already, the job goes back to queued instead (checked under the lock). */
  blockedOn?: string | null;
  blockedUntil?: number | null;
  settledBy?: string | null;
  batchId?: string | null;
}

/** How each write went, by position; only some say more than 'ok'. */
export type WriteResult =
  | { kind: 'ok' }
  | { kind: 'enqueued'; jobId: number; how: 'inserted' | 'coalesced' | 'revived' | 'left_dead' }
  | { kind: 'record'; comparison: RecordComparison; jobIds: number[] }
  | { kind: 'released'; jobIds: number[] }
  | { kind: 'breaker'; was: BreakerState; now: BreakerState };

export type Applied =
  { applied: true; results: WriteResult[] } | { applied: false; failed: Guard | IllegalMove | TakenMapping };
export interface IllegalMove {
  guard: 'legalMove';
  jobId: number;
  move: Move;
  state: JobState | null;
}
/** The remote thing is mapped to another local one already: mappings are unique both ways. */
export interface TakenMapping {
  guard: 'uniqueMapping';
  connectionId: string;
  type: MappingType;
  localId: string;
  remoteId: string;
  /** Local id of the mapping that holds it. */
  heldBy: string;
}

// ---------------------------------------------------------------- rows

export type DeliveryState = 'received' | 'processed' | 'dead' | 'ignored';

export interface NewDelivery {
  id: string;
  orgId: string;
  connectionId: string;
  dedupeKey: string;
  topic: string;
  state: DeliveryState;
  /** Exact bytes as received. */
  body: Uint8Array;
  /** Why it is dead or ignored. */
  note: string | null;
}
export interface Delivery extends Omit<NewDelivery, 'body'> {
  receivedAt: number;
  /** null once retention has cut it. */
  body: Uint8Array | null;
  /** How often the same delivery came again. */
  duplicates: number;
}

export interface NewAttempt {
  jobId: number;
  fence: number;
  outcome: 'done' | 'skip' | 'wait' | 'failed' | 'postponed' | 'lapsed';
  failure: FailureNote | null;
  sentence: string;
  /** Time between runnable and claimed, and between claimed and settled. */
  queueMs: number;
  runMs: number;
  startedAt: number;
}
export interface Attempt extends NewAttempt {
  id: number;
}

export interface NewActivity {
  orgId: string;
  connectionId: string | null;
  jobId: number | null;
  subject: string;
  /** "Anna (user 3)", "worker", "schedule store.sweep" */
  who: string;
  what: string;
  why: string | null;
  before: string | null;
  after: string | null;
}
export interface Activity extends NewActivity {
  id: number;
  at: number;
}

export interface Schedule {
  name: string;
  connectionId: string;
  everyMs: number;
  nextAt: number;
  lastAt: number | null;
  /** The job it enqueued last. */
  lastJobId: number | null;
}

export type Role = 'viewer' | 'operator' | 'admin';
export interface Token {
  id: string;
  orgId: string;
  name: string;
  /** sha256 hex of the token. */
  hash: string;
  role: Role;
  createdAt: number;
}

export interface OutboxStream {
  connectionId: string;
  epoch: string;
  /** Every sequence up to this one is here. */
  contiguous: number;
  /** Highest seen. */
  highest: number;
  /** Sequences above `contiguous` that are missing, at most 1000. */
  missing: number[];
}

// ---------------------------------------------------------------- set commands

export interface ClaimRequest {
  now: number;
  owner: string;
  /** Most jobs to take per connection (breaker, concurrency and rate already counted in). Others are not asked. */
  perConnection: ReadonlyMap<string, number>;
  leaseMs: number;
  /** Never more than this many of the connection run at one time, whoever of those who share the store runs them. Not named: no limit. */
  mostRunning?: ReadonlyMap<string, number>;
  /** Of these connections only jobs up to this priority (smaller is more urgent): the reserve for orders. Not named: all. */
  upToPriority?: ReadonlyMap<string, number>;
  /** true every fifth claim: earliest passed deadline first, so that nothing starves. */
  order: 'priority' | 'deadline';
}

export interface JobFilter {
  orgId?: string;
  connectionIds?: readonly string[];
  states?: readonly JobState[];
  kinds?: readonly string[];
  subject?: string;
  failureKind?: string;
  /** Part of an order's id, of the sentence or of the remote's number; a remote id only whole, as parts of those match by chance. */
  search?: string;
  late?: { now: number };
  batchId?: string;
  /** Of the last failure, as causeOf (domain/cause.ts) names it. */
  cause?: string;
  traceId?: string;
  /** Jobs after this id, and up to this one: how a batch keeps to what its person saw. */
  idAfter?: number;
  idUpTo?: number;
  /** Epoch ms, both included. */
  updatedAfter?: number;
  updatedBefore?: number;
}
export interface Page {
  limit: number;
  offset: number;
  sort: 'newest' | 'oldest' | 'next' | 'updated';
}

export interface FailureGroup {
  kind: string;
  connectionId: string;
  /** domain/cause.ts */
  cause: string;
  count: number;
  /** Of the deaths in it, epoch ms. */
  firstAt: number;
  lastAt: number;
  /** The latest of them, as an example. */
  jobId: number;
}

export interface CallRequest {
  connectionId: string;
  spec: BucketSpec;
  callClass: CallClass;
  /** Most calls wanted now. */
  want: number;
  now: number;
}
export interface CallGrant {
  granted: number;
  /** When `granted` is 0: milliseconds until asking again makes sense. */
  waitMs: number;
}

export interface DeliveryFilter {
  orgId?: string;
  connectionId?: string;
  connectionIds?: readonly string[];
  states?: readonly DeliveryState[];
  topic?: string;
  /** Part of the dedupe key or the topic. */
  search?: string;
}

export interface Store {
  apply(unit: Unit): Promise<Applied>;

  /** Atomic: a job is given to one claimer. Sets running, fence + 1, lease. */
  claim(request: ClaimRequest): Promise<Job[]>;
  /**
   * Due queued/retrying heads become ready, the earliest due of each connection first.
   * @param limit most of one connection, so that a heap of one stands in nobody else's way. @returns how many in all.
   */
  promoteDue(now: number, limit: number): Promise<number>;
  /** Lapsed leases go back to the queue (with an attempt row 'lapsed'). @returns their ids. */
  takeBackLapsed(now: number): Promise<number[]>;
  /** On start of a single owner: everything running goes back. @param againAt earliest moment for these, `now` if nothing is said. */
  takeBackAll(now: number, againAt?: number): Promise<number[]>;
  /** Longer lease for a job still under this fence. @returns false when it is not. */
  extendLease(jobId: number, fence: number, leaseUntil: number): Promise<boolean>;
  /** Blocked past their deadline → dead with the reason. */
  expireBlocked(now: number, limit: number): Promise<number>;
  /** Dead of a transient failure (unavailable, rate_limited, unexpected, unknown_outcome), older than minAge, younger than maxAge. */
  rescue(now: number, minAgeMs: number, maxAgeMs: number, limit: number): Promise<number>;
  prune(now: number, retention: Retention, limit: number): Promise<number>;
  /** One operator's move on all that match, in slices. Illegal ones are left. @returns how many moved. */
  moveMatching(
    filter: JobFilter,
    move: Move,
    patch: JobPatch,
    who: NewActivity,
    now: number,
    limit: number,
  ): Promise<number>;

  // For those who share the store. A store of one owner answers alone: always the leader, its own buckets, no news.
  /** Rings when another process made something runnable. Polling is the net: news may get lost. @returns how to stop. */
  onNews(listener: () => void): () => void;
  /** Takes or keeps the lead in a role until `now + forMs`. @returns whether `owner` has it. */
  lead(role: string, owner: string, now: number, forMs: number): Promise<boolean>;
  /** Gives it up, so that the next need not wait for its end. */
  resign(role: string, owner: string): Promise<void>;
  /** Takes calls out of the connection's bucket (domain/token-bucket.ts), for all who share the store. */
  takeCalls(request: CallRequest): Promise<CallGrant>;
  /** The remote said "too many requests": no call of anybody goes before `until`. */
  closeCalls(connectionId: string, spec: BucketSpec, until: number): Promise<void>;

  job(id: number): Promise<Job | null>;
  jobs(filter: JobFilter, page: Page): Promise<{ rows: Job[]; total: number }>;
  countByState(filter: JobFilter): Promise<Record<JobState, number>>;
  /** Earliest moment at which something becomes due (runAt, lease, block deadline, probe), or null. */
  nextDueAt(): Promise<number | null>;
  /** Dead jobs that match, grouped by kind, connection and cause; most first. */
  failureGroups(filter: JobFilter, limit: number): Promise<FailureGroup[]>;
  /** Highest id given so far, 0 when there is none. */
  lastJobId(): Promise<number>;
  batch(id: string): Promise<Batch | null>;
  /** Newest first. */
  batches(filter: { orgId?: string; states?: readonly BatchState[] }, limit: number): Promise<Batch[]>;
  /** Open ones first, then by opening, newest first. */
  alerts(filter: { orgId?: string; open?: true }, limit: number): Promise<Alert[]>;
  attempts(jobId: number): Promise<Attempt[]>;
  activity(filter: { jobId?: number; subject?: string; orgId?: string }, limit: number): Promise<Activity[]>;

  record(connectionId: string, type: RecordType, remoteId: string): Promise<EntityRecord | null>;
  records(filter: {
    connectionId: string;
    type: RecordType;
    final?: boolean;
    /** Equal to EntityRecord.lookup (indexed). */
    lookup?: string;
    afterId?: string;
    limit: number;
  }): Promise<EntityRecord[]>;
  mapping(connectionId: string, type: MappingType, localId: string): Promise<Mapping | null>;
  mappingByRemote(connectionId: string, type: MappingType, remoteId: string): Promise<Mapping | null>;
  mappings(connectionId: string, type: MappingType, limit: number, offset: number): Promise<Mapping[]>;
  hasFact(fact: string): Promise<boolean>;
  settlement(connectionId: string, subject: string): Promise<Settlement | null>;
  overrides(connectionId: string, subject: string): Promise<Override[]>;

  connection(id: string): Promise<Connection | null>;
  connections(orgId?: string): Promise<Connection[]>;
  credentials(connectionId: string): Promise<{ sealed: Uint8Array; keyId: string; version: number } | null>;

  delivery(id: string): Promise<Delivery | null>;
  deliveryByKey(connectionId: string, dedupeKey: string): Promise<{ id: string } | null>;
  /** Oldest first, for working through them. */
  deliveries(filter: DeliveryFilter, limit: number): Promise<Delivery[]>;
  /** Newest first, without bodies, for the screen. */
  deliveryPage(
    filter: DeliveryFilter,
    page: { limit: number; offset: number },
  ): Promise<{ rows: Omit<Delivery, 'body'>[]; total: number }>;
  /** Counts one more arrival of a delivery we have. */
  countDuplicate(connectionId: string, dedupeKey: string): Promise<void>;

  outboxStream(connectionId: string, epoch: string): Promise<OutboxStream>;
  /** @returns the uuid seen at that sequence, or null (forks are found by it). */
  outboxUuid(connectionId: string, epoch: string, sequence: number): Promise<string | null>;

  schedules(): Promise<Schedule[]>;
  tokenByHash(hash: string): Promise<Token | null>;
  tokens(): Promise<Token[]>;
  meta(key: string): Promise<string | null>;
  stats(now: number, orgId: string, connectionIds: readonly string[]): Promise<Stats>;

  /** Waits until everything applied so far is durable, then lets go of the file or pool. */
  close(): Promise<void>;
}

export interface Stats {
  /** Per hour, the last 24, oldest first. */
  hours: { startsAt: number; done: number; failed: number }[];
  oldestWaitingAt: number | null;
  late: number;
  /** Distinct orders pushed to a warehouse (mapping known) since `now` minus 24 h. */
  ordersSentToday: number;
  /** By kind, jobs with a deadline that ended in the last 24 h or are still to end: all, and those that missed it. */
  sla: { kind: string; total: number; breached: number }[];
  /** By connection: what waits to run now (queued and due, retrying, running), and what came and ended in the last `FLOW_MS`. */
  flow: { connectionId: string; waiting: number; oldestWaitingAt: number | null; arrived: number; finished: number }[];
}
/** The window in which arrivals and ends are counted for the forecast. */
export const FLOW_MS = 600_000;
