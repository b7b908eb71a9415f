import { __ } from '@wordpress/i18n';

const KINDS: Readonly<Record<string, () => string>> = {
  'order.push': () => __('Send an order', 'tallyman'),
  'order.status': () => __('Bring the state of an order', 'tallyman'),
  'order.read': () => __('Read an order again', 'tallyman'),
  'shipment.apply': () => __('Bring a parcel', 'tallyman'),
  'outbox.pull': () => __('Fetch waiting changes', 'tallyman'),
  'store.net': () => __('Look for orders not queued', 'tallyman'),
  'store.sweep': () => __('Look for changed orders', 'tallyman'),
  'store.recheck': () => __('Read open orders again', 'tallyman'),
  'webhook.net': () => __('Work through deliveries', 'tallyman'),
  'warehouse.poll-orders': () => __('Ask for changed orders', 'tallyman'),
  'warehouse.poll-shipments': () => __('Ask for new parcels', 'tallyman'),
  'warehouse.webhooks': () => __('Check webhooks', 'tallyman'),
  'warehouse.articles': () => __('Read the article list', 'tallyman'),
};

/** Kinds a merchant filters by; the sidecar may know more. */
export const FILTERED_KINDS = ['order.push', 'order.status', 'shipment.apply'] as const;

/** @returns the kind's own key for one that a newer sidecar brought. */
export function kindWords(kind: string): string {
  return KINDS[kind]?.() ?? kind;
}
