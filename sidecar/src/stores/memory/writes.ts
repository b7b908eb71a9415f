/** One write of a unit. */
import { assertNever } from '../../domain/assert-never.js';
import { arrive } from '../../domain/record-arrival.js';
import type { Applied, Write, WriteResult } from '../store.js';
import { clearAlert, openAlert } from './alerts.js';
import {
  noteEvidence,
  putBreaker,
  putConnection,
  putContact,
  putCredentials,
  setConnectionState,
} from './connections.js';
import { insertDelivery, finishDelivery } from './deliveries.js';
import { enqueue, moveJob, putFact } from './jobs.js';
import { putMapping } from './mappings.js';
import { outboxSeen } from './outbox.js';
import type { Tables } from './tables.js';

export type Refusal = Extract<Applied, { applied: false }>['failed'];
export type Written = WriteResult | { kind: 'refused'; failed: Refusal };

const OK: WriteResult = { kind: 'ok' };

export function perform(tables: Tables, write: Write, now: number): Written {
  switch (write.write) {
    case 'insertDelivery':
      return okUnless(insertDelivery(tables, write.delivery, now));
    case 'enqueue':
      return enqueue(tables, write.job, write.onDead, now);
    case 'moveJob':
      return okUnless(moveJob(tables, write.jobId, write.move, write.patch, now));
    case 'putRecord':
      return putRecord(tables, write, now);
    case 'putMapping':
      return okUnless(putMapping(tables, write.mapping, now));
    case 'putFact':
      return { kind: 'released', jobIds: putFact(tables, write, now) };
    case 'noteEvidence':
      return noteEvidence(tables, write, now);
    case 'openAlert':
      return okUnless(openAlert(tables, write.alert));
    default:
      performPlain(tables, write, now);
      return OK;
  }
}

type Telling =
  'insertDelivery' | 'enqueue' | 'moveJob' | 'putRecord' | 'putMapping' | 'putFact' | 'noteEvidence' | 'openAlert';

/** Writes that always succeed and say nothing. */
function performPlain(tables: Tables, write: Exclude<Write, { write: Telling }>, now: number): void {
  switch (write.write) {
    case 'finishDelivery':
      return finishDelivery(tables, write.id, write.state, write.note);
    case 'insertAttempt':
      return tables.addAttempt(write.attempt);
    case 'insertActivity':
      return tables.addActivity(write.activity, now);
    case 'dropMapping':
      return tables.mappings.drop(write.connectionId, write.type, write.localId);
    case 'dropFact':
      return tables.facts.drop(write.fact);
    case 'putSettlement':
      return tables.settlements.put(write.settlement, write.settlement.connectionId, write.settlement.subject);
    case 'dropSettlement':
      return tables.settlements.drop(write.connectionId, write.subject);
    case 'putOverride':
      return tables.overrides.put(
        write.override,
        write.override.connectionId,
        write.override.subject,
        write.override.field,
      );
    case 'dropOverride':
      return tables.overrides.drop(write.connectionId, write.subject, write.field);
    case 'putConnection':
      return putConnection(tables, write.connection, now);
    case 'putBreaker':
      return putBreaker(tables, write.connectionId, write.breaker, now);
    case 'putContact':
      return putContact(tables, write.connectionId, write.outcome, now);
    case 'setConnectionState':
      return setConnectionState(tables, write, now);
    case 'putCredentials':
      return putCredentials(tables, write.connectionId, write.sealed, write.keyId);
    case 'putSchedule':
      return tables.schedules.put(write.schedule, write.schedule.name, write.schedule.connectionId);
    case 'outboxSeen':
      return outboxSeen(tables, write, now);
    case 'putToken':
      return tables.tokens.put(write.token, write.token.id);
    case 'dropToken':
      return tables.tokens.drop(write.id);
    case 'putPairingCode':
      return tables.pairingCodes.put({ ...write, usedAt: null }, write.codeHash);
    case 'usePairingCode':
      return usePairingCode(tables, write.codeHash, now);
    case 'putMeta':
      return tables.meta.put(write.value, write.key);
    case 'putBatch':
      return tables.batches.put({ ...write.batch, updatedAt: now }, write.batch.id);
    case 'clearAlert':
      return clearAlert(tables, write.id, now);
    default:
      return assertNever(write);
  }
}

function putRecord(tables: Tables, write: Extract<Write, { write: 'putRecord' }>, now: number): Written {
  const { connectionId, type, remoteId } = write.record;
  const held = tables.records.get(connectionId, type, remoteId);
  const { comparison, keep } = arrive(write.record, held, write.authoritative, now);
  if (keep !== null) tables.records.put(keep, connectionId, type, remoteId);
  const jobs = comparison === 'new' ? write.onNew : comparison === 'tie' ? write.onTie : [];
  return { kind: 'record', comparison, jobIds: jobs.map((job) => enqueue(tables, job, 'revive', now).jobId) };
}

function usePairingCode(tables: Tables, codeHash: string, now: number): void {
  const code = tables.pairingCodes.get(codeHash);
  if (code !== null) tables.pairingCodes.put({ ...code, usedAt: now }, codeHash);
}

function okUnless(failed: Refusal | null): Written {
  return failed === null ? OK : { kind: 'refused', failed };
}
