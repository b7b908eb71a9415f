import { __, sprintf } from '@wordpress/i18n';
import type { BatchRow } from '../api/types';
import { durationWords, spanWords } from '../words/time';

/** How many of its jobs have come to an end, well or not. */
export function endedOf({ counts, total }: Pick<BatchRow, 'counts' | 'total'>): number {
  return Math.min(total, counts.done + counts.cancelled + counts.dead);
}

/** "12 of 214" */
export function endedWords(batch: Pick<BatchRow, 'counts' | 'total'>): string {
  /* translators: 1: number of jobs that have ended. 2: number of all jobs. */
  return sprintf(__('%1$d of %2$d', 'tallyman'), endedOf(batch), batch.total);
}

/** "Through in about 4 min.", "Took 1.4 s.", or '' while nothing can be said. @param nowMs epoch ms */
export function timeWords(batch: BatchRow, nowMs: number): string {
  if (batch.finishedAt !== null) {
    /* translators: %s: a span of time. */
    return sprintf(__('Took %s.', 'tallyman'), durationWords(batch.durationMs));
  }
  if (batch.expectedEndAt === null) return '';
  const seconds = (Date.parse(batch.expectedEndAt) - nowMs) / 1000;
  if (seconds < 5) return __('Through in a moment.', 'tallyman');
  /* translators: %s: a span of time, e.g. "4 min". */
  return sprintf(__('Through in about %s.', 'tallyman'), spanWords(seconds));
}
