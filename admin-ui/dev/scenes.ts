/** What a sidecar would answer in some typical moments of a shop. */
import type { ConnectionRow, JobRow, JobState, Overview } from '../src/api/types';
import { ARTICLES, FORM } from './forms.ts';
import { batchRow, batchesOf, bulkOf, deliveriesOf, deliveryDetail, draftOf, failuresOf, inSight } from './many.ts';
import { at, countsOf, jobDetail, jobRow, warehouse } from './rows.ts';

export const SCENES = ['full', 'empty', 'failing', 'busy', 'unreachable', 'unpaired', 'viewer', 'copy'] as const;
export type Scene = (typeof SCENES)[number];

interface World {
  jobs: JobRow[];
  overview: Overview;
}

export function worldOf(scene: Scene, now: number): World {
  const jobs = jobsOf(scene, now);
  const counts = countsOf(jobs);
  return { jobs, overview: overviewOf(scene, counts, now) };
}

function jobsOf(scene: Scene, now: number): JobRow[] {
  if (scene === 'empty') return [];
  const mix: JobState[] =
    scene === 'busy'
      ? ['queued', 'queued', 'running', 'done']
      : ['dead', 'done', 'retrying', 'blocked', 'done', 'queued', 'cancelled'];
  const many = scene === 'busy' ? 64 : 31;
  return Array.from({ length: many }, (_, at) => jobRow({ id: many - at, state: mix[at % mix.length] ?? 'done' }, now));
}

function overviewOf(scene: Scene, counts: Overview['counts'], now: number): Overview {
  const quiet = scene === 'empty';
  const failing = scene === 'failing';
  const outage = {
    breaker: 'open',
    nextProbeAt: at(2, now),
    sentence: 'The warehouse answers 503 since 10:12. Orders wait and lose no attempt.',
    lastFailure: { at: at(-1, now), summary: 'The warehouse answered 503: Service unavailable.' },
    webhooks: 'failing',
    waiting: 6,
    dead: 5,
  } as const;
  const north = warehouse(failing ? outage : {}, now);
  return {
    now: at(0, now),
    sentence: quiet
      ? 'Everything is ready. The first paid order goes out by itself.'
      : failing
        ? '5 orders need attention: the warehouse rejected their address.'
        : 'Everything is flowing. 214 orders reached the warehouse today.',
    mood: failing ? 'attention' : quiet ? 'waiting' : 'flowing',
    counts,
    nextRetryAt: counts.retrying > 0 ? at(4, now) : null,
    oldestWaitingAt: counts.queued > 0 ? at(-41, now) : null,
    late: failing ? 3 : 0,
    hours: Array.from({ length: 24 }, (_, hour) => ({
      startsAt: at((hour - 23) * 60, now),
      done: quiet ? 0 : Math.round(9 + 8 * Math.sin(hour / 3)),
      failed: failing && hour > 18 ? hour - 17 : 0,
    })),
    connections: quiet ? [store(now)] : [store(now), north],
    schedules: quiet ? [] : SCHEDULES.map((row) => ({ ...row, lastAt: at(-1, now), nextAt: at(1, now) })),
    checklist: [
      { id: 'store', label: 'Connect your shop', done: true, hint: '' },
      {
        id: 'warehouse',
        label: 'Connect the warehouse',
        done: !quiet,
        hint: 'You need the address and the login of its API.',
      },
      { id: 'webhooks', label: 'Register webhooks', done: !quiet, hint: 'Parcels then come back within seconds.' },
      { id: 'articles', label: 'Match products', done: !quiet && !failing, hint: '2 of 3 products are matched.' },
      {
        id: 'first-order',
        label: 'Send a first order',
        done: !quiet,
        hint: 'Place an order in your shop and watch it here.',
      },
    ],
    alerts: failing ? alertsOf(now) : [],
    forecast: scene === 'busy' ? forecastOf(now) : null,
    sla: quiet ? [] : SLA,
  };
}

const SLA: Overview['sla'] = [
  {
    kind: 'order.push',
    label: 'Orders',
    withinSeconds: 120,
    total: 214,
    late: 3,
    percent: 98,
    sentence: 'Orders: 98 % within 2 min, 3 late.',
  },
];

function alertsOf(now: number): Overview['alerts'] {
  const connection = { id: 'wms-north', name: 'Warehouse North' };
  const open = { connection, clearedAt: null, over: null };
  return [
    {
      ...open,
      id: 'a-1',
      kind: 'breaker_open',
      sentence: 'Warehouse North does not answer. 6 jobs wait and lose nothing. Tallyman looks again by itself.',
      openedAt: at(-14, now),
    },
    {
      ...open,
      id: 'a-2',
      kind: 'sla_breach',
      sentence: 'Oak & Linen: 12 jobs are past the time they should be done by.',
      openedAt: at(-9, now),
    },
  ];
}

function forecastOf(now: number): Overview['forecast'] {
  const sentence = '640 jobs wait for Warehouse North. The backlog clears in about 25 min.';
  return { trend: 'shrinks', sentence, clearsAt: at(25, now), willBeLate: 0 };
}

