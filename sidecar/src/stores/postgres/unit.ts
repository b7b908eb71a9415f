/** One unit on the working set: its guards, then its writes, in order. */
import { assertNever } from '../../domain/assert-never.js';
import { sameBreaker } from '../../domain/breaker.js';
import { arrive } from '../../domain/record-arrival.js';
import type { Applied, Guard, Unit, Write, WriteResult } from '../store.js';
import { fromSchedule, fromToken } from './access.js';
import { fromBatch } from './batches.js';
import { enqueue, moveJob, putFact } from './job-changes.js';
import { fromOverride, fromSettlement } from './people.js';
import { fromRecord, toRecord } from './records.js';
import type { Work } from './work.js';

type Failed = Extract<Applied, { applied: false }>['failed'];

/** Thrown to undo the unit alone; becomes an answer, not an error. */
export class Refused extends Error {
  constructor(readonly failed: Failed) {
    super(`Refused by ${failed.guard}.`);
  }
}

const OK: WriteResult = { kind: 'ok' };

/** @throws Refused */
export function perform(work: Work, { now, guards, writes }: Unit): Applied {
  for (const guard of guards) if (!holds(work, guard, now)) throw new Refused(guard);
  return { applied: true, results: writes.map((write) => performOne(work, write, now)) };
}

function holds(work: Work, guard: Guard, now: number): boolean {
  switch (guard.guard) {
    case 'fence': {
      const job = work.jobs.get(guard.jobId);
      return job?.state === 'running' && job.fence === guard.fence;
    }
    case 'jobState': {
      const job = work.jobs.get(guard.jobId);
      return job !== null && guard.states.includes(job.state);
    }
    case 'newDelivery':
      return !work.deliveries.isKnown(guard.connectionId, guard.dedupeKey);
    case 'credentialsVersion':
      return (work.credentials.get(guard.connectionId)?.version ?? 0) === guard.version;
    case 'pairingCode': {
      const code = work.codes.get(guard.codeHash);
      return code !== null && code.used_at === null && code.expires_at > now;
    }
    case 'scheduleAt':
      return work.schedules.get(guard.name, guard.connectionId)?.next_at === guard.nextAt;
    case 'breakerIs': {
      const breaker = work.connections.breaker(guard.connectionId);
      return breaker !== null && sameBreaker(breaker, guard.breaker);
    }
    case 'batchState': {
      const batch = work.batches.get(guard.batchId);
      return batch !== null && guard.states.includes(batch.state);
    }
    case 'noOpenAlert':
      return work.alerts.open.get(guard.orgId, guard.key) === null;
    case 'openAlert':
      return work.alerts.isOpen(guard.id);
    default:
      return assertNever(guard);
  }
}

/** Writes that can be refused, or that say more than that they were made. */
function performOne(work: Work, write: Write, now: number): WriteResult {
  switch (write.write) {
    case 'insertDelivery':
      return okUnless(work.deliveries.insert(write.delivery, now));
    case 'enqueue':
      return enqueue(work, write.job, write.onDead, now);
    case 'moveJob':
      return okUnless(moveJob(work, write.jobId, write.move, write.patch, now));
    case 'putRecord':
      return putRecord(work, write, now);
    case 'putMapping':
      return okUnless(work.mappings.put(write.mapping, now));
    case 'putFact':
      return { kind: 'released', jobIds: putFact(work, write, now) };
    case 'noteEvidence':
      return work.connections.noteEvidence(write, now);
    case 'openAlert':
      return okUnless(work.alerts.put(write.alert));
    default:
      performPlain(work, write, now);
      return OK;
  }
}

type Telling =
  'insertDelivery' | 'enqueue' | 'moveJob' | 'putRecord' | 'putMapping' | 'putFact' | 'noteEvidence' | 'openAlert';

