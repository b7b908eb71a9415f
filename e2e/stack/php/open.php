<?php
/**
 * Gives a shop its address of this run, its order storage and its plugins. Answers which plugins refused, and why.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

use Automattic\WooCommerce\Utilities\OrderUtil;

return static function ( array $args ): object {
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	wp_set_current_user( 1 );

	// The rows themselves, not a WP_HOME constant: a real shop has its address there.
	update_option( 'siteurl', $args['url'] );
	update_option( 'home', $args['url'] );

	if ( class_exists( OrderUtil::class ) ) {
		tallyman_e2e_order_storage( $args['hpos'] );
	}

	$refusals = [];
	foreach ( $args['plugins'] as $plugin ) {
		$outcome = activate_plugin( $plugin );
		if ( is_wp_error( $outcome ) ) {
			$refusals[ $plugin ] = $outcome->get_error_message();
		}
	}
	return (object) $refusals;
};

function tallyman_e2e_order_storage( string $hpos ): void {
	$options = [
		'woocommerce_custom_orders_table_enabled' => 'off' === $hpos ? 'no' : 'yes',
		'woocommerce_custom_orders_table_data_sync_enabled' => 'syncing' === $hpos ? 'yes' : 'no',
	];
	foreach ( $options as $name => $value ) {
		if ( get_option( $name ) !== $value ) {
			update_option( $name, $value );
		}
	}
}