const SCHEDULES = [
  {
    name: 'store.net',
    connectionId: 'store',
    label: 'Look for orders that are due and not queued',
    everySeconds: 120,
    lastOutcome: 'Nothing found.',
    late: false,
  },
  {
    name: 'warehouse.poll-orders',
    connectionId: 'wms-north',
    label: 'Ask Warehouse North for changed orders',
    everySeconds: 7200,
    lastOutcome: 'The warehouse answered 503.',
    late: true,
  },
];

export interface Answer {
  status: number;
  body: unknown;
}

/** What the sidecar, or the plugin before it, would say. */
export function answerOf(
  scene: Scene,
  call: { method: string; path: string; query: URLSearchParams; body?: unknown },
  now: number,
): Answer {
  if (call.path === '/tallyman/v1/pair')
    return {
      status: 400,
      body: { code: 'bad_code', message: 'The sidecar does not know this code. Run “tallyman pair” again.' },
    };
  if (call.path === '/tallyman/v1/settings') return { status: 200, body: { alertMail: ['shop@oak.example'] } };
  if (scene === 'unreachable')
    return {
      status: 503,
      body: {
        code: 'sidecar_unreachable',
        message: 'The sidecar at http://127.0.0.1:7890 refused the connection.',
        data: { waiting: 7 },
      },
    };
  const path = call.path.replace('/tallyman/v1/proxy/api/v1', '');
  const { jobs, overview } = worldOf(scene, now);
  if (call.method !== 'GET') return written(path, call.body, now);
  if (path === '/overview') return { status: 200, body: overview };
  if (path === '/platforms') return { status: 200, body: { rows: [FORM] } };
  if (path === '/capabilities')
    return {
      status: 200,
      body: {
        protocol: 1,
        version: '0.1.0',
        features: [
          'jobs',
          'connections',
          'orders',
          'articles',
          'schedules',
          'batches',
          'failures',
          'deliveries',
          'alerts',
        ],
        role: 'admin',
      },
    };
  if (path.endsWith('/articles')) return { status: 200, body: ARTICLES };
  if (path === '/jobs')
    return { status: 200, body: { ...listOf(jobs, call.query), batches: inSight(momentOf(scene), now) } };
  if (path === '/batches') return { status: 200, body: batchesOf(momentOf(scene), now) };
  if (path === '/failures') return { status: 200, body: failuresOf(momentOf(scene), now) };
  if (path === '/deliveries') return { status: 200, body: deliveriesOf(momentOf(scene), call.query, now) };
  const delivery = /^\/deliveries\/d-(\d+)$/.exec(path);
  if (delivery) return { status: 200, body: deliveryDetail(Number(delivery[1]), now) };
  if (path.endsWith('/remote-check'))
    return { status: 200, body: { found: 'absent', sentence: 'Warehouse North does not have this order.' } };
  const one = jobs.find(({ id }) => path === `/jobs/${id}`);
  return one
    ? { status: 200, body: jobDetail(one, now) }
    : { status: 404, body: { error: 'not_found', message: 'There is no such job.' } };
}

/** What batches, failures and deliveries look like in it. */
function momentOf(scene: Scene): 'full' | 'empty' | 'failing' | 'busy' {
  return scene === 'empty' || scene === 'failing' || scene === 'busy' ? scene : 'full';
}

function written(path: string, body: unknown, now: number): Answer {
  if (path === '/batches') {
    const dryRun = (body as { dryRun?: boolean } | null)?.dryRun === true;
    return { status: dryRun ? 200 : 201, body: dryRun ? draftOf(41) : batchRow({}, now) };
  }
  if (path.startsWith('/batches/')) return { status: 200, body: batchRow({ state: 'stopped' }, now) };
  if (path.endsWith('/replay')) {
    const sentence = 'Worked through again. Nothing new came of it: all of it is known already.';
    return { status: 200, body: { sentence, delivery: deliveryDetail(0, now) } };
  }
  if (path.endsWith('/test'))
    return { status: 200, body: { ok: false, sentence: 'The warehouse answered 401: wrong user name or password.' } };
  return { status: 200, body: {} };
}

function listOf(jobs: JobRow[], query: URLSearchParams) {
  const search = query.get('search') ?? '';
  const found = jobs.filter(
    ({ state, title }) => (!query.get('state') || state === query.get('state')) && title.includes(search),
  );
  const page = Number(query.get('page') ?? 1);
  const size = Number(query.get('per_page') ?? 20);
  const rows = found.slice((page - 1) * size, page * size);
  const bulk = query.get('state') || search ? bulkOf(found) : [];
  return { rows, total: found.length, counts: countsOf(jobs), bulk };
}

function store(now: number): ConnectionRow {
  const facts = {
    platform: 'woocommerce',
    webhooks: 'not_applicable',
    settings: {},
    secretsSet: [],
    actions: ['test', 'pause'],
  } as const;
  return warehouse({ ...facts, id: 'store', name: 'Oak & Co', actions: [...facts.actions], secretsSet: [] }, now);
}
