<?php
/**
 * Makes an empty WordPress: the tables, an administrator, WooCommerce switched on for the next request.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = '127.0.0.1';

require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

$arguments = json_decode( stream_get_contents( STDIN ), true, 16, JSON_THROW_ON_ERROR );

wp_install( 'Oak & Linen', $arguments['adminUser'], 'admin@example.test', false, '', $arguments['adminPassword'] );

update_option( 'permalink_structure', '/%postname%/' );
update_option( 'timezone_string', 'Europe/Amsterdam' );
update_option( 'blogname', 'Oak & Linen' );
update_option( 'active_plugins', [ 'woocommerce/woocommerce.php' ] );
