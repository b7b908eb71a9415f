import { __ } from '@wordpress/i18n';
import { cautionFilled, check, lock, notAllowed, rotateRight, scheduled, update } from '@wordpress/icons';
import type { JSX } from 'react';
import type { JobState } from '../api/types';

export type Tone = 'calm' | 'busy' | 'watch' | 'held' | 'alarm' | 'good' | 'past';

interface StateWords {
  label: () => string;
  tone: Tone;
  icon: JSX.Element;
}

/** The order is the order of the tabs. */
export const STATES = {
  dead: { label: () => __('Needs attention', 'tallyman'), tone: 'alarm', icon: cautionFilled },
  queued: { label: () => __('Waiting', 'tallyman'), tone: 'calm', icon: scheduled },
  running: { label: () => __('Running', 'tallyman'), tone: 'busy', icon: update },
  retrying: { label: () => __('Retrying', 'tallyman'), tone: 'watch', icon: rotateRight },
  blocked: { label: () => __('Blocked', 'tallyman'), tone: 'held', icon: lock },
  done: { label: () => __('Done', 'tallyman'), tone: 'good', icon: check },
  cancelled: { label: () => __('Cancelled', 'tallyman'), tone: 'past', icon: notAllowed },
} satisfies Record<JobState, StateWords>;

export const STATE_ORDER = Object.keys(STATES) as JobState[];

export function isJobState(text: string): text is JobState {
  return Object.hasOwn(STATES, text);
}
