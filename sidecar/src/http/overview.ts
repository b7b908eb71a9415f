/** Is it flowing, what is stuck, what do I press: one call a refresh. */
import type { Connection } from '../domain/connection.js';
import type { JobState } from '../domain/job.js';
import type { Stats } from '../stores/store.js';
import { backlogForecast, openAlerts, slaRows } from './alerts.js';
import type { Api } from './api-scope.js';
import type { ConnectionRow, Overview } from './api.js';
import { openLines } from './articles.js';
import { connectionRows, iso } from './connection-view.js';
import { visibleConnections, type Identity } from './identity.js';
import { countJobs } from './job-kinds.js';
import { scheduleRows } from './schedules.js';
import type { HttpWorld } from './world.js';

export function overviewRoutes(api: Api, world: HttpWorld): void {
  api.get('/overview', async ({ identity }) => overview(world, identity));
}

async function overview(world: HttpWorld, identity: Identity): Promise<Overview> {
  const { store } = world;
  const now = world.now();
  const connections = await visibleConnections(store, identity);
  const connectionIds = connections.map(({ id }) => id);
  const filter = { orgId: identity.orgId, connectionIds };
  const [counts, stats, rows] = await Promise.all([
    countJobs(store, filter),
    store.stats(now, identity.orgId, connectionIds),
    connectionRows(world, identity, connections),
  ]);
  const retrying = await store.jobs({ ...filter, states: ['retrying'] }, { limit: 1, offset: 0, sort: 'next' });
  const mood = moodOf(counts, rows);
  return {
    now: iso(now) ?? '',
    sentence: await sentence(world, filter, mood, counts, stats, rows),
    mood,
    counts,
    nextRetryAt: iso(retrying.rows[0]?.runAt ?? null),
    oldestWaitingAt: iso(stats.oldestWaitingAt),
    late: stats.late,
    hours: stats.hours.map(({ startsAt, done, failed }) => ({ startsAt: iso(startsAt) ?? '', done, failed })),
    connections: rows,
    schedules: await scheduleRows(world, connections),
    checklist: await checklist(world, connections, rows),
    alerts: await openAlerts(world, identity, connections),
    forecast: await backlogForecast(store, identity.orgId, connections, stats, now),
    sla: slaRows(stats),
  };
}

function moodOf(counts: Record<JobState, number>, rows: readonly ConnectionRow[]): Overview['mood'] {
  if (counts.dead > 0 || rows.some((row) => row.state === 'paused' || row.breaker !== 'closed')) return 'attention';
  return counts.retrying + counts.blocked > 0 ? 'waiting' : 'flowing';
}

async function sentence(
  { store }: HttpWorld,
  filter: { orgId: string; connectionIds: string[] },
  mood: Overview['mood'],
  counts: Record<JobState, number>,
  { ordersSentToday }: Stats,
  rows: readonly ConnectionRow[],
): Promise<string> {
  const reached = `${orders(ordersSentToday)} reached the warehouse today.`;
  if (mood === 'flowing') return `Everything is flowing. ${reached}`;
  if (mood === 'waiting')
    return `Flowing; ${jobs(counts.retrying + counts.blocked)} wait for a next try or for something missing. ${reached}`;
  const stopped = rows.find((row) => row.state === 'paused') ?? rows.find((row) => row.breaker !== 'closed');
  if (counts.dead === 0) return stopped === undefined ? reached : `${stopped.name}: ${stopped.sentence}`;
  const { rows: dead } = await store.jobs({ ...filter, states: ['dead'] }, { limit: 1, offset: 0, sort: 'updated' });
  const why = dead[0]?.lastFailure?.summary ?? dead[0]?.sentence ?? 'see the list.';
  return counts.dead === 1
    ? `1 job needs attention: ${why}`
    : `${jobs(counts.dead)} need attention. The latest: ${why}`;
}

const orders = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);
const jobs = (count: number): string => (count === 1 ? '1 job' : `${count} jobs`);

async function checklist(
  world: HttpWorld,
  connections: readonly Connection[],
  rows: readonly ConnectionRow[],
): Promise<Overview['checklist']> {
  const warehouses = connections.filter((one) => one.platform !== 'woocommerce');
  const answered = warehouses.some((one) => one.lastSuccessAt !== null);
  const hooks = rows.filter((row) => row.webhooks !== 'not_applicable');
  const open = (await Promise.all(warehouses.map((one) => openLines(world.store, one)))).reduce(
    (sum, lines) => sum + lines.size,
    0,
  );
  const sent =
    (await Promise.all(warehouses.map((one) => world.store.mappings(one.id, 'order', 1, 0)))).flat().length > 0;
  return [
    {
      id: 'store',
      label: 'The shop is paired',
      done: connections.some((one) => one.platform === 'woocommerce'),
      hint: 'Run "tallyman pair" and enter the code in the shop.',
    },
    {
      id: 'warehouse',
      label: 'Connect the warehouse',
      done: answered,
      hint: answered ? '' : 'Enter its address and credentials under Connections, then press Test.',
    },
    {
      id: 'webhooks',
      label: 'Hear from the warehouse',
      done: hooks.some((row) => row.webhooks === 'registered'),
      hint: webhooksHint(world, hooks),
    },
    {
      id: 'articles',
      label: 'Match products with articles',
      done: answered && open === 0,
      hint: open === 0 ? '' : `${open} products of waiting orders have no article yet.`,
    },
    {
      id: 'first-order',
      label: 'Send a first order',
      done: sent,
      hint: sent ? '' : 'Place a test order in the shop and watch it arrive.',
    },
  ];
}

function webhooksHint({ publicUrl }: HttpWorld, rows: readonly ConnectionRow[]): string {
  if (publicUrl === null)
    return 'Without a public address (TALLYMAN_PUBLIC_URL) the warehouse is asked every 5 minutes. That works too, only slower.';
  return rows.some((row) => row.webhooks === 'failing')
    ? 'The webhooks could not be registered; see the jobs that need attention.'
    : '';
}
