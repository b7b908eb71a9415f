/** One unit inside a transaction: its guards, then its writes, in order. */
import { assertNever } from '../../domain/assert-never.js';
import { sameBreaker } from '../../domain/breaker.js';
import type { Applied, Guard, Unit, Write, WriteResult } from '../store.js';
import type { Parts } from './parts.js';

type Failed = Extract<Applied, { applied: false }>['failed'];

/** Thrown by a write to undo what the unit has written before; becomes an answer, not an error. */
export class Refused extends Error {
  readonly failed: Failed;

  constructor(failed: Failed) {
    super(`Refused by ${failed.guard}.`);
    this.failed = failed;
  }
}

const OK: WriteResult = { kind: 'ok' };

/** @throws Refused */
export function perform(parts: Parts, { now, guards, writes }: Unit): Applied {
  // Nothing has been written yet: there is nothing to undo.
  for (const guard of guards) if (!holds(parts, guard, now)) return { applied: false, failed: guard };
  return { applied: true, results: writes.map((write) => performOne(parts, write, now)) };
}

function holds(
  { jobs, deliveries, connections, credentials, access, batches, alerts }: Parts,
  guard: Guard,
  now: number,
): boolean {
  switch (guard.guard) {
    case 'fence': {
      const job = jobs.stand(guard.jobId);
      return job?.state === 'running' && job.fence === guard.fence;
    }
    case 'jobState': {
      const job = jobs.stand(guard.jobId);
      return job !== undefined && guard.states.includes(job.state);
    }
    case 'newDelivery':
      return !deliveries.isKnown(guard.connectionId, guard.dedupeKey);
    case 'credentialsVersion':
      return credentials.version(guard.connectionId) === guard.version;
    case 'pairingCode':
      return access.isOpenCode(guard.codeHash, now);
    case 'scheduleAt':
      return access.nextAt(guard.name, guard.connectionId) === guard.nextAt;
    case 'breakerIs': {
      const breaker = connections.breakerOf(guard.connectionId);
      return breaker !== null && sameBreaker(breaker, guard.breaker);
    }
    case 'batchState': {
      const state = batches.state(guard.batchId);
      return state !== null && guard.states.includes(state);
    }
    case 'noOpenAlert':
      return !alerts.isSaid(guard.orgId, guard.key);
    case 'openAlert':
      return alerts.isOpen(guard.id);
    default:
      return assertNever(guard);
  }
}

/** Writes that can be refused, or that say more than that they were made. */
function performOne(parts: Parts, write: Write, now: number): WriteResult {
  switch (write.write) {
    case 'insertDelivery':
      return okUnless(parts.deliveries.insert(write.delivery, now));
    case 'enqueue':
      return parts.jobWrites.enqueue(write.job, write.onDead, now);
    case 'moveJob':
      return okUnless(parts.jobWrites.move(write.jobId, write.move, write.patch, now));
    case 'putRecord':
      return putRecord(parts, write, now);
    case 'putMapping':
      return okUnless(parts.mappings.put(write.mapping, now));
    case 'putFact':
      return { kind: 'released', jobIds: parts.jobWrites.putFact(write, now) };
    case 'noteEvidence':
      return parts.connections.noteEvidence(write, now);
    case 'openAlert':
      return okUnless(parts.alerts.open(write.alert));
    default:
      performPlain(parts, write, now);
      return OK;
  }
}

type Telling =
  'insertDelivery' | 'enqueue' | 'moveJob' | 'putRecord' | 'putMapping' | 'putFact' | 'noteEvidence' | 'openAlert';

function performPlain(parts: Parts, write: Exclude<Write, { write: Telling }>, now: number): void {
  const {
    deliveries,
    journal,
    mappings,
    facts,
    settlements,
    connections,
    credentials,
    access,
    outbox,
    batches,
    alerts,
  } = parts;
  switch (write.write) {
    case 'finishDelivery':
      return deliveries.finish(write.id, write.state, write.note);
    case 'insertAttempt':
      assertThere(parts, write.attempt.jobId);
      return journal.addAttempt(write.attempt);
    case 'insertActivity':
      return journal.note(write.activity, now);
    case 'dropMapping':
      return mappings.drop(write.connectionId, write.type, write.localId);
    case 'dropFact':
      return facts.drop(write.fact);
    case 'putSettlement':
      return settlements.settle(write.settlement);
    case 'dropSettlement':
      return settlements.unsettle(write.connectionId, write.subject);
    case 'putOverride':
      return settlements.override(write.override);
    case 'dropOverride':
      return settlements.dropOverride(write.connectionId, write.subject, write.field);
    case 'putConnection':
      return connections.put(write.connection, now);
    case 'putBreaker':
      return connections.putBreaker(write.connectionId, write.breaker, now);
    case 'putContact':
      return connections.putContact(write, now);
    case 'setConnectionState':
      return connections.setState(write, now);
    case 'putCredentials':
      return credentials.put(write.connectionId, write.sealed, write.keyId);
    case 'putSchedule':
      return access.putSchedule(write.schedule);
    case 'outboxSeen':
      return outbox.seen(write, now);
    case 'putToken':
      return access.putToken(write.token);
    case 'dropToken':
      return access.dropToken(write.id);
    case 'putPairingCode':
      return access.putCode(write.codeHash, write.orgId, write.expiresAt);
    case 'usePairingCode':
      return access.useCode(write.codeHash, now);
    case 'putMeta':
      return access.putMeta(write.key, write.value);
    case 'putBatch':
      return batches.put(write.batch, now);
    case 'clearAlert':
      return alerts.clear(write.id, now);
    default:
      return assertNever(write);
  }
}

function assertThere({ jobs }: Parts, jobId: number): void {
  if (jobs.stand(jobId) === undefined) throw new Error(`There is no job ${jobId}.`);
}

function putRecord(
  { records, jobWrites }: Parts,
  { record, authoritative, onNew, onTie }: Extract<Write, { write: 'putRecord' }>,
  now: number,
): WriteResult {
  const comparison = records.put(record, authoritative, now);
  const jobs = comparison === 'new' ? onNew : comparison === 'tie' ? onTie : [];
  return { kind: 'record', comparison, jobIds: jobs.map((job) => jobWrites.enqueue(job, 'revive', now).jobId) };
}

function okUnless(failed: Failed | null): WriteResult {
  if (failed !== null) throw new Refused(failed);
  return OK;
}
