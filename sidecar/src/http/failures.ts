/** What failed, put together by what it has in common, with what to do about all of it at once. */
import { z } from 'zod';
import { groupCure } from '../domain/group-cure.js';
import { mayMove, type Job } from '../domain/job.js';
import { kindSpec } from '../domain/kinds.js';
import type { FailureGroup } from '../stores/store.js';
import type { Api } from './api-scope.js';
import type { FailureGroupRow, FailureList } from './api.js';
import { iso } from './connection-view.js';
import { mayAct, type Identity } from './identity.js';
import { filterOf } from './job-filter.js';
import { jobRow, viewerOf, type JobViewer } from './job-view.js';
import type { HttpWorld } from './world.js';

const GROUPS_SHOWN = 100;
const query = z.object({ connection: z.string().max(100).optional() });

export function failureRoutes(api: Api, world: HttpWorld): void {
  api.get('/failures', { schema: { querystring: query } }, async ({ identity, query: { connection } }) =>
    failures(world, identity, connection),
  );
}

async function failures(world: HttpWorld, identity: Identity, connection: string | undefined): Promise<FailureList> {
  const viewer = await viewerOf(world, identity);
  const filter = await filterOf(viewer, { connection });
  const groups = await world.store.failureGroups(filter, GROUPS_SHOWN);
  const { dead: total } = await world.store.countByState(filter);
  const rows = await Promise.all(groups.map((group) => groupRow(viewer, group)));
  return { rows: rows.filter((row) => row !== null), total };
}

/** @returns null when the example was pruned since the groups were counted: the next look has another. */
async function groupRow(viewer: JobViewer, group: FailureGroup): Promise<FailureGroupRow | null> {
  const { kind, connectionId, cause, count, firstAt, lastAt, jobId } = group;
  const job = await viewer.world.store.job(jobId);
  if (job === null) return null;
  const example = await jobRow(viewer, job);
  const { lastFailure: failure } = job;
  return {
    filter: { state: 'dead', connection: connectionId, kind, cause },
    count,
    title: titleOf(kind, example.connection.name),
    sentence: sentenceOf(job),
    cure: groupCure(failure, count),
    fix: fixFor(failure?.kind, connectionId),
    failure: { kind: failure?.kind ?? '', status: failure?.status ?? null, code: failure?.code ?? null },
    connection: example.connection,
    firstAt: iso(firstAt) ?? '',
    lastAt: iso(lastAt) ?? '',
    example: { jobId, title: example.title },
    actions: mayAct(viewer.identity, 'operator') ? ACTIONS : [],
  };
}

const ACTIONS = (['retryNow', 'forceDone', 'cancel'] as const).filter((move) => mayMove(move, 'dead'));

/** Of a wait that was in vain only the job's own words say what it was for. */
function sentenceOf({ lastFailure, sentence }: Job): string {
  const own = sentence ?? 'Needs attention.';
  return lastFailure === null || lastFailure.code === 'wait_expired' ? own : lastFailure.summary;
}

/** "Send an order to Warehouse North" */
function titleOf(kind: string, connection: string): string {
  return kindSpec(kind).title.replace('order {subject}', 'an order').replace('{connection}', connection);
}

function fixFor(failureKind: string | undefined, connection: string): FailureGroupRow['fix'] {
  if (failureKind === 'mapping_missing') return { screen: 'articles', connection };
  return failureKind === 'unauthorized' ? { screen: 'connection', connection } : null;
}
