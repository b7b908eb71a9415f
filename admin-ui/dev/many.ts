/** Made-up batches, failures and deliveries, for the development page and for the tests of the screen's pure parts. */
import type {
  BatchDraft,
  BatchList,
  BatchRow,
  DeliveryDetail,
  DeliveryList,
  DeliveryRow,
  DeliveryState,
  FailureGroupRow,
  FailureList,
  JobRow,
} from '../src/api/types';
import { at, countsOf, jobRow } from './rows.ts';

type Moment = 'full' | 'empty' | 'failing' | 'busy';
const NORTH = { id: 'wms-north', name: 'Warehouse North' };
const SHOP = { id: 'store', name: 'Oak & Co' };

export function batchRow(over: Partial<BatchRow> = {}, now?: number): BatchRow {
  return {
    id: 'b-1',
    title: 'Retry 214 jobs that need attention',
    state: 'processing',
    move: 'retryNow',
    sentence: '120 done, 3 need attention, 91 under way.',
    total: 214,
    moved: 214,
    counts: { ...countsOf([]), done: 120, dead: 3, queued: 91 },
    who: 'Anna (user 3)',
    reason: null,
    createdAt: at(-2, now),
    finishedAt: null,
    durationMs: 120_000,
    expectedEndAt: at(4, now),
    actions: ['stop'],
    ...over,
  };
}

export function batchesOf(scene: Moment, now: number): BatchList {
  if (scene === 'empty') return { rows: [] };
  const stopped = batchRow(
    {
      id: 'b-2',
      title: 'Cancel 1200 jobs that are waiting',
      state: 'stopped',
      move: 'cancel',
      sentence: 'Stopped by Ben (user 4). 300 of 1200 were set going; what is queued runs on.',
      total: 1200,
      moved: 300,
      counts: { ...countsOf([]), cancelled: 300 },
      reason: 'The campaign was a mistake',
      who: 'Ben (user 4)',
      createdAt: at(-50, now),
      expectedEndAt: null,
      actions: ['resume'],
    },
    now,
  );
  return { rows: [...(scene === 'busy' ? [batchRow({}, now), stopped] : []), ...ended(now)] };
}

function ended(now: number): BatchRow[] {
  const over = {
    finishedAt: at(-60, now),
    createdAt: at(-75, now),
    expectedEndAt: null,
    actions: [],
    durationMs: 840_000,
  };
  return [
    batchRow(
      {
        ...over,
        id: 'b-3',
        title: 'Retry 41 jobs that need attention',
        state: 'action_required',
        sentence: '38 done, 3 need attention.',
        total: 41,
        moved: 41,
        counts: { ...countsOf([]), done: 38, dead: 3 },
      },
      now,
    ),
    batchRow(
      {
        ...over,
        id: 'b-4',
        title: 'Force done 12 jobs',
        state: 'done',
        move: 'forceDone',
        sentence: '12 done.',
        reason: 'Sent by hand during the outage',
        total: 12,
        moved: 12,
        counts: { ...countsOf([]), done: 12 },
      },
      now,
    ),
  ];
}

/** Those the list of jobs tells about. */
export function inSight(scene: Moment, now: number): BatchRow[] {
  return batchesOf(scene, now).rows.filter(({ actions }) => actions.length > 0);
}

export function draftOf(count: number): BatchDraft {
  const examples = [1, 2, 3, 4, 5].slice(0, count).map((id) => {
    const { title, sentence } = jobRow({ id, state: 'dead' });
    return { id, title, sentence };
  });
  return { state: 'draft', title: `Retry ${count} jobs that need attention`, total: count, lastJobId: 9000, examples };
}

export function bulkOf(jobs: readonly JobRow[]) {
  const count = (state: JobRow['state']) => jobs.filter((job) => job.state === state).length;
  const retry = count('dead') + count('retrying') + count('blocked');
  const all = [
    { move: 'retryNow', count: retry },
    { move: 'forceDone', count: retry + count('queued') },
    { move: 'cancel', count: retry + count('queued') },
  ] as const;
  return all.filter((one) => one.count > 0);
}

