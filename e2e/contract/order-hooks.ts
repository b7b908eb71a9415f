// What WooCommerce 11.0.1 fires, with orders in tables of their own and as posts alike. Seen on the real one: the
// contract tests record it anew on each run, and hold the stand-in to the same.

const DRAFT_SAVES = Array.from({ length: 8 }, () => 'update_order');

const PAID = ['product_set_stock', 'reduce_order_stock', 'order_status_changed pending processing'];

export const ORDER_HOOKS = {
  'a paid order made by REST': ['new_order', ...Array(4).fill('update_order'), ...PAID, 'payment_complete'],
  'an unpaid order made by REST': ['new_order', 'update_order', 'update_order', 'update_order'],
  'a paid order made in PHP': [
    'new_order',
    'update_order',
    'update_order',
    'update_order',
    ...PAID,
    'payment_complete',
  ],
  'an order of the block checkout': [
    ...DRAFT_SAVES,
    'new_order',
    'order_status_changed checkout-draft pending',
    'store_api_checkout_order_processed',
    'update_order',
    ...PAID,
    'update_order',
    'update_order',
  ],
  'an order of the classic checkout': [
    'new_order',
    'update_order',
    'checkout_order_processed',
    'update_order',
    'update_order',
    ...PAID,
    'update_order',
  ],
  'another address': ['update_order', 'update_order', 'update_order'],
  'the same status again': ['update_order'],
  'another status': ['update_order', 'order_status_changed processing on-hold'],
  'a refund of some money': ['update_order', 'refund_created', 'order_refunded'],
  'a refund taken back': ['pre_delete_order_refund'],
  'a refund of everything': [
    'product_set_stock',
    'update_order',
    'order_status_changed on-hold refunded',
    'update_order',
    'refund_created',
    'order_refunded',
  ],
  'into the trash': ['before_trash_order', 'trash_order'],
  'out of the trash': ['untrash_order', 'order_status_changed trash processing'],
  'deleted for good': ['before_delete_order', 'delete_order'],
} as const satisfies Record<string, readonly string[]>;

export type OrderEvent = keyof typeof ORDER_HOOKS;
