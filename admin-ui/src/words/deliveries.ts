import { __ } from '@wordpress/i18n';
import { cautionFilled, check, notAllowed, scheduled } from '@wordpress/icons';
import type { JSX } from 'react';
import type { DeliveryState } from '../api/types';
import type { Tone } from './states';

interface OutcomeWords {
  label: () => string;
  tone: Tone;
  icon: JSX.Element;
}

export const OUTCOMES = {
  received: { label: () => __('Waiting', 'tallyman'), tone: 'calm', icon: scheduled },
  processed: { label: () => __('Worked through', 'tallyman'), tone: 'good', icon: check },
  dead: { label: () => __('Could not be used', 'tallyman'), tone: 'alarm', icon: cautionFilled },
  ignored: { label: () => __('Ignored', 'tallyman'), tone: 'past', icon: notAllowed },
} satisfies Record<DeliveryState, OutcomeWords>;

export const OUTCOME_ORDER = Object.keys(OUTCOMES) as DeliveryState[];

export function isDeliveryState(text: string): text is DeliveryState {
  return Object.hasOwn(OUTCOMES, text);
}
