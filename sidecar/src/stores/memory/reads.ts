/** Reads of everything but jobs. */
import type { Batch } from '../../domain/batch.js';
import type { Connection } from '../../domain/connection.js';
import type { EntityRecord } from '../../domain/record.js';
import type { Store } from '../store.js';
import { alertsOf } from './alerts.js';
import { connectionWithVersion } from './connections.js';
import { deliveriesOf, deliveryPage } from './deliveries.js';
import { byRemote, shown } from './mappings.js';
import { outboxStream } from './outbox.js';
import { stats } from './stats.js';
import type { Tables } from './tables.js';

type RecordFilter = Parameters<Store['records']>[0];
type ActivityFilter = Parameters<Store['activity']>[0];

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
    deliveries: async (filter, limit) => deliveriesOf(tables, filter).slice(0, limit),
    deliveryPage: async (filter, page) => deliveryPage(tables, filter, page),
    outboxStream: async (connectionId, epoch) => outboxStream(tables, connectionId, epoch),
    outboxUuid: async (connectionId, epoch, sequence) => tables.seen.get(connectionId, epoch, sequence)?.uuid ?? null,
    schedules: async () =>
      tables.schedules.all().sort((a, b) => compare(a.name, b.name) || compare(a.connectionId, b.connectionId)),
    tokenByHash: async (hash) => tables.tokens.all().find((token) => token.hash === hash) ?? null,
    tokens: async () => tables.tokens.all().sort((a, b) => a.createdAt - b.createdAt || compare(a.id, b.id)),
    meta: async (key) => tables.meta.get(key),
    stats: async (now, orgId, connectionIds) => stats(tables, now, orgId, connectionIds),
    nextDueAt: async () => nextDueAt(tables),
    lastJobId: async () => tables.lastId('job'),
    batch: async (id) => tables.batches.get(id),
    batches: async (filter, limit) => batches(tables, filter).slice(0, limit),
    alerts: async (filter, limit) => alertsOf(tables, filter).slice(0, limit),
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

/** Newest first. */
function batches(tables: Tables, { orgId, states }: Parameters<Store['batches']>[0]): Batch[] {
  return tables.batches
    .all()
    .filter((batch) => (orgId === undefined || batch.orgId === orgId) && (states?.includes(batch.state) ?? true))
    .sort((a, b) => b.createdAt - a.createdAt || compare(b.id, a.id));
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
