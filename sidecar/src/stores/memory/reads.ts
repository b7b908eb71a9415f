/** Reads of everything but jobs. */
import type { Connection } from '../../domain/connection.js';
import type { EntityRecord } from '../../domain/record.js';
import type { Store, Stats } from '../store.js';
import { connectionWithVersion } from './connections.js';
import { isLate } from './filter.js';
import { byRemote, shown } from './mappings.js';
import { outboxStream } from './outbox.js';
import type { Tables } from './tables.js';

type RecordFilter = Parameters<Store['records']>[0];
type ActivityFilter = Parameters<Store['activity']>[0];

const HOUR_MS = 3_600_000;
const HOURS_SHOWN = 24;

export function readsOf(tables: Tables) {
  return {
    attempts: async (jobId: number) => byId(tables.attempts.all().filter((attempt) => attempt.jobId === jobId)),
    activity: async (filter: ActivityFilter, limit: number) => activity(tables, filter).slice(0, limit),
    record: async (connectionId, type, remoteId) => tables.records.get(connectionId, type, remoteId),
    records: async (filter: RecordFilter) => records(tables, filter),
    mapping: async (connectionId, type, localId) => {
      const found = tables.mappings.get(connectionId, type, localId);
      return found === null ? null : shown(found);
    },
    mappingByRemote: async (connectionId, type, remoteId) => byRemote(tables, connectionId, type, remoteId),
    mappings: async (connectionId, type, limit, offset) => {
      const ours = tables.mappings.all().filter((one) => one.connectionId === connectionId && one.type === type);
      return ours
        .sort((a, b) => compare(a.localId, b.localId))
        .slice(offset, offset + limit)
        .map(shown);
    },
    hasFact: async (fact) => tables.facts.get(fact) !== null,
    settlement: async (connectionId, subject) => tables.settlements.get(connectionId, subject),
    overrides: async (connectionId, subject) =>
      tables.overrides
        .all()
        .filter((override) => override.connectionId === connectionId && override.subject === subject)
        .sort((a, b) => compare(a.field, b.field)),
    connection: async (id) => {
      const found = tables.connections.get(id);
      return found === null ? null : connectionWithVersion(tables, found);
    },
    connections: async (orgId) => connections(tables, orgId),
    credentials: async (connectionId) => tables.credentials.get(connectionId),
    delivery: async (id) => tables.deliveries.get(id),
    deliveryByKey: async (connectionId, dedupeKey) => {
      const id = tables.deliveryKeys.get(connectionId, dedupeKey);
      return id === null ? null : { id };
    },
    deliveries: async ({ connectionId, states }, limit) =>
      tables.deliveries
        .all()
        .filter((one) => connectionId === undefined || one.connectionId === connectionId)
        .filter(({ state }) => states === undefined || states.includes(state))
        .sort((a, b) => a.receivedAt - b.receivedAt || compare(a.id, b.id))
        .slice(0, limit),
    outboxStream: async (connectionId, epoch) => outboxStream(tables, connectionId, epoch),
    outboxUuid: async (connectionId, epoch, sequence) => tables.seen.get(connectionId, epoch, sequence)?.uuid ?? null,
    schedules: async () =>
      tables.schedules.all().sort((a, b) => compare(a.name, b.name) || compare(a.connectionId, b.connectionId)),
    tokenByHash: async (hash) => tables.tokens.all().find((token) => token.hash === hash) ?? null,
    tokens: async () => tables.tokens.all().sort((a, b) => a.createdAt - b.createdAt || compare(a.id, b.id)),
    meta: async (key) => tables.meta.get(key),
    stats: async (now, orgId, connectionIds) => stats(tables, now, orgId, connectionIds),
    nextDueAt: async () => nextDueAt(tables),
  } satisfies Partial<Store>;
}

/** Newest first. */
function activity(tables: Tables, { jobId, subject, orgId }: ActivityFilter) {
  return byId(tables.activity.all())
    .reverse()
    .filter((row) => jobId === undefined || row.jobId === jobId)
    .filter((row) => subject === undefined || row.subject === subject)
    .filter((row) => orgId === undefined || row.orgId === orgId);
}

function records(tables: Tables, { connectionId, type, final, lookup, afterId, limit }: RecordFilter): EntityRecord[] {
  return tables.records
    .all()
    .filter((record) => record.connectionId === connectionId && record.type === type)
    .filter((record) => final === undefined || record.final === final)
    .filter((record) => lookup === undefined || record.lookup === lookup)
    .filter((record) => afterId === undefined || record.remoteId > afterId)
    .sort((a, b) => compare(a.remoteId, b.remoteId))
    .slice(0, limit);
}

function connections(tables: Tables, orgId: string | undefined): Connection[] {
  return tables.connections
    .all()
    .filter((connection) => orgId === undefined || connection.orgId === orgId)
    .sort((a, b) => a.createdAt - b.createdAt || compare(a.id, b.id))
    .map((connection) => connectionWithVersion(tables, connection));
}

function stats(tables: Tables, now: number, orgId: string, connectionIds: readonly string[]): Stats {
  const isOurs = (row: { orgId: string; connectionId: string }): boolean =>
    row.orgId === orgId && connectionIds.includes(row.connectionId);
  const jobs = tables.jobs.all().filter(isOurs);
  const firstHour = Math.floor(now / HOUR_MS) * HOUR_MS - (HOURS_SHOWN - 1) * HOUR_MS;
  const hours = Array.from({ length: HOURS_SHOWN }, (_, hour) => {
    const startsAt = firstHour + hour * HOUR_MS;
    const ended = jobs.filter(
      ({ finishedAt }) => finishedAt !== null && finishedAt >= startsAt && finishedAt < startsAt + HOUR_MS,
    );
    const count = (state: string): number => ended.filter((job) => job.state === state).length;
    return { startsAt, done: count('done'), failed: count('dead') };
  });
  const waiting = jobs.filter(({ state, queuedAt }) => (state === 'queued' || state === 'retrying') && queuedAt <= now);
  const sent = tables.mappings
    .all()
    .filter((mapping) => isOurs(mapping) && mapping.type === 'order' && (mapping.knownAt ?? -1) >= now - 24 * HOUR_MS);
  return {
    hours,
    oldestWaitingAt: smallest(waiting.map(({ queuedAt }) => queuedAt)),
    late: jobs.filter((job) => isLate(job, now)).length,
    ordersSentToday: sent.length,
  };
}

function nextDueAt(tables: Tables): number | null {
  const moments = [
    ...tables.jobs.waitingHeads().map(({ runAt }) => runAt),
    ...tables.jobs.all().flatMap(({ leaseUntil, blockedUntil }) => [leaseUntil, blockedUntil]),
    ...tables.connections.all().map(({ breaker }) => (breaker.state === 'open' ? breaker.probeAt : null)),
  ];
  return smallest(moments.filter((moment) => moment !== null));
}

const smallest = (moments: number[]): number | null =>
  moments.length === 0 ? null : moments.reduce((least, moment) => Math.min(least, moment));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byId = <Row extends { id: number }>(rows: Row[]): Row[] => rows.sort((a, b) => a.id - b.id);
