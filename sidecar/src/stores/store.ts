/**
 * The store port. A change is a value (`Unit`): guards and writes as plain data, applied whole or not at all. Beside it
 * stands a closed list of set commands. No transaction callbacks: they can be neither batched nor replayed.
 * memory.ts is the reference; every store passes test/contracts/store.
 */
import type { BreakerState } from '../domain/breaker.js';
import type { Connection } from '../domain/connection.js';
import type { FailureNote, Job, JobState, Move, NewJob } from '../domain/job.js';
import type { Mapping, MappingType } from '../domain/mapping.js';
import type { EntityRecord, RecordComparison, RecordType } from '../domain/record.js';
import type { Override, Settlement } from '../domain/settlement.js';

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
  | { guard: 'pairingCode'; codeHash: string };

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
  | { write: 'putConnection'; connection: Connection }
  | { write: 'putBreaker'; connectionId: string; breaker: BreakerState }
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
  | { write: 'putMeta'; key: string; value: string };

/** What a move sets beside the state. Undefined leaves a field, null clears it. */
export interface JobPatch {
  runAt?: number;
  sentence?: string | null;
  failure?: FailureNote | null;
  /** With 'block': if the fact is there already, the job goes back to queued instead (checked under the lock). */
  blockedOn?: string | null;
  blockedUntil?: number | null;
  settledBy?: string | null;
}

/** How each write went, by position; only some say more than 'ok'. */
export type WriteResult =
  | { kind: 'ok' }
  | { kind: 'enqueued'; jobId: number; how: 'inserted' | 'coalesced' | 'revived' | 'left_dead' }
  | { kind: 'record'; comparison: RecordComparison; jobIds: number[] }
  | { kind: 'released'; jobIds: number[] };

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
}
export interface Page {
  limit: number;
  offset: number;
  sort: 'newest' | 'oldest' | 'next' | 'updated';
}

export interface Retention {
  doneJobsMs: number;
  activityMs: number;
  deliveryBodyMs: number;
  dedupeKeyMs: number;
  recordBodyMs: number;
}

export interface Store {
  apply(unit: Unit): Promise<Applied>;

  /** Atomic: a job is given to one claimer. Sets running, fence + 1, lease. */
  claim(request: ClaimRequest): Promise<Job[]>;
  /** Due queued/retrying heads become ready. @returns how many. */
  promoteDue(now: number, limit: number): Promise<number>;
  /** Lapsed leases go back to the queue (with an attempt row 'lapsed'). @returns their ids. */
  takeBackLapsed(now: number): Promise<number[]>;
  /** On start of a single owner: everything running goes back at once. */
  takeBackAll(now: number): Promise<number[]>;
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

  job(id: number): Promise<Job | null>;
  jobs(filter: JobFilter, page: Page): Promise<{ rows: Job[]; total: number }>;
  countByState(filter: JobFilter): Promise<Record<JobState, number>>;
  /** Earliest moment at which something becomes due (runAt, lease, block deadline, probe), or null. */
  nextDueAt(): Promise<number | null>;
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
  deliveries(filter: { connectionId?: string; states?: DeliveryState[] }, limit: number): Promise<Delivery[]>;
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
}
