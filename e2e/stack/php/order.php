<?php
/**
 * Makes an order inside the shop, without any page.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

return static function ( array $args ): array {
	$order = wc_create_order();
	foreach ( $args['lines'] as $line ) {
		$order->add_product( wc_get_product( $line['product_id'] ), $line['quantity'] );
	}
	$order->set_address( $args['address'] + [ 'email' => $args['email'] ], 'billing' );
	$order->set_address( $args['address'], 'shipping' );
	$order->set_payment_method( 'bacs' );
	$order->calculate_totals();
	if ( $args['paid'] ) {
		$order->payment_complete();
	} else {
		$order->set_status( 'on-hold' );
		$order->save();
	}
	return [
		'id'     => $order->get_id(),
		'status' => $order->get_status(),
	];
};
