/** One press on many: what it would do, start it, watch it, stop it, let it go on. */
import { z } from 'zod';
import { BATCH_STATES, type Batch } from '../domain/batch.js';
import { draftBatch, type BatchOrder } from '../queue/batch.js';
import type { Api } from './api-scope.js';
import type { BatchDraft, BatchList, BatchRow } from './api.js';
import { batchRow, batchRows, isVisible } from './batch-view.js';
import { ApiFailure, invalid, notFound } from './errors.js';
import type { Identity } from './identity.js';
import { isNarrowed, jobFilterFields, meantUnder } from './job-filter.js';
import { jobRow, viewerOf, type JobViewer } from './job-view.js';
import { accepted } from './jobs.js';
import type { HttpWorld } from './world.js';

const TICKED_AT_MOST = 500;
const LISTED = 100;

const input = z.object({
  move: z.enum(['retryNow', 'forceDone', 'cancel']),
  filter: z.strictObject(jobFilterFields).optional(),
  ids: z.array(z.number().int().positive()).min(1).max(TICKED_AT_MOST).optional(),
  reason: z.string().trim().max(500).optional(),
  lastJobId: z.number().int().nonnegative().optional(),
  dryRun: z.boolean().optional(),
});
type Input = z.output<typeof input>;

const query = z.object({ state: z.enum(BATCH_STATES).optional() });
const params = z.object({ id: z.string().max(100) });

export function batchRoutes(api: Api, world: HttpWorld): void {
  const operator = { config: { role: 'operator' } } as const;
  api.get(
    '/batches',
    { schema: { querystring: query } },
    async ({ identity, query: { state } }): Promise<BatchList> => {
      const viewer = await viewerOf(world, identity);
      const filter = { orgId: identity.orgId, ...(state === undefined ? {} : { states: [state] }) };
      return { rows: await batchRows(viewer, await world.store.batches(filter, LISTED)) };
    },
  );
  api.get('/batches/:id', { schema: { params } }, async ({ identity, params: { id } }) =>
    visibleRow(world, identity, id),
  );
  api.post('/batches', { ...operator, schema: { body: input } }, async ({ identity, body }, reply) => {
    const viewer = await viewerOf(world, identity);
    const order = await orderOf(viewer, body);
    if (body.dryRun === true) return draft(world, viewer, order);
    return reply.code(201).send(await start(world, identity, order, body.reason ?? null));
  });
  for (const action of ['stop', 'resume'] as const) {
    api.post(`/batches/:id/${action}`, { ...operator, schema: { params } }, async ({ identity, params: { id } }) => {
      await visibleBatch(await viewerOf(world, identity), id);
      const by = { who: identity.who, reason: null, now: world.now() };
      accepted(await world.operator[`${action}Batch`](id, by));
      return visibleRow(world, identity, id);
    });
  }
}

async function start(
  world: HttpWorld,
  identity: Identity,
  order: BatchOrder,
  reason: string | null,
): Promise<BatchRow> {
  const by = { who: identity.who, reason, now: world.now() };
  const answer = await world.operator.startBatch(order, world.newId(), by);
  if (!answer.started) throw new ApiFailure(answer.error === 'invalid' ? 400 : 409, answer.error, answer.sentence);
  return batchRow(await viewerOf(world, identity), answer.batch);
}

async function draft({ store }: HttpWorld, viewer: JobViewer, order: BatchOrder): Promise<BatchDraft> {
  const { title, total, lastJobId, examples } = await draftBatch(order, store);
  const jobs = await Promise.all(examples.map((id) => store.job(id)));
  const rows = await Promise.all(jobs.flatMap((job) => (job === null ? [] : [jobRow(viewer, job)])));
  const shown = rows.map((row) => ({ id: row.id, title: row.title, sentence: row.sentence }));
  return { state: 'draft', title, total, lastJobId, examples: shown };
}

/** @throws ApiFailure when neither says which jobs: an empty filter would mean all there are. */
async function orderOf(viewer: JobViewer, { move, filter, ids, lastJobId }: Input): Promise<BatchOrder> {
  const { orgId } = viewer.identity;
  const asked = { orgId, move, lastJobId: lastJobId ?? null };
  if (ids !== undefined) {
    if (filter !== undefined) throw invalid('Give either "ids" or "filter", not both.');
    return { ...asked, meant: { orgId, connectionIds: [...viewer.connections.keys()], ids: [...new Set(ids)] } };
  }
  if (filter === undefined || !isNarrowed(filter)) throw invalid('Say which jobs are meant: "filter" or "ids".');
  return { ...asked, meant: await meantUnder(viewer, filter) };
}

async function visibleRow(world: HttpWorld, identity: Identity, id: string): Promise<BatchRow> {
  const viewer = await viewerOf(world, identity);
  return batchRow(viewer, await visibleBatch(viewer, id));
}

async function visibleBatch(viewer: JobViewer, id: string): Promise<Batch> {
  const batch = await viewer.world.store.batch(id);
  if (batch === null || !isVisible(viewer, batch)) throw notFound('batch');
  return batch;
}
