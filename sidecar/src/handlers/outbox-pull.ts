/** Fetches what waits in the store's outbox: what a push could not bring comes this way, without WP-Cron or traffic. */
import type { ReadOrder } from '../queue/accept-batch.js';
import type { Handler, HandlerContext, Outcome } from '../queue/handler.js';
import { closeGaps } from './outbox-gaps.js';
import { pullBatch, type Pulled } from './pull-batch.js';

/** @param readOrder the store platform's translation, handed in because handlers know no platform. */
export function outboxPull(readOrder: ReadOrder): Handler {
  return async (context) => {
    let fetched = 0;
    let acknowledge: string[] = [];
    for (;;) {
      const pulled = await pullBatch(context, readOrder, { acknowledge, fromSequence: null });
      if (!pulled.pulled) return pulled.outcome;
      acknowledge = pulled.acknowledged;
      fetched += acknowledge.length;
      if (acknowledge.length === 0) return atRest(context, readOrder, pulled, fetched);
    }
  };
}

async function atRest(
  context: HandlerContext,
  readOrder: ReadOrder,
  { tail }: Extract<Pulled, { pulled: true }>,
  fetched: number,
): Promise<Outcome> {
  const replayed = await closeGaps(context, readOrder, tail);
  if (replayed > 0) return { outcome: 'done', sentence: `Fetched ${replayed} changes again that were missing here.` };
  if (fetched === 0) return { outcome: 'skip', sentence: 'Nothing was waiting.' };
  return { outcome: 'done', sentence: fetched === 1 ? 'Fetched 1 change.' : `Fetched ${fetched} changes.` };
}
