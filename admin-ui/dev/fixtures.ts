/** Made-up answers of a sidecar, for looking at the screen without one and for the tests of its pure parts. */
import type {
  ArticleList,
  ConnectionRow,
  JobDetail,
  JobRow,
  JobState,
  Overview,
  PersonMove,
  PlatformForm,
} from '../src/api/types';

const NOW = Date.parse('2026-11-23T10:32:00Z');
const MINUTE = 60_000;
const WAREHOUSE = { id: 'wms-north', name: 'Warehouse North' };
const WAITING_MOVES: PersonMove[] = ['retryNow', 'correct', 'forceDone', 'cancel'];

/** ISO time so many minutes from `now`; negative is past. */
export function at(minutes: number, now = NOW): string {
  return new Date(now + minutes * MINUTE).toISOString();
}

const ACTIONS: Record<JobState, PersonMove[]> = {
  queued: WAITING_MOVES,
  running: [],
  retrying: WAITING_MOVES,
  blocked: WAITING_MOVES,
  dead: WAITING_MOVES,
  done: [],
  cancelled: ['reopen'],
};

const SENTENCES: Record<JobState, string> = {
  queued: 'Goes out as soon as it is its turn.',
  running: 'Is being sent to Warehouse North.',
  retrying: 'The warehouse answered 503. It is tried again by itself.',
  blocked: 'Waits until product “Oak chair, natural” is matched to an article of the warehouse.',
  dead: 'The warehouse answered 400: Postal code is not valid for DE. Correct the address, then retry.',
  done: 'The warehouse has it as SO-80231.',
  cancelled: 'Cancelled by Anna: customer called.',
};

const FAILURE = {
  kind: 'rejected',
  summary: 'The warehouse answered 400: Postal code is not valid for DE.',
  cure: 'Correct the postal code here or in WooCommerce; it is sent again by itself.',
  status: 400,
  code: 'invalid_postal_code',
};

export function jobRow(over: Partial<JobRow> = {}, now = NOW): JobRow {
  const state = over.state ?? 'queued';
  const id = over.id ?? 1;
  return {
    id,
    title: `Send order #${4700 + id} to ${WAREHOUSE.name}`,
    kind: 'order.push',
    state,
    sentence: SENTENCES[state],
    attempts: state === 'dead' ? 4 : state === 'retrying' ? 2 : state === 'done' ? 1 : 0,
    attemptsMax: 4,
    runAt: state === 'retrying' ? at(3, now) : state === 'queued' ? at(0, now) : null,
    createdAt: at(-id * 7, now),
    updatedAt: at(-id, now),
    connection: WAREHOUSE,
    order: { id: 4700 + id, number: String(4700 + id) },
    failure: state === 'dead' || state === 'retrying' ? FAILURE : null,
    late: state === 'dead',
    actions: ACTIONS[state],
    ...over,
  };
}

export function jobDetail(row: JobRow, now = NOW): JobDetail {
  return {
    ...row,
    path: [
      { state: 'queued', at: row.createdAt, note: 'order changed' },
      { state: 'retrying', at: at(-6, now), note: 'The warehouse answered 503.' },
      { state: row.state, at: row.updatedAt, note: '' },
    ],
    attemptsList: [
      {
        at: at(-2, now),
        outcome: 'failed',
        sentence: FAILURE.summary,
        queueMs: 850,
        runMs: 412,
        failure: {
          ...FAILURE,
          excerpt: '{"message":"Postal code is not valid for DE.","field":"shipping_address.zipcode"}',
        },
      },
      {
        at: at(-6, now),
        outcome: 'failed',
        sentence: 'The warehouse answered 503.',
        queueMs: 120,
        runMs: 30_004,
        failure: {
          kind: 'unavailable',
          summary: 'The warehouse answered 503.',
          status: 503,
          code: null,
          excerpt: null,
        },
      },
    ],
    waitsFor: row.state === 'blocked' ? 'article of “Oak chair, natural”' : null,
    activity: [
      {
        at: at(-4, now),
        who: 'Anna',
        what: 'corrected the city',
        why: 'Customer wrote it wrong',
        before: 'Hambrug',
        after: 'Hamburg',
      },
      { at: row.createdAt, who: 'WooCommerce', what: 'queued it', why: null, before: null, after: null },
    ],
    correctable: [
      { field: 'address.zip', label: 'Postal code', value: '2035', sourceValue: '2035', correctedBy: null },
      { field: 'address.city', label: 'City', value: 'Hamburg', sourceValue: 'Hambrug', correctedBy: 'Anna' },
      {
        field: 'address.street',
        label: 'Street and number',
        value: 'Am Kai 7',
        sourceValue: 'Am Kai 7',
        correctedBy: null,
      },
    ],
    forceDonePreview: [
      'Order #4711 counts as handled at Warehouse North.',
      '2 jobs that wait for it are released and skip.',
    ],
    technical: {
      key: 'order:4711',
      priority: 1,
      fence: 3,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      coalesceKey: 'order.push:4711',
    },
  };
}

