import { assertNever } from '../../domain/assert-never.js';
import { sameBreaker } from '../../domain/breaker.js';
import type { Guard } from '../store.js';
import { openAlertOf } from './alerts.js';
import type { Tables } from './tables.js';

export function holds(tables: Tables, guard: Guard, now: number): boolean {
  switch (guard.guard) {
    case 'fence': {
      const job = tables.jobs.get(guard.jobId);
      return job?.state === 'running' && job.fence === guard.fence;
    }
    case 'jobState': {
      const job = tables.jobs.get(guard.jobId);
      return job !== null && guard.states.includes(job.state);
    }
    case 'newDelivery':
      return tables.deliveryKeys.get(guard.connectionId, guard.dedupeKey) === null;
    case 'credentialsVersion':
      return (tables.credentials.get(guard.connectionId)?.version ?? 0) === guard.version;
    case 'pairingCode': {
      const code = tables.pairingCodes.get(guard.codeHash);
      return code !== null && code.usedAt === null && code.expiresAt > now;
    }
    case 'scheduleAt':
      return tables.schedules.get(guard.name, guard.connectionId)?.nextAt === guard.nextAt;
    case 'breakerIs': {
      const connection = tables.connections.get(guard.connectionId);
      return connection !== null && sameBreaker(connection.breaker, guard.breaker);
    }
    case 'batchState': {
      const batch = tables.batches.get(guard.batchId);
      return batch !== null && guard.states.includes(batch.state);
    }
    case 'noOpenAlert':
      return openAlertOf(tables, guard.orgId, guard.key) === null;
    case 'openAlert':
      return tables.alerts.get(guard.id)?.clearedAt === null;
    default:
      return assertNever(guard);
  }
}
