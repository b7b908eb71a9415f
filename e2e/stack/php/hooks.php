<?php
/**
 * Writes down which order hooks fire, in their order, one line of JSON a hook.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

if ( ! defined( 'TALLYMAN_E2E_HOOKS' ) ) {
	return;
}

const TALLYMAN_E2E_WATCHED = [
	'woocommerce_new_order',
	'woocommerce_update_order',
	'woocommerce_after_order_object_save',
	'woocommerce_pre_delete_order_refund',
	'woocommerce_new_order_item',
	'woocommerce_order_status_changed',
	'woocommerce_payment_complete',
	'woocommerce_before_trash_order',
	'woocommerce_trash_order',
	'woocommerce_untrash_order',
	'woocommerce_before_delete_order',
	'woocommerce_delete_order',
	'woocommerce_order_refunded',
	'woocommerce_refund_created',
	'woocommerce_refund_deleted',
	'woocommerce_order_note_added',
	'woocommerce_store_api_checkout_order_processed',
	'woocommerce_checkout_order_processed',
	'woocommerce_reduce_order_stock',
	'woocommerce_product_set_stock',
	'woocommerce_variation_set_stock',
];

foreach ( TALLYMAN_E2E_WATCHED as $tallyman_hook ) {
	add_action(
		$tallyman_hook,
		static function ( ...$arguments ) use ( $tallyman_hook ): void {
			$line = wp_json_encode(
				[
					'hook'      => $tallyman_hook,
					'arguments' => array_map(
						static fn( $argument ) => is_object( $argument ) && method_exists( $argument, 'get_id' )
							? get_class( $argument ) . '#' . $argument->get_id()
							: ( is_scalar( $argument ) ? $argument : gettype( $argument ) ),
						$arguments
					),
				]
			);
			file_put_contents( TALLYMAN_E2E_HOOKS, "$line\n", FILE_APPEND | LOCK_EX );
		},
		PHP_INT_MIN,
		10
	);
}
