/** What has been kept long enough goes; mappings and settlements never do. */
import type { Retention } from '../store.js';
import { dropDelivery } from './deliveries.js';
import type { Tables } from './tables.js';

/** Long enough for a store that was restored from last week's backup. */
const SEEN_MS = 7 * 24 * 3_600_000;

export function prune(tables: Tables, now: number, retention: Retention, limit: number): number {
  const kinds = [
    () => oldJobs(tables, now - retention.doneJobsMs),
    () => oldActivity(tables, now - retention.activityMs),
    () => oldDeliveries(tables, now - Math.max(retention.dedupeKeyMs, retention.deliveryBodyMs)),
    () => oldBodies(tables, now - retention.deliveryBodyMs),
    () => oldRecords(tables, now - retention.recordBodyMs),
    () => oldSequences(tables, now - SEEN_MS),
    () => oldCodes(tables, now - SEEN_MS),
    () => oldBatches(tables, now - retention.activityMs),
    () => oldAlerts(tables, now - retention.activityMs),
  ];
  let pruned = 0;
  for (const find of kinds) {
    const steps = find().slice(0, limit - pruned);
    for (const step of steps) step();
    pruned += steps.length;
  }
  return pruned;
}

type Step = () => void;

function oldJobs(tables: Tables, before: number): Step[] {
  const old = tables.jobs
    .all()
    .filter(
      ({ state, finishedAt, settledBy }) =>
        state !== 'dead' && settledBy === null && finishedAt !== null && finishedAt < before,
    );
  return old.map((job) => () => {
    tables.jobs.drop(job);
    for (const { id, jobId } of tables.attempts.all()) if (jobId === job.id) tables.attempts.drop(id);
  });
}

function oldActivity(tables: Tables, before: number): Step[] {
  const old = tables.activity.all().filter(({ at }) => at < before);
  return old.map(
    ({ id }) =>
      () =>
        tables.activity.drop(id),
  );
}

function oldDeliveries(tables: Tables, before: number): Step[] {
  const old = tables.deliveries.all().filter(({ state, receivedAt }) => state !== 'received' && receivedAt < before);
  return old.map((delivery) => () => dropDelivery(tables, delivery));
}

function oldBodies(tables: Tables, before: number): Step[] {
  const old = tables.deliveries
    .all()
    .filter(({ state, body, receivedAt }) => state !== 'received' && body !== null && receivedAt < before);
  return old.map(({ id }) => () => {
    const delivery = tables.deliveries.get(id);
    if (delivery !== null) tables.deliveries.put({ ...delivery, body: null }, id);
  });
}

function oldRecords(tables: Tables, before: number): Step[] {
  const old = tables.records.all().filter(({ final, body, updatedAt }) => final && body !== null && updatedAt < before);
  return old.map((record) => () => {
    tables.records.put({ ...record, body: null }, record.connectionId, record.type, record.remoteId);
  });
}

/** Only below the run without holes: above it, a forgotten sequence would look missing. */
function oldSequences(tables: Tables, before: number): Step[] {
  const old = tables.seen.all().filter(({ connectionId, epoch, sequence, seenAt }) => {
    const run = tables.runs.get(connectionId, epoch);
    return seenAt < before && run !== null && sequence <= run.contiguous;
  });
  return old.map(
    ({ connectionId, epoch, sequence }) =>
      () =>
        tables.seen.drop(connectionId, epoch, sequence),
  );
}

function oldCodes(tables: Tables, before: number): Step[] {
  const old = tables.pairingCodes.all().filter(({ expiresAt }) => expiresAt < before);
  return old.map(
    ({ codeHash }) =>
      () =>
        tables.pairingCodes.drop(codeHash),
  );
}

function oldBatches(tables: Tables, before: number): Step[] {
  const old = tables.batches.all().filter(({ finishedAt }) => finishedAt !== null && finishedAt < before);
  return old.map(
    ({ id }) =>
      () =>
        tables.batches.drop(id),
  );
}

function oldAlerts(tables: Tables, before: number): Step[] {
  const old = tables.alerts.all().filter(({ clearedAt }) => clearedAt !== null && clearedAt < before);
  return old.map(
    ({ id }) =>
      () =>
        tables.alerts.drop(id),
  );
}
