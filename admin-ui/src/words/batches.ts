import { __, _n, sprintf } from '@wordpress/i18n';
import { cautionFilled, check, pencil, scheduled, update } from '@wordpress/icons';
import type { JSX } from 'react';
import type { BatchMove, BatchState } from '../api/types';
import type { Tone } from './states';

interface BatchWords {
  label: () => string;
  tone: Tone;
  icon: JSX.Element;
}

export const BATCH_STATES = {
  draft: { label: () => __('Draft', 'tallyman'), tone: 'past', icon: pencil },
  processing: { label: () => __('Going on', 'tallyman'), tone: 'busy', icon: update },
  stopped: { label: () => __('Stopped', 'tallyman'), tone: 'watch', icon: scheduled },
  done: { label: () => __('Done', 'tallyman'), tone: 'good', icon: check },
  action_required: { label: () => __('Needs attention', 'tallyman'), tone: 'alarm', icon: cautionFilled },
  failed: { label: () => __('Failed', 'tallyman'), tone: 'alarm', icon: cautionFilled },
} satisfies Record<BatchState, BatchWords>;

/** "Retry all 214 that match" */
const ALL = {
  retryNow: (count) =>
    /* translators: %d: number of jobs. */
    sprintf(_n('Retry %d job that matches', 'Retry all %d that match', count, 'tallyman'), count),
  forceDone: (count) =>
    /* translators: %d: number of jobs. */
    sprintf(_n('Force %d job that matches done', 'Force all %d that match done', count, 'tallyman'), count),
  cancel: (count) =>
    /* translators: %d: number of jobs. */
    sprintf(_n('Cancel %d job that matches', 'Cancel all %d that match', count, 'tallyman'), count),
} satisfies Record<BatchMove, (count: number) => string>;

/** "Retry these 41" */
const THESE = {
  retryNow: (count) =>
    /* translators: %d: number of jobs. */
    sprintf(_n('Retry %d job', 'Retry these %d jobs', count, 'tallyman'), count),
  forceDone: (count) =>
    /* translators: %d: number of jobs. */
    sprintf(_n('Force %d job done', 'Force these %d jobs done', count, 'tallyman'), count),
  cancel: (count) =>
    /* translators: %d: number of jobs. */
    sprintf(_n('Cancel %d job', 'Cancel these %d jobs', count, 'tallyman'), count),
} satisfies Record<BatchMove, (count: number) => string>;

/** A press on many says its number. */
export const allThatMatch = (move: BatchMove, count: number): string => ALL[move](count);
export const these = (move: BatchMove, count: number): string => THESE[move](count);

export const BATCH_MOVES: readonly BatchMove[] = ['retryNow', 'forceDone', 'cancel'];

export function isBatchMove(move: string): move is BatchMove {
  return BATCH_MOVES.some((known) => known === move);
}
