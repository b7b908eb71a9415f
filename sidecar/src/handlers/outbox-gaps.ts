/**
 * Sequences of the outbox that never arrived: after a restored backup of the sidecar the store has acknowledged rows we do not
 * have. They are asked for once more; what is not there either is a finding, said once.
 */
import type { StoreSettings } from '../domain/connection.js';
import type { ReadOrder } from '../queue/accept-batch.js';
import type { HandlerContext } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { enqueue, wholeConnection } from '../queue/enqueue.js';
import { warehousesOf } from './accept.js';
import { pullBatch } from './pull-batch.js';

/** A gap may be a row of a request that is still running: it counts when it is still there after this long. */
const PATIENCE_MS = 60_000;

interface Noted {
  at: number;
  open: number[];
  /** Asked for and not there: never asked for again. */
  gone: number[];
}

/** @param tail the highest sequence the store has given out. @returns how many rows came again. */
export async function closeGaps(context: HandlerContext, readOrder: ReadOrder, tail: number | null): Promise<number> {
  const open = await openGaps(context, tail);
  if (open.length === 0) return 0;
  const key = `outbox-gaps:${context.storeConnection.id}`;
  const noted = JSON.parse((await context.reads.meta(key)) ?? 'null') as Noted | null;
  const gone = noted?.gone ?? [];
  const fresh = open.filter((sequence) => !gone.includes(sequence));
  const [first] = fresh;
  if (first === undefined) return 0;
  const known = noted?.open.includes(first) === true;
  if (!known) {
    await context.checkpoint([putNoted(key, { at: context.now(), open: fresh, gone })]);
    return 0;
  }
  if (context.now() - noted.at < PATIENCE_MS) return 0;
  const replayed = await replay(context, readOrder, first, Math.max(tail ?? 0, ...fresh));
  if (replayed > 0) await askWarehouses(context);
  await giveUp(context, key, gone, tail);
  return replayed;
}

async function openGaps({ reads, storeConnection }: HandlerContext, tail: number | null): Promise<number[]> {
  const { epoch = '' } = storeConnection.settings as Partial<StoreSettings>;
  const { missing, highest } = await reads.outboxStream(storeConnection.id, epoch);
  // Nothing seen yet: what was there before the pairing is not ours.
  if (highest === 0) return [];
  return tail !== null && tail > highest ? [...missing, highest + 1] : missing;
}

async function replay(context: HandlerContext, readOrder: ReadOrder, first: number, end: number): Promise<number> {
  let rows = 0;
  let fromSequence: number | null = first;
  while (fromSequence !== null && fromSequence <= end) {
    const pulled = await pullBatch(context, readOrder, { acknowledge: [], fromSequence });
    if (!pulled.pulled) return rows;
    rows += pulled.acknowledged.length;
    fromSequence = pulled.last === null || pulled.last < fromSequence ? null : pulled.last + 1;
  }
  return rows;
}

/** A database that lost the store's words has lost the warehouses' as well: where webhooks work, nobody asks for hours. */
async function askWarehouses(context: HandlerContext): Promise<void> {
  const { job, now } = context;
  const origin = 'changes of the store were missing';
  const jobs = (await warehousesOf(context)).flatMap((connection) => {
    const ask = { connection, subject: wholeConnection(connection), traceId: job.traceId, origin, now: now() };
    return (['warehouse.poll-orders', 'warehouse.poll-shipments'] as const).map((kind) => enqueue({ kind, ...ask }));
  });
  await context.checkpoint(jobs);
}

async function giveUp(context: HandlerContext, key: string, before: number[], tail: number | null): Promise<void> {
  const still = await openGaps(context, tail);
  const found = still.filter((sequence) => !before.includes(sequence));
  const writes: Write[] = [putNoted(key, { at: context.now(), open: [], gone: [...before, ...found].slice(-1000) })];
  if (found.length > 0) writes.push(finding(context, found));
  await context.checkpoint(writes);
}

function finding({ storeConnection, job }: HandlerContext, sequences: number[]): Write {
  const { orgId, id } = storeConnection;
  const what = `${sequences.length} changes of the store's outbox never arrived and are not there any more (from ${sequences[0] ?? '?'}).`;
  const why = 'The orders themselves are compared by the sweep and the hourly re-check.';
  const activity = {
    orgId,
    connectionId: id,
    jobId: job.id,
    subject: `store:${id}`,
    who: 'worker',
    what,
    why,
    before: null,
    after: null,
  };
  return { write: 'insertActivity', activity };
}

const putNoted = (key: string, noted: Noted): Write => ({ write: 'putMeta', key, value: JSON.stringify(noted) });
