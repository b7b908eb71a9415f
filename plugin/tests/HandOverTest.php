<?php
/**
 * Orders leave the shop whole, and only once the visitor has.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use Tallyman\Outbox\LastNet;
use Tallyman\Parts;
use WC_Product_Variable;
use WC_Product_Variation;

final class HandOverTest extends ShopTestCase {

	/**
	 * @dataProvider orderStorages
	 * @group woocommerce
	 */
	public function test_a_batch_carries_the_order_as_wc_v3_shows_it( string $storage ): void {
		$this->storeOrdersIn( $storage );
		$this->pair();
		$order = self::order();
		$this->sidecar->acknowledgeEverything();
		$this->push();

		$call = $this->sidecar->calls[0];
		self::assertSame( [ '/v1/outbox', true, '1', 'connection-1', 2.0 ], [ $call['url'], $call['isSigned'], $call['headers']['tallyman-protocol'], $call['headers']['tallyman-store'], $call['timeout'] ] );
		$batch = $call['body'];
		self::assertSame( [ 1, $this->parts->settings->epoch(), $this->parts->site->hash() ], [ $batch->protocol, $batch->epoch, $batch->site ] );
		self::assertSame( [ 'order', $order->get_id(), 'changed' ], [ $batch->rows[0]->kind, $batch->rows[0]->entityId, $batch->rows[0]->op ] );
		self::assertSame( [ $batch->tail, 1 ], [ $batch->rows[0]->sequence, $batch->waiting ] );
		$sent = $batch->orders->{$order->get_id()};
		self::assertSame( [ $order->get_order_key(), 'processing', '178.00' ], [ $sent->order_key, $sent->status, $sent->total ] );
		self::assertSame( [ $batch->tail, $batch->site ], [ $sent->tallyman->sequence, $sent->tallyman->site ] );
		self::assertSame( 0, $this->parts->outbox->waiting() );
	}

	public function test_an_order_of_the_block_checkout_goes_with_its_own_request(): void {
		$this->pair();
		$order = self::order();
		// What WooCommerce goes by when it decides which of its APIs to load.
		$GLOBALS['wp']->query_vars['rest_route'] = '/wc/store/v1/checkout';
		$GLOBALS['wp_rest_server']               = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride
		$sent                                    = $this->sent( $order->get_id() );
		unset( $GLOBALS['wp']->query_vars['rest_route'] );
		$GLOBALS['wp_rest_server'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride
		self::assertSame( $order->get_order_key(), $sent['order_key'] );
	}

	public function test_the_sidecar_reads_the_same_over_rest(): void {
		$this->pair();
		$order = self::order();
		$this->sidecar->acknowledgeEverything();
		$this->push();
		wp_set_current_user( self::administrator() );
		$read = rest_get_server()->response_to_data( $this->rest( 'GET', "/wc/v3/orders/{$order->get_id()}" ), false );
		self::assertEquals( $this->sidecar->calls[0]['body']->orders->{$order->get_id()}, json_decode( (string) wp_json_encode( $read ) ) );
	}

	public function test_nobody_else_sees_our_object(): void {
		$this->pair();
		$_GET['consumer_key'] = 'ck_somebody_else';
		$order                = self::order();
		$this->parts->handOver()->next( 50 );
		wp_set_current_user( self::administrator() );
		self::assertArrayNotHasKey( 'tallyman', $this->rest( 'GET', "/wc/v3/orders/{$order->get_id()}" )->get_data() );
	}

	/** @group woocommerce */
	public function test_lines_say_what_was_refunded_what_ships_and_whose_sku_it_is(): void {
		$order = self::order();
		$line  = array_key_first( $order->get_items() );
		$bare  = $order->add_product( self::variationWithoutSku(), 1 );
		$gift  = self::product();
		$gift->set_virtual( true );
		$gift->save();
		$virtual = $order->add_product( $gift, 1 );
		$order->save();
		wc_create_refund(
			[
				'order_id'   => $order->get_id(),
				'amount'     => '89',
				'line_items' => [
					$line => [
						'qty'          => 1,
						'refund_total' => 89,
					],
				],
			]
		);
		$lines = (array) $this->sent( $order->get_id() )['tallyman']['lines'];
		self::assertSame( 1, $lines[ $line ]['refunded'] );
		self::assertStringStartsWith( 'OAK-', $lines[ $line ]['own_sku'] );
		self::assertSame( [ '', true, 0 ], [ $lines[ $bare ]['own_sku'], $lines[ $bare ]['needs_shipping'], $lines[ $bare ]['refunded'] ] );
		self::assertFalse( $lines[ $virtual ]['needs_shipping'] );
	}

	/** @group woocommerce */
	public function test_a_product_that_was_deleted_may_still_have_to_be_shipped(): void {
		$order = self::order();
		foreach ( $order->get_items() as $line ) {
			wp_delete_post( $line->get_product_id(), true );
		}
		wp_cache_flush();
		$lines = array_values( (array) $this->sent( $order->get_id() )['tallyman']['lines'] );
		self::assertSame( [ true, '' ], [ $lines[0]['needs_shipping'], $lines[0]['own_sku'] ] );
	}

	public function test_a_trashed_order_is_sent_and_a_deleted_one_cannot_be(): void {
		foreach ( [ 'tables', 'posts' ] as $storage ) {
			$this->storeOrdersIn( $storage );
			$trashed   = self::order();
			$trashedId = $trashed->get_id();
			$trashed->delete();
			$deleted = self::order();
			$id      = $deleted->get_id();
			$deleted->delete( true );
			$batch = $this->parts->handOver()->next( 50 );
			self::assertSame( 'trash', ( (array) $batch['orders'] )[ $trashedId ]['status'], $storage );
			self::assertArrayNotHasKey( $id, (array) $batch['orders'], $storage );
		}
	}

	public function test_it_works_although_the_user_who_paired_has_left_and_puts_the_visitor_back(): void {
		$this->pair();
		$stored = $this->parts->settings->pairing()?->toOption() ?? [];
		update_option( 'tallyman_pairing', [ 'userId' => 999999 ] + $stored );
		$order   = self::order();
		$visitor = self::userWith();
		wp_set_current_user( $visitor );
		self::assertArrayHasKey( $order->get_id(), (array) $this->parts->handOver()->next( 50 )['orders'] );
		self::assertSame( $visitor, get_current_user_id() );
		self::assertSame( 403, $this->rest( 'GET', "/wc/v3/orders/{$order->get_id()}" )->get_status() );
	}

	public function test_another_plugins_bug_in_one_order_does_not_hold_up_the_others(): void {
		$bad  = self::order();
		$good = self::order();
		add_filter(
			'woocommerce_rest_prepare_shop_order_object',
			static fn ( $response, $order ) => $order->get_id() === $bad->get_id() ? throw new \LogicException( 'A bug.' ) : $response,
			10,
			2
		);
		$batch = $this->parts->handOver()->next( 50 );
		self::assertCount( 2, $batch['rows'] );
		self::assertSame( [ $good->get_id() ], array_keys( (array) $batch['orders'] ) );
	}

	public function test_a_batch_stays_under_what_the_sidecar_takes(): void {
		$orders = [ self::order(), self::order(), self::order() ];
		add_filter( 'tallyman_order_representation', static fn ( array $data ): array => $data + [ 'heavy' => str_repeat( 'x', 300_000 ) ] );
		self::assertCount( 2, $this->parts->handOver()->next( 50 )['rows'] );
		self::assertNull( self::rows( $orders[2]->get_id() )[0]['claimed_at'], 'What was not sent may still cover changes.' );
	}

	public function test_a_sidecar_that_is_down_is_left_alone_for_a_minute(): void {
		$now   = time();
		$parts = new Parts(
			static function () use ( &$now ): float {
				return (float) $now;
			}
		);
		$this->pair();
		self::order();
		$parts->dispatcher()->push();
		$parts->dispatcher()->push();
		self::assertCount( 1, $this->sidecar->calls );
		self::assertSame( 1, $this->parts->outbox->waiting() );
		$now += 60;
		$this->sidecar->acknowledgeEverything();
		$parts->dispatcher()->push();
		self::assertCount( 2, $this->sidecar->calls );
		self::assertSame( 0, $this->parts->outbox->waiting() );
	}

	public function test_more_than_one_batch_goes_in_one_flight(): void {
		$this->pair();
		foreach ( range( 1, 55 ) as $id ) {
			$this->parts->recorder->deleted( 'order', 900000 + $id );
		}
		$this->sidecar->acknowledgeEverything();
		$this->push();
		self::assertSame( [ 50, 5 ], array_map( static fn ( array $call ): int => count( $call['body']->rows ), $this->sidecar->calls ) );
	}

	public function test_what_the_sidecar_keeps_for_a_person_is_not_sent_again(): void {
		$this->pair();
		self::order();
		$this->sidecar->answer( static fn (): array => [ 202, [ 'acknowledged' => [] ] ] );
		$this->push();
		self::assertSame( [ 1, 0 ], [ count( $this->sidecar->calls ), $this->parts->outbox->waiting() ] );
	}

	public function test_a_refusal_is_kept_for_a_notice_until_something_is_taken(): void {
		$this->pair();
		self::order();
		$this->sidecar->answer(
			static fn (): array => [
				409,
				[
					'error'   => 'forked',
					'message' => 'Pair this site anew.',
				],
			]
		);
		$this->push();
		self::assertSame( [ 'forked', 'Pair this site anew.' ], [ $this->parts->settings->trouble()?->code, $this->parts->settings->trouble()?->sentence ] );
		$this->parts->settings->forget( 'tallyman_push_failed' );
		$this->sidecar->acknowledgeEverything();
		$this->push();
		self::assertNull( $this->parts->settings->trouble() );
	}

	public function test_two_requests_do_not_push_at_the_same_time(): void {
		$this->pair();
		self::order();
		$other = new \wpdb( DB_USER, DB_PASSWORD, DB_NAME, DB_HOST );
		$name  = 'tallyman:' . md5( DB_NAME . $GLOBALS['wpdb']->prefix );
		$other->query( "SELECT GET_LOCK('$name', 0)" ); // phpcs:ignore WordPress.DB.PreparedSQL -- The name above.
		$this->push();
		self::assertSame( [], $this->sidecar->calls );
		$other->close();
	}

	public function test_nothing_is_pushed_when_nothing_happened(): void {
		$this->pair();
		( new Parts() )->dispatcher()->atShutdown();
		self::assertSame( [], $this->sidecar->calls );
	}

	/** @group woocommerce */
	public function test_the_last_net_is_one_action_and_only_while_nobody_pulls(): void {
		$this->pair();
		$this->parts->settings->remember( 'tallyman_last_pull', time() - 60 );
		$this->parts->recorder->created( 'order', 4711 );
		$this->parts->dispatcher()->atShutdown();
		self::assertFalse( as_has_scheduled_action( LastNet::HOOK ) );

		$this->parts->settings->remember( 'tallyman_last_pull', time() - 121 );
		$this->parts->dispatcher()->atShutdown();
		$this->parts->settings->forget( 'tallyman_net_armed' );
		$this->parts->dispatcher()->atShutdown();
		$waiting = as_get_scheduled_actions(
			[
				'hook'   => LastNet::HOOK,
				'status' => 'pending',
			]
		);
		self::assertCount( 1, $waiting );
	}

	private function push(): void {
		$this->nextRequest();
		$this->parts->dispatcher()->push();
	}

	/** @return array<string, mixed> */
	private function sent( int $orderId ): array {
		$this->nextRequest();
		return ( (array) $this->parts->handOver()->next( 50 )['orders'] )[ $orderId ];
	}

	private static function variationWithoutSku(): WC_Product_Variation {
		$parent = new WC_Product_Variable();
		$parent->set_props(
			[
				'name' => 'Linen cushion',
				'sku'  => 'PARENT-' . uniqid(),
			]
		);
		$variation = new WC_Product_Variation();
		$variation->set_parent_id( $parent->save() );
		$variation->set_regular_price( '24.50' );
		$variation->save();
		return $variation;
	}
}