export function failureGroup(over: Partial<FailureGroupRow> = {}, now?: number): FailureGroupRow {
  return {
    filter: {
      state: 'dead',
      connection: NORTH.id,
      kind: 'order.push',
      cause: 'rejected|400|invalid_postal_code|The warehouse answered #: Postal code is not valid for DE.',
    },
    count: 41,
    title: 'Send an order to Warehouse North',
    sentence: 'The warehouse answered 400: Postal code is not valid for DE.',
    cure: 'Correct what the message names, in WooCommerce or with Correct and retry, then retry these 41.',
    fix: null,
    failure: { kind: 'rejected', status: 400, code: 'invalid_postal_code' },
    connection: NORTH,
    firstAt: at(-190, now),
    lastAt: at(-3, now),
    example: { jobId: 31, title: 'Send order #4731 to Warehouse North' },
    actions: ['retryNow', 'forceDone', 'cancel'],
    ...over,
  };
}

export function failuresOf(scene: Moment, now: number): FailureList {
  if (scene === 'empty' || scene === 'busy') return { rows: [], total: 0 };
  const rows = [
    failureGroup({}, now),
    failureGroup(
      {
        filter: {
          ...failureGroup().filter,
          cause: 'mapping_missing||wait_expired|What the job waits for did not come.',
        },
        count: 7,
        sentence:
          'Gave up waiting. Waits until these products are matched to an article of the warehouse: Oak chair, natural (SKU OAK-CHAIR).',
        cure: 'Match what is missing with an article of the warehouse, then retry these 7.',
        fix: { screen: 'articles', connection: NORTH.id },
        failure: { kind: 'mapping_missing', status: null, code: 'wait_expired' },
        firstAt: at(-3000, now),
        lastAt: at(-61, now),
      },
      now,
    ),
    failureGroup(
      {
        filter: { ...failureGroup().filter, kind: 'shipment.apply', connection: SHOP.id, cause: 'unexpected|||' },
        count: 1,
        title: 'Bring a parcel of an order from Warehouse North',
        sentence: 'Something unexpected happened inside Tallyman.',
        cure: 'This is a fault of Tallyman. Retry it once; if it comes back, report it with the technical details of one of the jobs.',
        failure: { kind: 'unexpected', status: null, code: null },
        firstAt: at(-12, now),
        lastAt: at(-12, now),
      },
      now,
    ),
  ];
  const shown = scene === 'failing' ? rows : rows.slice(0, 2);
  return { rows: shown, total: shown.reduce((sum, { count }) => sum + count, 0) };
}

const OUTCOMES: readonly [DeliveryState, string, string][] = [
  ['processed', 'order.shipped', 'Worked through.'],
  ['processed', 'outbox', 'Worked through.'],
  ['ignored', 'stock.updated', 'Ignored: Nothing is done with "stock.updated" yet.'],
  ['dead', 'outbox.order', 'Could not be used: Order 4711 cannot be read: line_items is missing.'],
  ['processed', 'shipment.created', 'Worked through.'],
  ['received', 'order.processing', 'Waits to be worked through.'],
];

export function deliveryRow(index: number, now?: number): DeliveryRow {
  const [state, topic, sentence] = OUTCOMES[index % OUTCOMES.length] ?? OUTCOMES[0]!;
  return {
    id: `d-${index}`,
    topic,
    connection: topic.startsWith('outbox') ? SHOP : NORTH,
    state,
    sentence,
    receivedAt: at(-index * 3 - 1, now),
    duplicates: index % 5 === 0 ? 2 : 0,
    key: topic.startsWith('outbox') ? `batch:9f2c${index}` : `id:whk_${8000 + index}`,
  };
}

export function deliveriesOf(scene: Moment, query: URLSearchParams, now: number): DeliveryList {
  const all = scene === 'empty' ? [] : Array.from({ length: 47 }, (_, index) => deliveryRow(index, now));
  const state = query.get('state');
  const search = query.get('search') ?? '';
  const found = all.filter((row) => (!state || row.state === state) && `${row.topic} ${row.key}`.includes(search));
  const page = Number(query.get('page') ?? 1);
  return { rows: found.slice((page - 1) * 20, page * 20), total: found.length };
}

export function deliveryDetail(index: number, now?: number): DeliveryDetail {
  const row = deliveryRow(index, now);
  return {
    ...row,
    verified: 'Signed with the secret of this connection; the signature was checked on the bytes as they came.',
    size: 4211,
    jobs:
      row.state === 'processed' ? [jobRow({ id: 12, state: 'done' }, now), jobRow({ id: 11, state: 'dead' }, now)] : [],
    records: row.state === 'processed' ? [{ type: 'order', label: 'ORD00000003029', changedAt: at(-2, now) }] : [],
    body: JSON.stringify({ group: 'order', action: 'shipped', body: { id: 'c9165f93', note: '[personal]' } }, null, 2),
    bodyNote: null,
    actions: ['replay'],
  };
}
