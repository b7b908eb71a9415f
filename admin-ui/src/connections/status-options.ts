import { __ } from '@wordpress/i18n';

interface Option {
  value: string;
  label: string;
}

/** States in which an order may have to be shipped; WooCommerce has more, and plugins add others. */
const USUAL: Readonly<Record<string, () => string>> = {
  processing: () => __('Processing', 'tallyman'),
  'on-hold': () => __('On hold', 'tallyman'),
  pending: () => __('Pending payment', 'tallyman'),
  completed: () => __('Completed', 'tallyman'),
};

/** @returns what the adapter offers, else the usual states; and always those that are ticked, known or not. */
export function statusOptions(offered: readonly Option[] | undefined, ticked: readonly string[]): Option[] {
  const options = offered ?? Object.entries(USUAL).map(([value, label]) => ({ value, label: label() }));
  const unknown = ticked.filter((status) => !options.some(({ value }) => value === status));
  return [...options, ...unknown.map((status) => ({ value: status, label: status }))];
}
