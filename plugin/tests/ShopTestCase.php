<?php
/**
 * A shop for one test.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use PHPUnit\Framework\TestCase;
use Tallyman\Pairing;
use Tallyman\Parts;
use Tallyman\Plugin;
use Tallyman\Sidecar\Signature;
use Tallyman\StoreKey;
use Tallyman\Uuid;
use WC_Order;
use WC_Product_Simple;
use WP_Hook;
use WP_REST_Request;
use WP_REST_Response;

/** Everything a test writes is rolled back, and every listener it adds is gone after it. */
abstract class ShopTestCase extends TestCase {

	protected FakeSidecar $sidecar;
	protected Parts $parts;

	/** @var array<string, WP_Hook> */
	private array $hooks = [];

	protected function setUp(): void {
		global $wpdb, $wp_filter;
		$this->hooks = array_map( static fn ( WP_Hook $hook ): WP_Hook => clone $hook, $wp_filter );
		$wpdb->query( 'START TRANSACTION' );
		// WooCommerce's own transactions would end the test's.
		add_filter( 'query', static fn ( string $sql ): string => preg_match( '/^\s*(START TRANSACTION|COMMIT|ROLLBACK)/i', $sql ) ? 'SELECT 1' : $sql );
		add_filter( 'pre_wp_mail', '__return_true', PHP_INT_MAX );
		wp_cache_flush();
		wp_set_current_user( 0 );
		$wpdb->query( "DELETE FROM {$wpdb->prefix}tallyman_outbox" );
		$this->sidecar = new FakeSidecar();
		$this->sidecar->listen();
		$this->parts = Plugin::parts();
		$this->parts->desk()->unpair();
		$this->parts->recorder->settle();
	}

	protected function tearDown(): void {
		global $wpdb, $wp_filter;
		$this->parts->recorder->settle();
		unset( $_SERVER['HTTP_X_TALLYMAN_WRITE'], $_GET['consumer_key'] );
		$wp_filter = $this->hooks; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- As it was before the test.
		$wpdb->query( 'ROLLBACK' );
		wp_cache_flush();
		wp_set_current_user( 0 );
	}

	/** @return array<string, array{string}> */
	public static function orderStorages(): array {
		return [
			'orders in tables of their own' => [ 'tables' ],
			'orders as posts'               => [ 'posts' ],
			'orders in both, synced'        => [ 'both' ],
		];
	}

	protected function storeOrdersIn( string $storage ): void {
		add_filter( 'pre_option_woocommerce_custom_orders_table_enabled', static fn (): string => 'posts' === $storage ? 'no' : 'yes' );
		add_filter( 'pre_option_woocommerce_custom_orders_table_data_sync_enabled', static fn (): string => 'both' === $storage ? 'yes' : 'no' );
	}

	protected function pair(): Pairing {
		$key     = StoreKey::create( self::administrator() );
		$pairing = new Pairing( 'connection-1', [ FakeSidecar::SECRET ], FakeSidecar::URL, 'OAK', $this->parts->site->address(), $key->id ?? 0, $key?->hash() ?? '', self::administrator(), time() );
		$this->parts->settings->pair( $pairing );
		// What the sidecar shows when it reads or writes.
		$_GET['consumer_key'] = $key->consumerKey ?? '';
		return $pairing;
	}

	/** The copy has the shop's database, and another address. */
	protected function becomeACopy(): void {
		$pairing = $this->parts->settings->pairing();
		$stored  = [ 'siteAddress' => 'https://the-real-shop.example' ] + ( $pairing?->toOption() ?? [] );
		update_option( 'tallyman_pairing', $stored, false );
	}

	/** @return int A user who has this capability, a new one if need be. */
	protected static function userWith( string ...$capabilities ): int {
		$id = wp_insert_user(
			[
				'user_login' => 'user-' . Uuid::make(),
				'user_pass'  => 'x',
				'user_email' => Uuid::make() . '@example.test',
				'role'       => 'subscriber',
			]
		);
		foreach ( $capabilities as $capability ) {
			( new \WP_User( $id ) )->add_cap( $capability );
		}
		return (int) $id;
	}

	protected static function administrator(): int {
		return (int) get_users(
			[
				'role'   => 'administrator',
				'fields' => 'ID',
				'number' => 1,
			]
		)[0];
	}

	protected static function product(): WC_Product_Simple {
		$product = new WC_Product_Simple();
		$product->set_props(
			[
				'name'          => 'Oak chair',
				'sku'           => 'OAK-' . Uuid::make(),
				'regular_price' => '89.00',
			]
		);
		$product->save();
		return $product;
	}

	protected static function order( string $status = 'processing' ): WC_Order {
		$order = wc_create_order( [ 'status' => $status ] );
		self::assertInstanceOf( WC_Order::class, $order );
		$order->add_product( self::product(), 2 );
		$order->calculate_totals();
		$order->save();
		return $order;
	}

	/** @return list<array<string, string|null>> Rows of the outbox, oldest first; of one order when it is given. */
	protected static function rows( ?int $orderId = null ): array {
		global $wpdb;
		$where = null === $orderId ? '' : "WHERE kind = 'order' AND entity_id = $orderId";
		return $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}tallyman_outbox $where ORDER BY sequence", ARRAY_A ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/** @return list<string|null> */
	protected static function ops( int $orderId ): array {
		return array_column( self::rows( $orderId ), 'op' );
	}

	/** Another request begins: what this one knew about orders is forgotten. */
	protected function nextRequest(): void {
		$this->parts->recorder->settle();
		wp_cache_flush();
	}

	/** @param array<string, mixed> $params */
	protected function rest( string $method, string $route, array $params = [] ): WP_REST_Response {
		$request = new WP_REST_Request( $method, $route );
		if ( 'GET' === $method ) {
			$request->set_query_params( $params );
		} else {
			$request->set_header( 'content-type', 'application/json' );
			$request->set_body( (string) wp_json_encode( $params ) );
		}
		return rest_do_request( $request );
	}

	/** @param array<string, mixed> $body */
	protected function signedCall( string $route, array $body, int $at = 0, string $id = '' ): WP_REST_Response {
		$json    = (string) wp_json_encode( $body );
		$request = new WP_REST_Request( 'POST', $route );
		$request->set_body( $json );
		foreach ( Signature::headers( $id ?: 'msg_' . Uuid::make(), $at ?: time(), $json, FakeSidecar::SECRET ) as $name => $value ) {
			$request->set_header( $name, $value );
		}
		return rest_do_request( $request );
	}
}
