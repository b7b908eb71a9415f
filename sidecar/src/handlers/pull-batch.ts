/** One call to the store's outbox: what it gives is durable here before the next call may acknowledge it. */
import { acceptBatch, type BatchVerdict, type ReadOrder } from '../queue/accept-batch.js';
import { PlatformFailure } from '../platforms/failure.js';
import type { HandlerContext, Outcome } from '../queue/handler.js';
import { warehousesOf } from './accept.js';

const ROWS_A_CALL = 50;

export type Pulled =
  | { pulled: true; acknowledged: string[]; tail: number | null; last: number | null }
  /** A fork, or a body nobody can read: what the job ends with. */
  | { pulled: false; outcome: Outcome };

/** @param asked `fromSequence` asks for everything since then once more, acknowledged or not. */
export async function pullBatch(
  context: HandlerContext,
  readOrder: ReadOrder,
  asked: { acknowledge: string[]; fromSequence: number | null },
): Promise<Pulled> {
  const { reads, storeConnection: connection } = context;
  const raw = await context.shop(connection).pullOutbox({ ...asked, max: ROWS_A_CALL }, context.call);
  const warehouses = await warehousesOf(context);
  const newId = () => context.newId();
  const accept = () => acceptBatch({ reads, connection, warehouses, readOrder, raw, now: context.now(), newId });
  let verdict = await accept();
  // A push may have brought the same bytes a moment ago: then nothing of them is new any more.
  if (verdict.verdict === 'accept' && (await store(context, verdict)) === 'here already') {
    verdict = await accept();
    if (verdict.verdict === 'accept' && verdict.unit !== null) await context.checkpoint(verdict.unit.writes);
  }
  if (verdict.verdict !== 'accept') return { pulled: false, outcome: refused(verdict) };
  const { acknowledged, tail, last } = verdict;
  return { pulled: true, acknowledged, tail, last };
}

async function store(
  { checkpoint }: HandlerContext,
  { unit }: Extract<BatchVerdict, { verdict: 'accept' }>,
): Promise<'stored' | 'here already'> {
  try {
    if (unit !== null) await checkpoint(unit.writes);
    return 'stored';
  } catch (error) {
    if (error instanceof PlatformFailure && error.code === 'newDelivery') return 'here already';
    throw error;
  }
}

function refused(verdict: Exclude<BatchVerdict, { verdict: 'accept' }>): Outcome {
  const code = verdict.verdict;
  // A fork pauses the connection, as a wrong key does: a person has to say which of the two sites is the shop.
  const kind = code === 'forked' ? 'unauthorized' : 'invalid';
  const failure = { kind, code, status: null, summary: verdict.why, retryAfterSeconds: null, excerpt: null } as const;
  // What cannot be decoded is not kept here, unlike a push: it waits in the store's outbox, and every pull would keep it anew.
  return { outcome: 'failed', failure };
}
