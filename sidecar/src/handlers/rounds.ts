/** Long readings of a whole shop are done in rounds: each keeps how far it came, and the next goes on there. */
import type { JobKind } from '../domain/kinds.js';
import { newJob } from '../queue/enqueue.js';
import type { HandlerContext, Outcome } from '../queue/handler.js';
import type { Write } from '../stores/store.js';

/** Well below the time after which a job is taken for one that goes round in circles. */
const ROUND_MS = 60_000;

/** @param startedAt of this round, epoch ms. */
export function isRoundOver({ now }: Pick<HandlerContext, 'now'>, startedAt: number): boolean {
  return now() - startedAt >= ROUND_MS;
}

/** Ends this round; the next one stands behind whatever is more urgent. */
export function nextRound(context: HandlerContext, kind: JobKind, sentence: string): Outcome {
  const { job, connection } = context;
  const next = newJob({
    kind,
    connection,
    subject: job.subject,
    now: context.now(),
    traceId: job.traceId,
    origin: 'the round before',
  });
  return { outcome: 'done', sentence, writes: [{ write: 'enqueue', job: next, onDead: 'revive' }] };
}

/** @returns the write that keeps how far a reading came; null: it is at its end. */
export function keep(key: string, place: unknown): Write {
  return { write: 'putMeta', key, value: JSON.stringify(place) };
}

/** @returns what was kept last, or null. */
export async function kept<Place>({ reads }: HandlerContext, key: string): Promise<Place | null> {
  return JSON.parse((await reads.meta(key)) ?? 'null') as Place | null;
}
