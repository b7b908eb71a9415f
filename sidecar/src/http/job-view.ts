/** A job as the screen shows it: what it does, why it waits or failed, and what may be pressed. */
import type { Connection } from '../domain/connection.js';
import { orderSubject } from '../domain/identity.js';
import { LIVE_STATES, personMoves, type Job } from '../domain/job.js';
import { kindSpec } from '../domain/kinds.js';
import type { StoreOrder } from '../domain/order.js';
import type { JobRow } from './api.js';
import { iso } from './connection-view.js';
import { mayAct, visibleConnections, type Identity } from './identity.js';
import type { HttpWorld } from './world.js';

/** What the rows of one answer have in common, so that it is looked up once. */
export interface JobViewer {
  world: Pick<HttpWorld, 'store' | 'now'>;
  identity: Identity;
  connections: ReadonlyMap<string, Connection>;
}

export function jobViewer(
  world: Pick<HttpWorld, 'store' | 'now'>,
  identity: Identity,
  connections: readonly Connection[],
): JobViewer {
  return { world, identity, connections: new Map(connections.map((one) => [one.id, one])) };
}

/** @returns a viewer of all that the asker may see. */
export async function viewerOf(world: Pick<HttpWorld, 'store' | 'now'>, identity: Identity): Promise<JobViewer> {
  return jobViewer(world, identity, await visibleConnections(world.store, identity));
}

export async function jobRow(viewer: JobViewer, job: Job): Promise<JobRow> {
  const connection = viewer.connections.get(job.connectionId);
  const order = await orderOf(viewer, job, connection);
  const name = connection?.name ?? 'a connection that is gone';
  const { lastFailure: failure } = job;
  return {
    id: job.id,
    title: title(job, order, name),
    kind: job.kind,
    state: job.state,
    sentence: sentence(job, connection, viewer.world.now()),
    attempts: job.attempts,
    attemptsMax: kindSpec(job.kind).delaysMs.length + 1,
    runAt: job.state === 'queued' || job.state === 'retrying' ? iso(job.runAt) : null,
    createdAt: iso(job.createdAt) ?? '',
    updatedAt: iso(job.updatedAt) ?? '',
    connection: { id: job.connectionId, name },
    order,
    failure:
      failure === null
        ? null
        : {
            kind: failure.kind,
            summary: failure.summary,
            cure: failure.cure,
            status: failure.status,
            code: failure.code,
          },
    late: isLive(job) && job.deadlineAt !== null && job.deadlineAt < viewer.world.now(),
    actions: mayAct(viewer.identity, 'operator') ? personMoves(job) : [],
  };
}

const isLive = (job: Job): boolean => (LIVE_STATES as readonly string[]).includes(job.state);

export function title(job: Pick<Job, 'kind' | 'subject'>, order: JobRow['order'], connection: string): string {
  const subject = order === null ? job.subject.slice(job.subject.indexOf(':') + 1) : `#${order.number}`;
  return kindSpec(job.kind).title.replace('{subject}', subject).replace('{connection}', connection);
}

/** What holds the whole connection up comes first: the job's own last words may be older. */
function sentence(job: Job, connection: Connection | undefined, now: number): string {
  const waits = job.state === 'queued' || job.state === 'retrying';
  if (waits && connection?.state === 'paused')
    return `Waits: ${connection.name} is paused. It goes on after it is resumed.`;
  if (waits && connection !== undefined && connection.breaker.state !== 'closed') {
    return `Waits: ${connection.name} does not answer at the moment. It goes on by itself when it answers again.`;
  }
  return job.sentence ?? unsaid(job, now);
}

function unsaid({ state, runAt, lastFailure }: Job, now: number): string {
  if (state === 'queued') return runAt > now ? 'Waits for its time.' : 'Waits for its turn.';
  if (lastFailure !== null && (state === 'dead' || state === 'retrying')) return lastFailure.summary;
  return UNSAID[state];
}

const UNSAID = {
  running: 'Is being worked on right now.',
  retrying: 'Is tried again by itself.',
  blocked: 'Waits for something that is not there yet.',
  dead: 'Needs attention.',
  done: 'Done.',
  cancelled: 'Cancelled. It is not sent.',
} as const satisfies Record<Exclude<Job['state'], 'queued'>, string>;

async function orderOf(
  { world }: JobViewer,
  { subject }: Job,
  connection: Connection | undefined,
): Promise<JobRow['order']> {
  const prefix = orderSubject('');
  if (!subject.startsWith(prefix)) return null;
  const id = Number(subject.slice(prefix.length));
  const record = connection === undefined ? null : await world.store.record(connection.storeId, 'order', String(id));
  return { id, number: (record?.body as StoreOrder | null | undefined)?.number ?? String(id) };
}