function performPlain(work: Work, write: Exclude<Write, { write: Telling }>, now: number): void {
  switch (write.write) {
    case 'finishDelivery':
      return work.deliveries.finish(write.id, write.state, write.note);
    case 'insertAttempt':
      if (work.jobs.get(write.attempt.jobId) === null) throw new Error(`There is no job ${write.attempt.jobId}.`);
      return work.journal.addAttempt(write.attempt);
    case 'insertActivity':
      return work.journal.note(write.activity, now);
    case 'dropMapping':
      return work.mappings.drop(write.connectionId, write.type, write.localId);
    case 'dropFact':
      return work.facts.drop(write.fact);
    case 'putSettlement': {
      const { settlement } = write;
      return work.settlements.put(fromSettlement(settlement), settlement.connectionId, settlement.subject);
    }
    case 'dropSettlement':
      return work.settlements.drop(write.connectionId, write.subject);
    case 'putOverride': {
      const { override } = write;
      return work.overrides.put(fromOverride(override), override.connectionId, override.subject, override.field);
    }
    case 'dropOverride':
      return work.overrides.drop(write.connectionId, write.subject, write.field);
    case 'outboxSeen':
      return work.outbox.add(write, now);
    default:
      return performOnSettings(work, write, now);
  }
}

type Daily =
  | Telling
  | 'finishDelivery'
  | 'insertAttempt'
  | 'insertActivity'
  | 'dropMapping'
  | 'dropFact'
  | 'putSettlement'
  | 'dropSettlement'
  | 'putOverride'
  | 'dropOverride'
  | 'outboxSeen';

/** Connections, access and what the program notes about itself. */
function performOnSettings(work: Work, write: Exclude<Write, { write: Daily }>, now: number): void {
  switch (write.write) {
    case 'putConnection':
      return work.connections.put(write.connection, now);
    case 'putBreaker':
      return work.connections.putBreaker(write.connectionId, write.breaker, now);
    case 'putContact':
      return work.connections.putContact(write, now);
    case 'setConnectionState':
      return work.connections.setState(write, now);
    case 'putCredentials':
      return putCredentials(work, write);
    case 'putSchedule':
      return work.schedules.put(fromSchedule(write.schedule), write.schedule.name, write.schedule.connectionId);
    case 'putToken':
      return work.tokens.put(fromToken(write.token), write.token.id);
    case 'dropToken':
      return work.tokens.drop(write.id);
    case 'putPairingCode': {
      const { codeHash: code_hash, orgId: org_id, expiresAt: expires_at } = write;
      return work.codes.put({ code_hash, org_id, expires_at, used_at: null }, code_hash);
    }
    case 'usePairingCode': {
      const code = work.codes.get(write.codeHash);
      return code === null ? undefined : work.codes.put({ ...code, used_at: now }, write.codeHash);
    }
    case 'putMeta':
      return work.meta.put({ key: write.key, value: write.value }, write.key);
    case 'putBatch':
      return work.batches.put(fromBatch(write.batch, now), write.batch.id);
    case 'clearAlert':
      return work.alerts.clear(write.id, now);
    default:
      return assertNever(write);
  }
}

function putRecord(work: Work, write: Extract<Write, { write: 'putRecord' }>, now: number): WriteResult {
  const { record, authoritative, onNew, onTie } = write;
  const { connectionId, type, remoteId } = record;
  const held = work.records.get(connectionId, type, remoteId);
  const { comparison, keep } = arrive(record, held === null ? null : toRecord(held), authoritative, now);
  if (keep !== null) work.records.put(fromRecord(keep), connectionId, type, remoteId);
  const jobs = comparison === 'new' ? onNew : comparison === 'tie' ? onTie : [];
  return { kind: 'record', comparison, jobIds: jobs.map((job) => enqueue(work, job, 'revive', now).jobId) };
}

/** Each writing raises the version: a refresh under an older one is refused. */
function putCredentials(work: Work, write: Extract<Write, { write: 'putCredentials' }>): void {
  const { connectionId, sealed, keyId } = write;
  const version = (work.credentials.get(connectionId)?.version ?? 0) + 1;
  work.credentials.put({ connection_id: connectionId, sealed, key_id: keyId, version }, connectionId);
}

function okUnless(failed: Failed | null): WriteResult {
  if (failed !== null) throw new Refused(failed);
  return OK;
}
