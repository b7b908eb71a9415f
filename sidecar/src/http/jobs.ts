/** The queue for people: list, look at one, press what its row offers. */
import { z } from 'zod';
import { assertNever } from '../domain/assert-never.js';
import { JOB_STATES, type Job } from '../domain/job.js';
import type { Answer } from '../queue/operator.js';
import type { JobFilter, Page } from '../stores/store.js';
import type { Api } from './api-scope.js';
import type { JobAction, JobList } from './api.js';
import { ApiFailure, notFound } from './errors.js';
import { visibleConnections, type Identity } from './identity.js';
import { jobDetail } from './job-detail.js';
import { countJobs, shownIn } from './job-kinds.js';
import { jobRow, jobViewer, type JobViewer } from './job-view.js';
import type { HttpWorld } from './world.js';

const list = z.object({
  state: z.enum(JOB_STATES).optional(),
  connection: z.string().optional(),
  kind: z.string().optional(),
  cause: z.string().optional(),
  late: z.enum(['1', 'true']).optional(),
  search: z.string().trim().max(100).optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(20),
  sort: z.enum(['newest', 'oldest', 'next', 'updated']).default('newest'),
});
type ListQuery = z.output<typeof list>;

const params = z.object({ id: z.coerce.number().int().positive() });
const reason = z.string().trim().min(1, 'a reason is needed').max(500);
const action = z.discriminatedUnion('action', [
  z.object({ action: z.literal('retryNow') }),
  z.object({ action: z.literal('correct'), fields: z.record(z.string(), z.string().max(500)), reason }),
  z.object({ action: z.literal('forceDone'), reason }),
  z.object({ action: z.literal('cancel'), reason }),
  z.object({ action: z.literal('reopen'), reason }),
]);

export function jobRoutes(api: Api, world: HttpWorld): void {
  api.get('/jobs', { schema: { querystring: list } }, async ({ identity, query }) => listJobs(world, identity, query));
  api.get('/jobs/:id', { schema: { params } }, async ({ identity, params: { id } }) => {
    const viewer = await viewerOf(world, identity);
    return jobDetail(viewer, await visibleJob(viewer, id));
  });
  api.post(
    '/jobs/:id/actions',
    { config: { role: 'operator' }, schema: { params, body: action } },
    async ({ identity, params: { id }, body }) => {
      const viewer = await viewerOf(world, identity);
      const job = await visibleJob(viewer, id);
      accepted(await press(world, job.id, body, identity));
      return jobDetail(viewer, await visibleJob(viewer, id));
    },
  );
}

function press({ operator, now }: HttpWorld, jobId: number, body: JobAction, { who }: Identity): Promise<Answer> {
  const by = { who, reason: 'reason' in body ? body.reason : null, now: now() };
  switch (body.action) {
    case 'correct':
      return operator.correct(jobId, body.fields, by);
    case 'retryNow':
    case 'forceDone':
    case 'cancel':
    case 'reopen':
      return operator[body.action](jobId, by);
    default:
      return assertNever(body);
  }
}

const REFUSED = { not_found: 404, illegal_move: 409, invalid: 400 } as const;

/** @throws ApiFailure with the operator's sentence when it was refused. */
export function accepted(answer: Answer): void {
  if (!answer.ok) throw new ApiFailure(REFUSED[answer.error], answer.error, answer.sentence);
}

async function listJobs(world: HttpWorld, identity: Identity, query: ListQuery): Promise<JobList> {
  const viewer = await viewerOf(world, identity);
  const filter = filterOf(viewer, query);
  const page: Page = { limit: query.per_page, offset: (query.page - 1) * query.per_page, sort: query.sort };
  const { rows, total } = await world.store.jobs(shownIn(filter, query.state), page);
  const counts = await countJobs(world.store, filter);
  return { rows: await Promise.all(rows.map((job) => jobRow(viewer, job))), total, counts };
}

/** Always within what the asker may see, whatever the query names. */
function filterOf({ identity, connections, world }: JobViewer, query: ListQuery): JobFilter {
  const reachable = [...connections.keys()];
  const asked = query.connection === undefined ? reachable : reachable.filter((id) => id === query.connection);
  return {
    orgId: identity.orgId,
    connectionIds: asked,
    ...(query.kind === undefined ? {} : { kinds: [query.kind] }),
    ...(query.cause === undefined ? {} : { failureKind: query.cause }),
    ...(query.search === undefined || query.search === '' ? {} : { search: query.search }),
    ...(query.late === undefined ? {} : { late: { now: world.now() } }),
  };
}

async function viewerOf(world: HttpWorld, identity: Identity): Promise<JobViewer> {
  return jobViewer(world, identity, await visibleConnections(world.store, identity));
}

async function visibleJob({ world, identity, connections }: JobViewer, id: number): Promise<Job> {
  const job = await world.store.job(id);
  if (job === null || job.orgId !== identity.orgId || !connections.has(job.connectionId)) throw notFound('job');
  return job;
}
