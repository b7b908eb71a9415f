/** A batch as the screen shows it: how far it is, what came of its jobs, and when it should be through. */
import type { Batch } from '../domain/batch.js';
import { LIVE_STATES, type JobState } from '../domain/job.js';
import { meantBy } from '../queue/batch-filter.js';
import type { BatchRow } from './api.js';
import { iso } from './connection-view.js';
import { mayAct } from './identity.js';
import type { JobViewer } from './job-view.js';

type Counts = Readonly<Record<JobState, number>>;

/** A store's screen sees a batch only when all of what it means is that store's. */
export function isVisible(
  { identity, connections }: Pick<JobViewer, 'identity' | 'connections'>,
  batch: Batch,
): boolean {
  if (batch.orgId !== identity.orgId) return false;
  if (identity.storeId === null) return true;
  return meantBy(batch)?.connectionIds.every((id) => connections.has(id)) === true;
}

/** @returns those the viewer may see. */
export function batchRows(viewer: JobViewer, batches: readonly Batch[]): Promise<BatchRow[]> {
  return Promise.all(batches.filter((batch) => isVisible(viewer, batch)).map((batch) => batchRow(viewer, batch)));
}

const LOOKED_AT = 100;
const RECENTLY_ENDED_MS = 2 * 60_000;
const STOPPED_SHOWN_MS = 24 * 3_600_000;

/** Those the list of jobs tells about: going on, stopped today, or ended a moment ago. */
export async function batchesInSight(viewer: JobViewer): Promise<BatchRow[]> {
  const { store, now } = viewer.world;
  const all = await store.batches({ orgId: viewer.identity.orgId }, LOOKED_AT);
  const inSight = all.filter(({ state, updatedAt, finishedAt }) => {
    if (state === 'processing') return true;
    if (state === 'stopped') return updatedAt > now() - STOPPED_SHOWN_MS;
    return finishedAt !== null && finishedAt > now() - RECENTLY_ENDED_MS;
  });
  return batchRows(viewer, inSight);
}

export async function batchRow({ world: { store, now }, identity }: JobViewer, batch: Batch): Promise<BatchRow> {
  const counts = batch.finalCounts ?? (await store.countByState({ orgId: batch.orgId, batchId: batch.id }));
  const startedAt = batch.startedAt ?? batch.createdAt;
  const endedAt = batch.finishedAt ?? (batch.state === 'stopped' ? batch.updatedAt : now());
  return {
    id: batch.id,
    title: batch.title,
    state: batch.state,
    move: batch.move,
    sentence: sentence(batch, counts),
    total: batch.total,
    moved: batch.moved,
    counts: { ...counts },
    who: batch.who,
    reason: batch.reason,
    createdAt: iso(batch.createdAt) ?? '',
    finishedAt: iso(batch.finishedAt),
    durationMs: Math.max(0, endedAt - startedAt),
    expectedEndAt: iso(expectedEnd(batch, counts, startedAt, now())),
    actions: mayAct(identity, 'operator') ? actions(batch) : [],
  };
}

function actions({ state }: Batch): BatchRow['actions'] {
  if (state === 'processing') return ['stop'];
  return state === 'stopped' ? ['resume'] : [];
}

function sentence(batch: Batch, counts: Counts): string {
  switch (batch.state) {
    case 'draft':
      return 'Not started.';
    case 'processing':
      return batch.cursor < batch.lastJobId
        ? `${batch.moved} of ${batch.total} set going so far. ${outcome(counts)}`
        : outcome(counts);
    case 'stopped':
      return `${batch.note ?? 'Stopped.'} ${batch.moved} of ${batch.total} were set going; what is queued runs on.`;
    case 'done':
    case 'action_required':
    case 'failed':
      return batch.note ?? (total(counts) === 0 ? TAKEN_OVER : outcome(counts));
  }
}

const TAKEN_OVER = 'Its jobs belong to a later batch by now, or are no longer kept.';
const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** "211 done, 3 need attention." */
function outcome(counts: Counts): string {
  const live = liveOf(counts);
  const parts = [
    counts.done > 0 && `${counts.done} done`,
    counts.cancelled > 0 && `${counts.cancelled} cancelled`,
    counts.dead > 0 && `${counts.dead} ${counts.dead === 1 ? 'needs' : 'need'} attention`,
    live > 0 && `${live} under way`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'Nothing has ended yet.' : `${parts.join(', ')}.`;
}

const liveOf = (counts: Counts): number => LIVE_STATES.reduce((sum, state) => sum + counts[state], 0);

/** At the pace so far: what has ended, against what is left. */
function expectedEnd(
  { state, total, moved, cursor, lastJobId }: Batch,
  counts: Counts,
  startedAt: number,
  now: number,
) {
  const ended = counts.done + counts.dead + counts.cancelled;
  if (state !== 'processing' || ended === 0) return null;
  const stillToMove = cursor < lastJobId ? Math.max(0, total - moved) : 0;
  return now + ((now - startedAt) / ended) * (liveOf(counts) + stillToMove);
}
