/** What the sidecar does by the clock: last and next run of each schedule, and running one now. */
import { z } from 'zod';
import type { Connection } from '../domain/connection.js';
import type { Schedule } from '../stores/store.js';
import type { Api } from './api-scope.js';
import type { ScheduleRow } from './api.js';
import { iso } from './connection-view.js';
import { notFound } from './errors.js';
import { visibleConnection, visibleConnections, type Identity } from './identity.js';
import type { HttpWorld } from './world.js';

/** Beyond its own rhythm; less is the ordinary unrest of timers. */
const LATE_MS = 60_000;

const run = z.object({ connectionId: z.string(), name: z.string() });

export function scheduleRoutes(api: Api, world: HttpWorld): void {
  api.get('/schedules', async ({ identity }) => {
    return { rows: await scheduleRows(world, await visibleConnections(world.store, identity)) };
  });
  api.post('/schedules/run', { config: { role: 'operator' }, schema: { body: run } }, async ({ identity, body }) => {
    await runNow(world, identity, await visibleConnection(world.store, identity, body.connectionId), body.name);
    return { ok: true };
  });
}

export async function scheduleRows(world: HttpWorld, connections: readonly Connection[]): Promise<ScheduleRow[]> {
  const ids = new Set(connections.map(({ id }) => id));
  const schedules = (await world.store.schedules()).filter(({ connectionId }) => ids.has(connectionId));
  return Promise.all(schedules.map((schedule) => scheduleRow(world, schedule)));
}

async function scheduleRow(world: HttpWorld, schedule: Schedule): Promise<ScheduleRow> {
  const { name, connectionId, everyMs, lastAt, nextAt, lastJobId } = schedule;
  const job = lastJobId === null ? null : await world.store.job(lastJobId);
  return {
    name,
    connectionId,
    label: world.schedules.label(name),
    everySeconds: Math.round(everyMs / 1000),
    lastAt: iso(lastAt),
    nextAt: iso(nextAt) ?? '',
    lastOutcome: job?.sentence ?? null,
    late: nextAt + LATE_MS < world.now(),
  };
}

async function runNow(world: HttpWorld, identity: Identity, connection: Connection, name: string): Promise<void> {
  const now = world.now();
  const write = world.schedules.runNow(name, connection, identity.who, now);
  if (write === null) throw notFound('schedule');
  const { orgId, who } = identity;
  const about = { orgId, connectionId: connection.id, jobId: null, subject: `connection:${connection.id}` };
  const activity = {
    ...about,
    who,
    what: `"${world.schedules.label(name)}" run now`,
    why: null,
    before: null,
    after: null,
  };
  const answer = await world.store.apply({ now, guards: [], writes: [write, { write: 'insertActivity', activity }] });
  const [queued] = answer.applied ? answer.results : [];
  if (queued?.kind === 'enqueued' && queued.how === 'coalesced') await atOnce(world, queued.jobId, now);
  world.nudge();
}

/** Merged into one that waits for its next try: pressed means now. */
async function atOnce(world: HttpWorld, jobId: number, now: number): Promise<void> {
  const job = await world.store.job(jobId);
  if (job?.state !== 'retrying') return;
  const move = { write: 'moveJob', jobId, move: 'retryNow', patch: { runAt: now } } as const;
  await world.store.apply({ now, guards: [], writes: [move] });
}
