<?php
/**
 * The object behind WC(), and the moments of a request that extensions wait for.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

final class WooCommerce {

	public string $version = WC_VERSION;

	public WC_API $api;

	private static ?self $instance = null;

	public static function instance(): self {
		return self::$instance ??= new self();
	}

	private function __construct() {
		$this->api = new WC_API();
		add_action( 'plugins_loaded', static fn() => do_action( 'woocommerce_loaded' ), -1 );
		add_action( 'init', [ $this, 'init' ], 0 );
		add_action( 'admin_menu', [ $this, 'menu' ], 9 );
	}

	public function init(): void {
		do_action( 'before_woocommerce_init' );
		do_action( 'woocommerce_init' );
	}

	public function menu(): void {
		$empty = static fn() => print '<div class="wrap"><h1>WooCommerce (stand-in)</h1></div>';
		add_menu_page( 'WooCommerce', 'WooCommerce', 'edit_shop_orders', 'woocommerce', $empty, '', '55.5' );
	}

	public function plugin_url(): string {
		return untrailingslashit( plugins_url( '/', WC_PLUGIN_FILE ) );
	}
}

final class WC_API {

	/** @return mixed The route's data, or an error's. */
	public function get_endpoint_data( string $endpoint, array $params = [] ): mixed {
		$request = new WP_REST_Request( 'GET', $endpoint );
		$request->set_query_params( $params );
		$response = rest_do_request( $request );
		return rest_get_server()->response_to_data( $response, false );
	}
}

function WC(): WooCommerce {
	return WooCommerce::instance();
}
