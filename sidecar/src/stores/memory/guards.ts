import { assertNever } from '../../domain/assert-never.js';
import type { Guard } from '../store.js';
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
    default:
      return assertNever(guard);
  }
}
