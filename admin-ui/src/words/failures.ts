import { __ } from '@wordpress/i18n';

const KINDS: Readonly<Record<string, () => string>> = {
  unavailable: () => __('The other side did not answer', 'tallyman'),
  rate_limited: () => __('Too many calls', 'tallyman'),
  unauthorized: () => __('Credentials refused', 'tallyman'),
  rejected: () => __('Refused', 'tallyman'),
  invalid: () => __('A value is wrong', 'tallyman'),
  not_found: () => __('Not found there', 'tallyman'),
  conflict: () => __('Both sides differ', 'tallyman'),
  mapping_missing: () => __('Something is missing', 'tallyman'),
  unknown_outcome: () => __('The answer was lost', 'tallyman'),
  unexpected: () => __('A fault of Tallyman', 'tallyman'),
};

export const FAILURE_KINDS = Object.keys(KINDS);

/** @returns the class's own key for one that a newer sidecar brought. */
export function failureWords(kind: string): string {
  return KINDS[kind]?.() ?? kind;
}

/** @returns what a cause says, without the classes before it: "rejected|400||Postal code is not valid for DE." */
export function causeWords(cause: string): string {
  return cause.split('|').slice(3).join('|') || cause;
}
