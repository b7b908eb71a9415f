/** Values for tests, every field optional. */
import type { Alert } from '../../../src/domain/alert.js';
import type { Batch } from '../../../src/domain/batch.js';
import { CLOSED } from '../../../src/domain/breaker.js';
import type { Connection } from '../../../src/domain/connection.js';
import type { FailureNote, NewJob } from '../../../src/domain/job.js';
import type { Mapping } from '../../../src/domain/mapping.js';
import type { EntityRecord } from '../../../src/domain/record.js';
import type { NewActivity, NewAttempt, NewDelivery, Retention } from '../../../src/stores/store.js';

export const NOON = Date.UTC(2026, 10, 23, 12);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let lastKey = 0;

/** Each job has an ordering key of its own unless one is given. */
export function newJob(over: Partial<NewJob> = {}): NewJob {
  lastKey += 1;
  return {
    orgId: 'anvil',
    connectionId: 'warehouse',
    kind: 'order.push',
    subject: 'order:4711',
    orderingKey: `own key ${lastKey}`,
    priority: 1,
    runAt: NOON,
    deadlineAt: null,
    coalesceKey: null,
    payload: {},
    traceId: 'trace',
    origin: 'order changed',
    ...over,
  };
}

export function failure(over: Partial<FailureNote> = {}): FailureNote {
  return {
    kind: 'unavailable',
    code: null,
    status: 503,
    summary: 'The warehouse answered 503.',
    cure: 'It is tried again by itself.',
    excerpt: null,
    ...over,
  };
}

export function newActivity(over: Partial<NewActivity> = {}): NewActivity {
  return {
    orgId: 'anvil',
    connectionId: 'warehouse',
    jobId: null,
    subject: 'order:4711',
    who: 'Anna (user 3)',
    what: 'retry',
    why: null,
    before: null,
    after: null,
    ...over,
  };
}

export function newAttempt(jobId: number, over: Partial<NewAttempt> = {}): NewAttempt {
  return {
    jobId,
    fence: 1,
    outcome: 'done',
    failure: null,
    sentence: 'Sent as ORD1.',
    queueMs: 5,
    runMs: 20,
    startedAt: NOON,
    ...over,
  };
}

export function newDelivery(over: Partial<NewDelivery> = {}): NewDelivery {
  const dedupeKey = over.dedupeKey ?? 'hook-1';
  return {
    id: `delivery ${dedupeKey}`,
    orgId: 'anvil',
    connectionId: 'warehouse',
    dedupeKey,
    topic: 'order.shipped',
    state: 'received',
    body: new Uint8Array([0, 255, 10, 13, 200]),
    note: null,
    ...over,
  };
}

export function connection(over: Partial<Connection> = {}): Connection {
  return {
    id: 'warehouse',
    orgId: 'anvil',
    platform: 'wms',
    name: 'Warehouse North',
    storeId: 'shop',
    state: 'active',
    pauseReason: null,
    pausedBy: null,
    settings: { statuses: ['processing'], pollSeconds: 300 },
    breaker: CLOSED,
    startsAt: NOON,
    createdAt: NOON,
    updatedAt: NOON,
    lastSuccessAt: null,
    lastFailure: null,
    credentialsVersion: 0,
    ...over,
  };
}

export function orderRecord(over: Partial<EntityRecord> & { minute?: number; sequence?: number } = {}): EntityRecord {
  const { minute = 0, sequence = 1, ...rest } = over;
  const modifiedAt = new Date(NOON + minute * MINUTE).toISOString();
  return {
    orgId: 'anvil',
    connectionId: 'shop',
    type: 'order',
    remoteId: '4711',
    version: { modifiedAt, sequence },
    fingerprint: 'as ordered',
    body: { status: 'processing' },
    lookup: null,
    final: false,
    updatedAt: NOON,
    ...rest,
  };
}

export function mapping(over: Partial<Mapping> = {}): Mapping {
  return {
    orgId: 'anvil',
    connectionId: 'warehouse',
    type: 'order',
    localId: '4711',
    remoteId: 'w-1',
    state: 'known',
    sentFingerprint: null,
    remoteLabel: 'ORD00000000001',
    origin: 'created by order.push',
    accepted: { BOLT: 2 },
    storeStatus: null,
    updatedAt: NOON,
    ...over,
  };
}

export function batch(over: Partial<Batch> = {}): Batch {
  return {
    id: 'b1',
    orgId: 'anvil',
    title: 'Retry 3 jobs that need attention',
    state: 'processing',
    filter: { states: ['dead'], connectionIds: ['warehouse'] },
    move: 'retryNow',
    total: 3,
    moved: 0,
    cursor: 0,
    lastJobId: 12,
    who: 'Anna (user 3)',
    reason: 'The warehouse is back.',
    note: null,
    createdAt: NOON,
    startedAt: null,
    updatedAt: NOON,
    finishedAt: null,
    finalCounts: null,
    ...over,
  };
}

export function alert(over: Partial<Alert> = {}): Alert {
  return {
    id: 'a1',
    orgId: 'anvil',
    connectionId: 'warehouse',
    kind: 'breaker_open',
    key: 'breaker_open:warehouse',
    sentence: 'Warehouse North does not answer since 12:00.',
    openedAt: NOON,
    clearedAt: null,
    ...over,
  };
}

/** Of no job, whatever ids a store gives. */
export const NO_JOB = 987_654_321;

export const RETENTION: Retention = {
  doneJobsMs: 7 * DAY,
  activityMs: 365 * DAY,
  deliveryBodyMs: 30 * DAY,
  dedupeKeyMs: 60 * DAY,
  recordBodyMs: 90 * DAY,
};
