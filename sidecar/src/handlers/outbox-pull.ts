/** Fetches what waits in the store's outbox: what a push could not bring comes this way, without WP-Cron or traffic. */
import { acceptBatch, type BatchVerdict, type ReadOrder } from '../queue/accept-batch.js';
import type { Handler, HandlerContext, Outcome } from '../queue/handler.js';
import { warehousesOf } from './accept.js';

const ROWS_A_CALL = 50;

/** @param readOrder the store platform's translation, handed in because handlers know no platform. */
export function outboxPull(readOrder: ReadOrder): Handler {
  return async (context) => {
    let fetched = 0;
    let acknowledge: string[] = [];
    for (;;) {
      const asked = { acknowledge, max: ROWS_A_CALL, fromSequence: await replayFrom(context, acknowledge) };
      const raw = await context.shop(context.storeConnection).pullOutbox(asked, context.call);
      const verdict = await judge(context, readOrder, raw);
      if (verdict.verdict !== 'accept') return refused(verdict);
      if (verdict.unit !== null) await context.checkpoint(verdict.unit.writes);
      // Acknowledged only now: what we have is durable, so the store may forget it.
      acknowledge = verdict.acknowledged;
      fetched += acknowledge.length;
      if (acknowledge.length > 0) continue;
      return fetched === 0
        ? { outcome: 'skip', sentence: 'Nothing was waiting.' }
        : { outcome: 'done', sentence: `Fetched ${fetched} changes.` };
    }
  };
}

async function judge(context: HandlerContext, readOrder: ReadOrder, raw: Uint8Array): Promise<BatchVerdict> {
  const warehouses = await warehousesOf(context);
  const { reads, storeConnection: connection } = context;
  return acceptBatch({
    reads,
    connection,
    warehouses,
    readOrder,
    raw,
    now: context.now(),
    newId: () => context.newId(),
  });
}

/** A sequence that is missing here is asked for again: the store keeps acknowledged rows for some days. */
async function replayFrom(
  { reads, storeConnection }: HandlerContext,
  acknowledged: readonly string[],
): Promise<number | null> {
  if (acknowledged.length > 0) return null;
  const epoch = (storeConnection.settings as { epoch?: string }).epoch ?? '';
  const { missing } = await reads.outboxStream(storeConnection.id, epoch);
  return missing[0] ?? null;
}

function refused(verdict: Exclude<BatchVerdict, { verdict: 'accept' }>): Outcome {
  const code = verdict.verdict;
  // A fork pauses the connection, as a wrong key does: a person has to say which of the two sites is the shop.
  const kind = code === 'forked' ? 'unauthorized' : 'invalid';
  const writes = verdict.verdict === 'undecodable' ? verdict.unit.writes : [];
  return {
    outcome: 'failed',
    failure: { kind, code, status: null, summary: verdict.why, retryAfterSeconds: null, excerpt: null },
    writes,
  };
}
