<?php
/**
 * Whatever way an order is made or changed, the outbox says so.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use WC_Order;
use WC_Order_Refund;

final class OrdersAreRecordedTest extends ShopTestCase {

	/** @dataProvider orderStorages */
	public function test_an_order_made_by_code_has_one_row( string $storage ): void {
		$this->storeOrdersIn( $storage );
		$order = self::order();
		$this->nextRequest();
		self::assertSame( [ 'changed' ], self::ops( $order->get_id() ) );
	}

	/** @dataProvider orderStorages */
	public function test_an_order_made_over_rest_has_one_row( string $storage ): void {
		$this->storeOrdersIn( $storage );
		wp_set_current_user( self::administrator() );
		$line   = [
			'product_id' => self::product()->get_id(),
			'quantity'   => 2,
		];
		$answer = $this->rest(
			'POST',
			'/wc/v3/orders',
			[
				'set_paid'   => true,
				'line_items' => [ $line ],
			]
		);
		self::assertSame( 201, $answer->get_status() );
		$this->nextRequest();
		self::assertSame( [ 'changed' ], self::ops( $answer->get_data()['id'] ) );
	}

	/**
	 * @dataProvider orderStorages
	 * @group woocommerce
	 */
	public function test_an_order_of_the_classic_checkout_has_one_row( string $storage ): void {
		$this->storeOrdersIn( $storage );
		$this->fillCart();
		$id = WC()->checkout()->create_order( self::address( 'billing_' ) + [ 'payment_method' => 'cod' ] );
		self::assertIsInt( $id );
		wc_get_order( $id )->payment_complete();
		$this->nextRequest();
		self::assertSame( [ 'changed' ], self::ops( $id ) );
	}

	/**
	 * @dataProvider orderStorages
	 * @group woocommerce
	 */
	public function test_an_order_of_the_block_checkout_has_one_row( string $storage ): void {
		$this->storeOrdersIn( $storage );
		add_filter( 'woocommerce_store_api_disable_nonce_check', '__return_true' );
		update_option( 'woocommerce_cod_settings', [ 'enabled' => 'yes' ] );
		WC()->payment_gateways()->init();
		$this->fillCart();
		$answer = $this->rest(
			'POST',
			'/wc/store/v1/checkout',
			[
				'billing_address'  => self::address(),
				'shipping_address' => array_diff_key( self::address(), [ 'email' => '' ] ),
				'payment_method'   => 'cod',
			]
		);
		self::assertSame( 200, $answer->get_status(), (string) wp_json_encode( $answer->get_data() ) );
		$this->nextRequest();
		self::assertSame( [ 'changed' ], self::ops( $answer->get_data()['order_id'] ) );
	}

	/**
	 * @dataProvider orderStorages
	 * @group woocommerce
	 */
	public function test_a_draft_is_nothing_until_it_becomes_an_order( string $storage ): void {
		$this->storeOrdersIn( $storage );
		foreach ( [ 'checkout-draft', 'auto-draft' ] as $status ) {
			$draft = self::order( $status );
			$draft->set_billing_city( 'Amsterdam' );
			$draft->save();
			$this->nextRequest();
			self::assertSame( [], self::ops( $draft->get_id() ), $status );

			$draft->set_status( 'pending' );
			$draft->save();
			$draft->payment_complete();
			$this->nextRequest();
			self::assertSame( [ 'changed' ], self::ops( $draft->get_id() ), $status );
		}
	}

	/**
	 * @dataProvider orderStorages
	 * @group woocommerce
	 */
	public function test_a_draft_that_is_thrown_away_was_never_there( string $storage ): void {
		$this->storeOrdersIn( $storage );
		$draft = self::order( 'checkout-draft' );
		$id    = $draft->get_id();
		$draft->delete( true );
		$this->nextRequest();
		self::assertSame( [], self::ops( $id ) );
	}

	/**
	 * @dataProvider orderStorages
	 * @group woocommerce
	 */
	public function test_a_refund_and_its_deletion_are_changes_of_the_order( string $storage ): void {
		$this->storeOrdersIn( $storage );
		$order = self::order();
		$this->handEverythingOver();
		$refund = $this->refund( $order );
		$this->nextRequest();
		self::assertSame( [ 'changed', 'changed' ], self::ops( $order->get_id() ) );

		$this->handEverythingOver();
		$refund->delete( true );
		$this->nextRequest();
		self::assertSame( [ 'changed', 'changed', 'changed' ], self::ops( $order->get_id() ) );
	}

	/** @dataProvider orderStorages */
	public function test_the_trash_and_the_way_back( string $storage ): void {
		$this->storeOrdersIn( $storage );
		$order = self::order();
		$id    = $order->get_id();
		$this->handEverythingOver();
		$order->delete();
		$this->nextRequest();
		self::assertSame( [ 'changed', 'trashed' ], self::ops( $id ) );

		$this->handEverythingOver();
		$trashed = wc_get_order( $id );
		self::assertInstanceOf( WC_Order::class, $trashed );
		$trashed->untrash();
		$this->nextRequest();
		self::assertSame( [ 'changed', 'trashed', 'changed' ], self::ops( $id ) );
	}

	/** @dataProvider orderStorages */
	public function test_deleting_for_good( string $storage ): void {
		$this->storeOrdersIn( $storage );
		$order = self::order();
		$id    = $order->get_id();
		$this->handEverythingOver();
		$order->delete( true );
		$this->nextRequest();
		self::assertSame( [ 'changed', 'deleted' ], self::ops( $id ) );
	}

	/** @group woocommerce */
	public function test_orders_that_are_posts_can_be_handled_as_posts(): void {
		$this->storeOrdersIn( 'posts' );
		$id = self::order()->get_id();
		$this->handEverythingOver();
		wp_trash_post( $id );
		$this->handEverythingOver();
		wp_untrash_post( $id );
		$this->handEverythingOver();
		wp_delete_post( $id, true );
		$this->nextRequest();
		self::assertSame( [ 'changed', 'trashed', 'changed', 'deleted' ], self::ops( $id ) );
	}

	/**
	 * @dataProvider orderStorages
	 * @group woocommerce
	 */
	public function test_a_line_saved_by_itself_is_a_change_of_the_order( string $storage ): void {
		$this->storeOrdersIn( $storage );
		$order = self::order();
		$this->handEverythingOver();
		foreach ( $order->get_items() as $line ) {
			$line->set_name( 'Oak chair, oiled' );
			$line->save();
		}
		self::assertCount( 1, self::rows( $order->get_id() ), 'It is written down at the end of the request.' );
		$this->nextRequest();
		self::assertSame( [ 'changed', 'changed' ], self::ops( $order->get_id() ) );
	}

	/** @return array<string, array{string, callable(WC_Order): list<mixed>}> */
	public static function hooks(): array {
		$line = static fn ( WC_Order $order ): int => (int) array_key_first( $order->get_items() );
		return [
			'a new order'       => [ 'woocommerce_new_order', static fn ( WC_Order $order ): array => [ $order->get_id(), $order ] ],
			'an update'         => [ 'woocommerce_update_order', static fn ( WC_Order $order ): array => [ $order->get_id(), $order ] ],
			'a save'            => [ 'woocommerce_after_order_object_save', static fn ( WC_Order $order ): array => [ $order ] ],
			'another status'    => [ 'woocommerce_order_status_changed', static fn ( WC_Order $order ): array => [ $order->get_id(), 'pending', 'processing', $order ] ],
			'the trash'         => [ 'woocommerce_trash_order', static fn ( WC_Order $order ): array => [ $order->get_id() ] ],
			'out of the trash'  => [ 'woocommerce_untrash_order', static fn ( WC_Order $order ): array => [ $order->get_id(), 'wc-processing' ] ],
			'a refund'          => [ 'woocommerce_order_refunded', static fn ( WC_Order $order ): array => [ $order->get_id(), 7 ] ],
			'a refund deleted'  => [ 'woocommerce_refund_deleted', static fn ( WC_Order $order ): array => [ 7, $order->get_id() ] ],
			'a new line'        => [ 'woocommerce_new_order_item', static fn ( WC_Order $order ): array => [ $line( $order ), null, $order->get_id() ] ],
			'a line updated'    => [ 'woocommerce_update_order_item', static fn ( WC_Order $order ): array => [ $line( $order ), [] ] ],
			'a line on the way' => [ 'woocommerce_before_delete_order_item', static fn ( WC_Order $order ): array => [ $line( $order ) ] ],
		];
	}

	/**
	 * Other plugins save in ways of their own and fire some of the hooks.
	 *
	 * @dataProvider hooks
	 * @param callable(WC_Order): list<mixed> $arguments
	 */
	public function test_each_hook_is_enough_by_itself( string $hook, callable $arguments ): void {
		$order = self::order();
		$this->handEverythingOver();
		do_action( $hook, ...$arguments( $order ) ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals
		$this->nextRequest();
		self::assertCount( 2, self::rows( $order->get_id() ) );
	}

	public function test_the_row_is_there_before_anybody_else_hears_of_the_order(): void {
		$seen = null;
		add_action(
			'woocommerce_new_order',
			static function ( int $id ) use ( &$seen ): void {
				$seen = self::ops( $id );
			},
			2
		);
		self::order();
		self::assertSame( [ 'changed' ], $seen );
	}

	/** @dataProvider orderStorages */
	public function test_an_order_fetched_before_its_lines_were_saved_is_fetched_again( string $storage ): void {
		$this->storeOrdersIn( $storage );
		add_action( 'woocommerce_new_order', fn () => $this->parts->outbox->claim( 50 ), 2 );
		$order = new WC_Order();
		$order->add_product( self::product(), 1 );
		$order->save();
		$this->nextRequest();
		self::assertSame( [ 'changed', 'changed' ], self::ops( $order->get_id() ) );
	}

	/** @group woocommerce */
	public function test_a_draft_deleted_as_a_post_was_never_there(): void {
		$this->storeOrdersIn( 'posts' );
		$id = self::order( 'checkout-draft' )->get_id();
		wp_delete_post( $id, true );
		$this->nextRequest();
		self::assertSame( [], self::ops( $id ) );
	}

	public function test_what_a_shop_does_not_want_recorded_is_not(): void {
		add_filter( 'tallyman_should_record_order', '__return_false' );
		$order = self::order();
		$this->nextRequest();
		self::assertSame( [], self::ops( $order->get_id() ) );
	}

	public function test_only_the_sidecars_own_writes_carry_its_write_id(): void {
		$this->pair();
		$_SERVER['HTTP_X_TALLYMAN_WRITE'] = '3F0C7B1E-8D52-4B5A-9A53-6B7A3C1D2E4F';
		$ours                             = self::order();
		$_GET['consumer_key']             = 'ck_somebody_else';
		$theirs                           = self::order();
		self::assertSame( [ '3f0c7b1e-8d52-4b5a-9a53-6b7a3c1d2e4f' ], array_column( self::rows( $ours->get_id() ), 'write_id' ) );
		self::assertSame( [ null ], array_column( self::rows( $theirs->get_id() ), 'write_id' ) );
	}

	public function test_a_database_that_refuses_the_row_does_not_stop_the_order(): void {
		add_filter( 'query', static fn ( string $sql ): string => str_starts_with( $sql, 'INSERT INTO' ) ? str_replace( 'tallyman_outbox', 'no_such_table', $sql ) : $sql );
		self::assertGreaterThan( 0, self::order()->get_id() );
	}

	private function handEverythingOver(): void {
		$this->nextRequest();
		$batch = $this->parts->handOver()->next( 50 );
		$this->parts->outbox->acknowledge( array_column( $batch['rows'], 'id' ) );
	}

	private function refund( WC_Order $order ): WC_Order_Refund {
		$lines  = array_map(
			static fn (): array => [
				'qty'          => 1,
				'refund_total' => 89,
			],
			$order->get_items()
		);
		$refund = wc_create_refund(
			[
				'order_id'   => $order->get_id(),
				'amount'     => '89',
				'line_items' => $lines,
			]
		);
		self::assertInstanceOf( WC_Order_Refund::class, $refund );
		return $refund;
	}

	private function fillCart(): void {
		if ( null === WC()->cart ) {
			wc_load_cart();
		}
		WC()->session->set( 'store_api_draft_order', null );
		// The checkout's route keeps the last order it made.
		$GLOBALS['wp_rest_server'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride
		WC()->cart->empty_cart();
		WC()->cart->add_to_cart( self::product()->get_id(), 1 );
		add_filter( 'woocommerce_cart_needs_shipping', '__return_false' );
	}

	/** @return array<string, string> */
	private static function address( string $prefix = '' ): array {
		$fields = [
			'first_name' => 'Jan',
			'last_name'  => 'de Vries',
			'address_1'  => 'Keizersgracht 1',
			'city'       => 'Amsterdam',
			'postcode'   => '1015 CN',
			'country'    => 'NL',
			'email'      => 'jan@example.test',
		];
		return array_combine( array_map( static fn ( string $name ): string => $prefix . $name, array_keys( $fields ) ), $fields );
	}
}
