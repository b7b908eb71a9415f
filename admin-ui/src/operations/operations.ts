import { __, _n, sprintf } from '@wordpress/i18n';
import { check, notAllowed, pencil, replay, rotateRight } from '@wordpress/icons';
import type { JSX } from 'react';
import type { JobRow, PersonMove } from '../api/types';

interface Operation {
  label: () => string;
  icon: JSX.Element;
  /** Whether one answer fits many jobs: a correction is about one address. */
  many: 'one by one' | 'together';
  /** Said, and read out, when it worked on `count` jobs. */
  result: (count: number) => string;
}

/** What a person can do with a job. Whether it may be done now stands in the row's own `actions`. */
export const OPERATIONS = {
  retryNow: {
    label: () => __('Retry now', 'tallyman'),
    icon: rotateRight,
    many: 'together',
    result: (count) =>
      sprintf(/* translators: %d: number of jobs. */ _n('%d job queued.', '%d jobs queued.', count, 'tallyman'), count),
  },
  correct: {
    label: () => __('Correct and retry', 'tallyman'),
    icon: pencil,
    many: 'one by one',
    result: () => __('Correction saved, the job is queued.', 'tallyman'),
  },
  forceDone: {
    label: () => __('Force done', 'tallyman'),
    icon: check,
    many: 'together',
    result: (count) =>
      sprintf(
        /* translators: %d: number of jobs. */ _n(
          '%d job counts as handled.',
          '%d jobs count as handled.',
          count,
          'tallyman',
        ),
        count,
      ),
  },
  cancel: {
    label: () => __('Cancel job', 'tallyman'),
    icon: notAllowed,
    many: 'together',
    result: (count) =>
      sprintf(
        /* translators: %d: number of jobs. */ _n('%d job cancelled.', '%d jobs cancelled.', count, 'tallyman'),
        count,
      ),
  },
  reopen: {
    label: () => __('Re-open', 'tallyman'),
    icon: replay,
    many: 'together',
    result: (count) =>
      sprintf(
        /* translators: %d: number of jobs. */ _n('%d job re-opened.', '%d jobs re-opened.', count, 'tallyman'),
        count,
      ),
  },
} satisfies Record<PersonMove, Operation>;

export const OPERATION_ORDER = Object.keys(OPERATIONS) as PersonMove[];

/** In the table's order, and only what the sidecar allows this reader on this job. */
export function movesOf(job: Pick<JobRow, 'actions'>): PersonMove[] {
  return OPERATION_ORDER.filter((move) => job.actions.includes(move));
}

/** "Retry now" for one job, "Retry now: 12 jobs" for more: a bulk action says its number. */
export function titleOf(move: PersonMove, count: number): string {
  const label = OPERATIONS[move].label();
  if (count === 1) return label;
  /* translators: 1: name of an action, e.g. "Retry now". 2: number of jobs. */
  return sprintf(_n('%1$s: %2$d job', '%1$s: %2$d jobs', count, 'tallyman'), label, count);
}