export function warehouse(over: Partial<ConnectionRow> = {}, now = NOW): ConnectionRow {
  return {
    ...WAREHOUSE,
    platform: 'wms',
    state: 'active',
    sentence: 'Connected. Last answer 2 min ago.',
    breaker: 'closed',
    nextProbeAt: null,
    lastSuccessAt: at(-2, now),
    lastFailure: null,
    waiting: 0,
    dead: 0,
    webhooks: 'registered',
    settings: { baseUrl: 'https://wms.example.com', username: 'shop', statuses: ['processing'], matchBySku: true },
    secretsSet: ['password'],
    actions: ['test', 'pause', 'edit'],
    ...over,
  };
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

const FORM: PlatformForm = {
  key: 'wms',
  name: 'Warehouse',
  fields: [
    {
      name: 'baseUrl',
      label: 'Address of the API',
      help: 'As your warehouse told you.',
      type: 'url',
      required: true,
      secret: false,
    },
    { name: 'username', label: 'User name', help: '', type: 'text', required: true, secret: false },
    { name: 'password', label: 'Password', help: '', type: 'password', required: true, secret: true },
    {
      name: 'statuses',
      label: 'Orders that go to the warehouse',
      help: 'An order is sent once it has one of these states.',
      type: 'statuses',
      required: true,
      secret: false,
      options: [
        { value: 'processing', label: 'Processing' },
        { value: 'on-hold', label: 'On hold' },
      ],
      default: ['processing'],
    },
    {
      name: 'matchBySku',
      label: 'Match products by SKU',
      help: 'When exactly one article has the same SKU.',
      type: 'switch',
      required: false,
      secret: false,
      default: true,
    },
  ],
};

const ARTICLES: ArticleList = {
  rows: [
    {
      productId: 11,
      variationId: 0,
      name: 'Oak table',
      sku: 'OAK-TABLE',
      articleCode: 'OAK-TABLE',
      origin: 'same SKU',
      ordersWaiting: 0,
      suggestions: [],
    },
    {
      productId: 12,
      variationId: 121,
      name: 'Oak chair, natural',
      sku: '',
      articleCode: null,
      origin: null,
      ordersWaiting: 3,
      suggestions: [
        { code: 'OAK-CHAIR-N', name: 'Oak chair natural', why: 'same name' },
        { code: 'OAK-CHAIR-D', name: 'Oak chair dark', why: 'similar name' },
      ],
    },
    {
      productId: 13,
      variationId: 0,
      name: 'Wax',
      sku: 'WAX',
      articleCode: null,
      origin: null,
      ordersWaiting: 0,
      suggestions: [],
    },
  ],
};

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

export function countsOf(jobs: readonly JobRow[]): Overview['counts'] {
  const counts = { queued: 0, running: 0, retrying: 0, blocked: 0, dead: 0, done: 0, cancelled: 0 };
  for (const { state } of jobs) counts[state] += 1;
  return counts;
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
  };
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
  call: { method: string; path: string; query: URLSearchParams },
  now: number,
): Answer {
  if (call.path === '/tallyman/v1/pair')
    return {
      status: 400,
      body: { code: 'bad_code', message: 'The sidecar does not know this code. Run “tallyman pair” again.' },
    };
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
  if (call.method !== 'GET') return written(path);
  if (path === '/overview') return { status: 200, body: overview };
  if (path === '/platforms') return { status: 200, body: { rows: [FORM] } };
  if (path === '/capabilities')
    return {
      status: 200,
      body: {
        protocol: 1,
        version: '0.1.0',
        features: ['jobs', 'connections', 'orders', 'articles', 'schedules'],
        role: 'admin',
      },
    };
  if (path.endsWith('/articles')) return { status: 200, body: ARTICLES };
  if (path === '/jobs') return { status: 200, body: listOf(jobs, call.query) };
  const one = jobs.find(({ id }) => path === `/jobs/${id}`);
  return one
    ? { status: 200, body: jobDetail(one, now) }
    : { status: 404, body: { error: 'not_found', message: 'There is no such job.' } };
}

function written(path: string): Answer {
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
  return { rows: found.slice((page - 1) * size, page * size), total: found.length, counts: countsOf(jobs) };
}
