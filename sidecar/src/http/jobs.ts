/** The queue for people: list, look at one, press what its row offers. */
import { z } from 'zod';
import { assertNever } from '../domain/assert-never.js';
import type { Job } from '../domain/job.js';
import type { Answer } from '../queue/operator.js';
import { MOVED_FROM } from '../queue/press-many.js';
import type { Page } from '../stores/store.js';
import type { Api } from './api-scope.js';
import type { JobAction, JobList, RemoteCheck } from './api.js';
import { ApiFailure, notFound } from './errors.js';
import { mayAct, type Identity } from './identity.js';
import { batchesInSight } from './batch-view.js';
import { jobDetail } from './job-detail.js';
import { filterOf, isNarrowed, jobFilterFields, meantUnder } from './job-filter.js';
import { countJobs, shownIn } from './job-kinds.js';
import { jobRow, viewerOf, type JobViewer } from './job-view.js';
import { remoteCheck } from './remote-check.js';
import type { HttpWorld } from './world.js';

const list = z.object({
  ...jobFilterFields,
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
  api.get(
    '/jobs/:id/remote-check',
    { config: { role: 'operator' }, schema: { params } },
    async ({ identity, params: { id } }): Promise<RemoteCheck> => {
      const viewer = await viewerOf(world, identity);
      const check = await remoteCheck(world, viewer, await visibleJob(viewer, id));
      return check ?? { found: 'unknown', sentence: 'There is nothing to ask about this job.' };
    },
  );
  api.post(
    '/jobs/:id/actions',
    { config: { role: 'operator' }, schema: { params, body: action } },
    async ({ identity, params: { id }, body }) => {
      const viewer = await viewerOf(world, identity);
      const job = await visibleJob(viewer, id);
      const seen = body.action === 'forceDone' ? await remoteCheck(world, viewer, job) : null;
      accepted(await press(world, job.id, body, identity, seen?.sentence));
      return jobDetail(viewer, await visibleJob(viewer, id));
    },
  );
}

/** @param seen what the other side said when it was asked before. */
function press(
  { operator, now }: HttpWorld,
  jobId: number,
  body: JobAction,
  { who }: Identity,
  seen: string | undefined,
): Promise<Answer> {
  const asked = { who, reason: 'reason' in body ? body.reason : null, now: now() };
  const by = seen === undefined ? asked : { ...asked, seen };
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
  const filter = await filterOf(viewer, query);
  const page: Page = { limit: query.per_page, offset: (query.page - 1) * query.per_page, sort: query.sort };
  const { rows, total } = await world.store.jobs(shownIn(filter, query.state), page);
  const counts = await countJobs(world.store, filter);
  return {
    rows: await Promise.all(rows.map((job) => jobRow(viewer, job))),
    total,
    counts,
    bulk: await bulkOf(viewer, query),
    batches: await batchesInSight(viewer),
  };
}

/** What may be pressed on all that match. A list that nothing narrows offers nothing: that would be all there are. */
async function bulkOf(viewer: JobViewer, query: ListQuery): Promise<JobList['bulk']> {
  if (!mayAct(viewer.identity, 'operator') || !isNarrowed(query)) return [];
  const counts = await viewer.world.store.countByState(await meantUnder(viewer, query));
  return (['retryNow', 'forceDone', 'cancel'] as const).flatMap((move) => {
    const count = MOVED_FROM[move].reduce((sum, state) => sum + counts[state], 0);
    return count === 0 ? [] : [{ move, count }];
  });
}

async function visibleJob({ world, identity, connections }: JobViewer, id: number): Promise<Job> {
  const job = await world.store.job(id);
  if (job === null || job.orgId !== identity.orgId || !connections.has(job.connectionId)) throw notFound('job');
  return job;
}
