/** What people narrow the list of jobs to, in words of the address, as a filter of the store. */
import { z } from 'zod';
import { orderSubject } from '../domain/identity.js';
import { JOB_STATES } from '../domain/job.js';
import type { JobFilter } from '../stores/store.js';
import { shownIn } from './job-kinds.js';
import type { JobViewer } from './job-view.js';

const SPAN = /^(\d{1,4})([mhd])$/;
const moment = z.union([z.string().regex(SPAN), z.iso.datetime({ offset: true })]);

export const jobFilterFields = {
  state: z.enum(JOB_STATES).optional(),
  connection: z.string().max(100).optional(),
  kind: z.string().max(100).optional(),
  failure: z.string().max(100).optional(),
  cause: z.string().max(500).optional(),
  batch: z.string().max(100).optional(),
  late: z.enum(['1', 'true']).optional(),
  search: z.string().trim().max(100).optional(),
  since: moment.optional(),
  until: moment.optional(),
};

export type JobFilterQuery = z.output<z.ZodObject<typeof jobFilterFields>>;

type Bounded = JobFilter & { orgId: string; connectionIds: readonly string[] };

/** Always within what the asker may see, whatever the query names; the state is left to `shownIn`. */
export async function filterOf(viewer: JobViewer, query: JobFilterQuery): Promise<Bounded> {
  const { identity, connections, world } = viewer;
  const reachable = [...connections.keys()];
  const now = world.now();
  const { connection, kind, failure, cause, batch, search, late, since, until } = query;
  return {
    orgId: identity.orgId,
    connectionIds: connection === undefined ? reachable : reachable.filter((id) => id === connection),
    ...(kind === undefined ? {} : { kinds: [kind] }),
    ...(failure === undefined ? {} : { failureKind: failure }),
    ...(cause === undefined ? {} : { cause }),
    ...(batch === undefined ? {} : { batchId: batch }),
    ...(search === undefined || search === '' ? {} : await searched(viewer, search)),
    ...(late === undefined ? {} : { late: { now } }),
    ...(since === undefined ? {} : { updatedAfter: atMs(since, now) }),
    ...(until === undefined ? {} : { updatedBefore: atMs(until, now) }),
  };
}

/** What is listed under the query, as a press on all of it means it. */
export async function meantUnder(viewer: JobViewer, query: JobFilterQuery): Promise<Bounded> {
  const filter = await filterOf(viewer, query);
  return { ...filter, ...shownIn(filter, query.state) };
}

/** Where a shop numbers its orders by itself, its number is not the order's id, which is all that jobs know. */
async function searched(
  { world, connections }: JobViewer,
  search: string,
): Promise<Pick<JobFilter, 'search' | 'subject'>> {
  const number = search.replace(/^#/, '');
  for (const { id, platform } of connections.values()) {
    if (platform !== 'woocommerce') continue;
    const [record] = await world.store.records({ connectionId: id, type: 'order', lookup: number, limit: 1 });
    if (record !== undefined && record.remoteId !== number) return { subject: orderSubject(record.remoteId) };
  }
  return { search: number };
}

/** An empty word narrows nothing. */
export function isNarrowed(query: JobFilterQuery): boolean {
  return Object.keys(jobFilterFields).some((field) => (query[field as keyof JobFilterQuery] ?? '') !== '');
}

const MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function atMs(text: string, now: number): number {
  const [, count, unit] = SPAN.exec(text) ?? [];
  return unit === undefined ? Date.parse(text) : now - Number(count) * MS[unit as keyof typeof MS];
}
