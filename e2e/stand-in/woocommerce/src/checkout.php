<?php
/**
 * Not a checkout, but its sound: a route that makes an order with the hooks the block and the classic checkout fire.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

add_action(
	'rest_api_init',
	static function (): void {
		register_rest_route(
			'stand-in/v1',
			'/checkout/(?P<door>block|classic)',
			[
				'methods'             => 'POST',
				'callback'            => 'standin_checkout',
				'permission_callback' => '__return_true',
			]
		);
	}
);

/** How often the block checkout saves its draft before the shopper's press counts. */
const STANDIN_DRAFT_SAVES = 7;

function standin_checkout( WP_REST_Request $request ): WP_REST_Response {
	$order = new WC_Order();
	$order->set_address( $request['billing'], 'billing' );
	$order->set_address( $request['shipping'], 'shipping' );
	$order->set_payment_method( $request['payment_method'] );
	$order->set_payment_method_title( $request['payment_method'] );
	foreach ( $request['lines'] as $line ) {
		$order->add_product( wc_get_product( $line['id'] ), $line['quantity'] );
	}
	$needsShipping = array_filter( $order->get_items(), static fn( $item ) => $item->get_product()->needs_shipping() );
	$order->set_shipping_total( [] === $needsShipping ? 0.0 : 4.95 );
	'block' === $request['door'] ? standin_as_block_checkout( $order ) : standin_as_classic_checkout( $order );
	standin_pay( $order );
	if ( 'block' === $request['door'] ) {
		$order->save();
		$order->save();
	} else {
		$order->save();
	}
	return new WP_REST_Response(
		[
			'order_id' => $order->get_id(),
			'status'   => $order->get_status(),
		]
	);
}

function standin_as_block_checkout( WC_Order $order ): void {
	$order->set_created_via( 'store-api' );
	$order->set_status( 'checkout-draft' );
	$order->save();
	for ( $save = 0; $save < STANDIN_DRAFT_SAVES; $save++ ) {
		$order->save();
	}
	$order->update_status( 'pending' );
	do_action( 'woocommerce_store_api_checkout_order_processed', $order );
}

function standin_as_classic_checkout( WC_Order $order ): void {
	$order->set_created_via( 'checkout' );
	$order->save();
	$order->save();
	do_action( 'woocommerce_checkout_order_processed', $order->get_id(), [], $order );
	$order->save();
}

function standin_pay( WC_Order $order ): void {
	$order->update_status( 'cod' === $order->get_payment_method() ? 'processing' : 'on-hold' );
}
