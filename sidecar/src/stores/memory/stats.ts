/** Figures for the screen, the alerts and the forecast, counted job by job. */
import { FLOW_MS } from '../store.js';
import type { Stats } from '../store.js';
import { isLate } from './filter.js';
import type { MemoryJob } from './job-table.js';
import type { Tables } from './tables.js';

const HOUR_MS = 3_600_000;
const HOURS_SHOWN = 24;
const DAY_MS = 24 * HOUR_MS;

export function stats(tables: Tables, now: number, orgId: string, connectionIds: readonly string[]): Stats {
  const isOurs = (row: { orgId: string; connectionId: string }): boolean =>
    row.orgId === orgId && connectionIds.includes(row.connectionId);
  const jobs = tables.jobs.all().filter(isOurs);
  const sent = tables.mappings
    .all()
    .filter((mapping) => isOurs(mapping) && mapping.type === 'order' && (mapping.knownAt ?? -1) >= now - DAY_MS);
  return {
    hours: hours(jobs, now),
    oldestWaitingAt: oldestWaiting(jobs, now),
    late: jobs.filter((job) => isLate(job, now)).length,
    ordersSentToday: sent.length,
    sla: sla(jobs, now),
    flow: [...new Set(connectionIds)].map((connectionId) => ({
      connectionId,
      ...flow(
        jobs.filter((job) => job.connectionId === connectionId),
        now,
      ),
    })),
  };
}

function hours(jobs: readonly MemoryJob[], now: number): Stats['hours'] {
  const firstHour = Math.floor(now / HOUR_MS) * HOUR_MS - (HOURS_SHOWN - 1) * HOUR_MS;
  return Array.from({ length: HOURS_SHOWN }, (_, hour) => {
    const startsAt = firstHour + hour * HOUR_MS;
    const ended = jobs.filter(
      ({ finishedAt }) => finishedAt !== null && finishedAt >= startsAt && finishedAt < startsAt + HOUR_MS,
    );
    const count = (state: string): number => ended.filter((job) => job.state === state).length;
    return { startsAt, done: count('done'), failed: count('dead') };
  });
}

function sla(jobs: readonly MemoryJob[], now: number): Stats['sla'] {
  const counted = jobs.filter(
    ({ deadlineAt, finishedAt }) => deadlineAt !== null && (finishedAt === null || finishedAt >= now - DAY_MS),
  );
  const kinds = [...new Set(counted.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const ofKind = counted.filter((job) => job.kind === kind);
    const breached = ofKind.filter(({ deadlineAt, finishedAt }) => (deadlineAt ?? now) < (finishedAt ?? now));
    return { kind, total: ofKind.length, breached: breached.length };
  });
}

function flow(jobs: readonly MemoryJob[], now: number): Omit<Stats['flow'][number], 'connectionId'> {
  const waiting = jobs.filter(
    ({ state, queuedAt }) => state === 'running' || state === 'retrying' || (state === 'queued' && queuedAt <= now),
  );
  return {
    waiting: waiting.length,
    oldestWaitingAt: oldestWaiting(jobs, now),
    arrived: jobs.filter(({ createdAt }) => createdAt > now - FLOW_MS).length,
    finished: jobs.filter(({ finishedAt }) => finishedAt !== null && finishedAt > now - FLOW_MS).length,
  };
}

function oldestWaiting(jobs: readonly MemoryJob[], now: number): number | null {
  const waiting = jobs.filter(({ state, queuedAt }) => (state === 'queued' || state === 'retrying') && queuedAt <= now);
  return waiting.reduce<number | null>((least, { queuedAt }) => Math.min(least ?? queuedAt, queuedAt), null);
}
