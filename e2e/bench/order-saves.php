<?php
/**
 * Creates orders as a plugin or an import would and measures each save. Run once with and once without Tallyman, in turns.
 *
 * @package Tallyman
 */

declare(strict_types=1);

return static function ( array $args ): array {
	$calls = 0;
	add_filter(
		'pre_http_request',
		static function ( $answer ) use ( &$calls ) {
			++$calls;
			return $answer;
		}
	);
	$product = wc_get_product( $args['product'] );
	$taken   = array();
	for ( $turn = 0; $turn < $args['orders']; ++$turn ) {
		$order = new WC_Order();
		$order->set_billing_first_name( 'Ada' );
		$order->add_product( $product, 1 );
		$order->calculate_totals( false );
		$order->set_status( 'processing' );
		$started = hrtime( true );
		$order->save();
		$taken[] = ( hrtime( true ) - $started ) / 1e6;
	}
	return array(
		'ms'      => $taken,
		'calls'   => $calls,
		'plugins' => get_option( 'active_plugins' ),
	);
};
