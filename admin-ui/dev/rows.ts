/** Made-up jobs and connections, for the development page and for the tests of the screen's pure parts. */
import type { ConnectionRow, JobDetail, JobRow, JobState, Overview, PersonMove } from '../src/api/types';

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
    rate: { perMinute: 60, limit: 60, learned: false, usedShare: 0.4, sentence: null },
    settings: { baseUrl: 'https://wms.example.com', username: 'shop', statuses: ['processing'], matchBySku: true },
    secretsSet: ['password'],
    actions: ['test', 'pause', 'edit'],
    ...over,
  };
}

export function countsOf(jobs: readonly JobRow[]): Overview['counts'] {
  const counts = { queued: 0, running: 0, retrying: 0, blocked: 0, dead: 0, done: 0, cancelled: 0 };
  for (const { state } of jobs) counts[state] += 1;
  return counts;
}
