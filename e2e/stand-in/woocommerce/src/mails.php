<?php
/**
 * The mails a shopper gets.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

function standin_mail( int $order_id, string $subject, string $text ): void {
	$order = wc_get_order( $order_id );
	wp_mail( $order->get_billing_email(), $subject, $text );
}

add_action(
	'woocommerce_order_status_pending_to_processing',
	static fn( int $id ) => standin_mail( $id, 'Your order has been received!', "Order #$id" )
);
add_action(
	'woocommerce_order_status_completed',
	static fn( int $id ) => standin_mail( $id, 'Your order is on its way!', "Order #$id" )
);
add_action(
	'woocommerce_new_customer_note',
	static fn( array $note ) => standin_mail( $note['order_id'], "A note has been added to your order #{$note['order_id']}", $note['customer_note'] )
);
