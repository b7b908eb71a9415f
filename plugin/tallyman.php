<?php
/**
 * Plugin Name:          Tallyman for WooCommerce
 * Description:          Every paid order reaches the warehouse once, and its parcels come back. Shows what is flowing, what is stuck and what to press.
 * Version:              0.1.0
 * Author:               The Tallyman authors
 * License:              GPL-2.0-or-later
 * License URI:          https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:          tallyman
 * Domain Path:          /languages
 * Requires at least:    6.6
 * Requires PHP:         8.1
 * Requires Plugins:     woocommerce
 * WC requires at least: 9.0
 * WC tested up to:      11.0
 *
 * This file has to be readable by any PHP that WordPress runs on: it is the one that says what is too old.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

// Opened directly there is no WordPress to talk to.
if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

// A second copy in another folder would record every order twice.
if ( defined( __NAMESPACE__ . '\VERSION' ) ) {
	return;
}

const VERSION     = '0.1.0';
const PLUGIN_FILE = __FILE__;

// Everything under src/ is written for this version; older ones would stop the whole site with a parse error.
if ( PHP_VERSION_ID < 80100 ) {
	add_action(
		'admin_notices',
		static function () {
			echo '<div class="notice notice-error"><p>';
			/* translators: %s: the version of PHP this site runs on. */
			echo esc_html( sprintf( __( 'Tallyman needs PHP 8.1 or newer and does nothing on this site, which runs PHP %s. Ask your host to update PHP.', 'tallyman' ), PHP_VERSION ) );
			echo '</p></div>';
		}
	);
	return;
}

require_once __DIR__ . '/src/autoload.php';

register_activation_hook( __FILE__, array( Install::class, 'activate' ) );
register_deactivation_hook( __FILE__, array( Install::class, 'deactivate' ) );
add_action( 'before_woocommerce_init', array( Plugin::class, 'declareFeatures' ) );
add_action( 'plugins_loaded', array( Plugin::class, 'boot' ) );
