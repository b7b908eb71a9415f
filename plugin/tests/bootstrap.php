<?php
/**
 * Starts the WordPress the tests run in: TALLYMAN_WP_DIR, a shop with WooCommerce and this plugin switched on.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

$tallyman_wordpress = getenv( 'TALLYMAN_TEST_WP_DIR' ) ?: getenv( 'TALLYMAN_WP_DIR' );
if ( ! is_string( $tallyman_wordpress ) || ! is_file( "$tallyman_wordpress/wp-load.php" ) ) {
	fwrite( STDERR, "TALLYMAN_WP_DIR has to name a WordPress with WooCommerce and Tallyman active; \"npm run test:plugin\" makes one.\n" );
	exit( 2 );
}

require_once dirname( __DIR__ ) . '/vendor/autoload.php';

$_SERVER['HTTP_HOST']   = '127.0.0.1';
$_SERVER['REQUEST_URI'] = '/';

require_once "$tallyman_wordpress/wp-load.php";

if ( ! defined( 'Tallyman\VERSION' ) || ! function_exists( 'WC' ) ) {
	fwrite( STDERR, "WooCommerce and Tallyman have to be active in this WordPress.\n" );
	exit( 2 );
}
