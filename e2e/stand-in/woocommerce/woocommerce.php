<?php
/**
 * Plugin Name: WooCommerce (stand-in for tests)
 * Description: Orders and products through wc/v3, with the hook sequences of WooCommerce. No checkout, no blocks, no screens: for machines where the real one cannot be had.
 * Version: 11.0.1
 * Requires at least: 6.4
 * Requires PHP: 8.1
 * License: GPL-2.0-or-later
 *
 * @package Tallyman
 */

declare( strict_types=1 );

defined( 'ABSPATH' ) || exit;

define( 'WC_PLUGIN_FILE', __FILE__ );
define( 'WC_VERSION', '11.0.1' );
define( 'WC_ABSPATH', __DIR__ . '/' );

require __DIR__ . '/src/records.php';
require __DIR__ . '/src/class-wc-record.php';
require __DIR__ . '/src/class-wc-product.php';
require __DIR__ . '/src/class-wc-order-item-product.php';
require __DIR__ . '/src/class-wc-order.php';
require __DIR__ . '/src/class-wc-order-refund.php';
require __DIR__ . '/src/features.php';
require __DIR__ . '/src/functions.php';
require __DIR__ . '/src/scheduler.php';
require __DIR__ . '/src/keys.php';
require __DIR__ . '/src/mails.php';
require __DIR__ . '/src/rest-shapes.php';
require __DIR__ . '/src/rest-orders.php';
require __DIR__ . '/src/rest-products.php';
require __DIR__ . '/src/checkout.php';
require __DIR__ . '/src/class-woocommerce.php';

register_activation_hook( __FILE__, 'standin_install' );
WC();
