/** Tells a working set what a unit will ask for. What turns up only while it runs is added then. */
import type { NewJob } from '../../domain/job.js';
import { assertNever } from '../../domain/assert-never.js';
import type { Guard, Unit, Write } from '../store.js';
import type { Claimed } from './claimed.js';
import type { Work } from './work.js';

export function wantUnit(work: Work, { guards, writes }: Unit, claimed: Claimed): void {
  for (const guard of guards) wantForGuard(work, guard, claimed);
  for (const write of writes) wantForWrite(work, write);
}

function wantForGuard(work: Work, guard: Guard, claimed: Claimed): void {
  switch (guard.guard) {
    case 'fence': {
      const held = claimed.get(guard.jobId, guard.fence);
      return held === null ? work.jobs.wantJob(guard.jobId) : work.jobs.adopt(held);
    }
    case 'jobState':
      return work.jobs.wantJob(guard.jobId);
    case 'newDelivery':
      return work.deliveries.rows.want(guard.connectionId, guard.dedupeKey);
    case 'credentialsVersion':
      return work.credentials.want(guard.connectionId);
    case 'pairingCode':
      return work.codes.want(guard.codeHash);
    case 'scheduleAt':
      return work.schedules.want(guard.name, guard.connectionId);
    case 'breakerIs':
      return work.connections.rows.want(guard.connectionId);
    case 'batchState':
      return work.batches.want(guard.batchId);
    case 'noOpenAlert':
      return work.alerts.open.want(guard.orgId, guard.key);
    case 'openAlert':
      return work.alerts.rows.want(guard.id);
    default:
      return assertNever(guard);
  }
}

function wantForWrite(work: Work, write: Write): void {
  switch (write.write) {
    case 'insertDelivery':
      return work.deliveries.rows.want(write.delivery.connectionId, write.delivery.dedupeKey);
    case 'enqueue':
      return wantEnqueue(work, write.job);
    case 'moveJob':
      return wantMove(work, write);
    case 'insertAttempt':
      return work.jobs.wantJob(write.attempt.jobId);
    case 'putRecord': {
      const { connectionId, type, remoteId } = write.record;
      for (const job of [...write.onNew, ...write.onTie]) wantEnqueue(work, job);
      return work.records.want(connectionId, type, remoteId);
    }
    case 'putMapping': {
      const { connectionId, type, localId, remoteId } = write.mapping;
      return work.mappings.want(connectionId, type, localId, remoteId);
    }
    case 'dropMapping':
      return work.mappings.want(write.connectionId, write.type, write.localId, null);
    case 'putFact':
      work.jobs.wantWaiters(write.fact);
      return work.facts.want(write.fact);
    case 'dropFact':
      return work.facts.want(write.fact);
    case 'outboxSeen':
      return work.outbox.want(write.connectionId, write.epoch, write.sequence);
    default:
      return wantForSmall(work, write);
  }
}

type Large =
  | 'insertDelivery'
  | 'enqueue'
  | 'moveJob'
  | 'insertAttempt'
  | 'putRecord'
  | 'putMapping'
  | 'dropMapping'
  | 'putFact'
  | 'dropFact'
  | 'outboxSeen';

/** Those that are not named here are written whatever was there before. */
function wantForSmall(work: Work, write: Exclude<Write, { write: Large }>): void {
  switch (write.write) {
    case 'putConnection':
      return work.connections.rows.want(write.connection.id);
    case 'putBreaker':
    case 'setConnectionState':
      return work.connections.rows.want(write.connectionId);
    case 'noteEvidence':
      return work.connections.rows.look(write.connectionId);
    case 'putCredentials':
      return work.credentials.want(write.connectionId);
    case 'usePairingCode':
      return work.codes.want(write.codeHash);
    case 'openAlert':
      work.alerts.open.want(write.alert.orgId, write.alert.key);
      return work.alerts.rows.want(write.alert.id);
    case 'clearAlert':
      return work.alerts.rows.want(write.id);
    default:
  }
}

function wantEnqueue({ jobs }: Work, { orgId, orderingKey, coalesceKey }: NewJob): void {
  jobs.wantKey(orgId, orderingKey);
  if (coalesceKey !== null) jobs.wantIntent(orgId, coalesceKey);
}

function wantMove(work: Work, { jobId, move, patch }: Extract<Write, { write: 'moveJob' }>): void {
  work.jobs.wantJob(jobId);
  if (move === 'block' && typeof patch.blockedOn === 'string') work.facts.want(patch.blockedOn);
}
