<?php
/**
 * What wp-admin shows.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use Tallyman\Admin\Notices;
use Tallyman\Admin\OrderMetaBox;
use Tallyman\Admin\Page;
use Tallyman\Trouble;

final class AdminTest extends ShopTestCase {

	public function test_an_order_that_is_still_here_says_so_without_asking_anybody(): void {
		$this->pair();
		wp_set_current_user( self::administrator() );
		$order = self::order();
		self::assertStringContainsString( 'Waiting to be handed over.', $this->box( $order ) );
		$this->parts->outbox->acknowledge( array_column( self::rows(), 'uuid' ) );
		self::assertStringNotContainsString( 'Waiting', $this->box( $order ) );
		self::assertSame( [], $this->sidecar->calls );
	}

	public function test_a_shop_without_a_sidecar_says_where_its_orders_stay(): void {
		wp_set_current_user( self::administrator() );
		self::assertStringContainsString( 'not paired with a sidecar yet', $this->box( self::order() ) );
	}

	/** @group woocommerce */
	public function test_only_those_who_can_do_something_are_told_of_trouble(): void {
		$this->pair();
		$this->parts->settings->report( new Trouble( 'stale', 'Check the clock of the shop.', time() ) );
		wp_set_current_user( self::administrator() );
		self::assertStringContainsString( 'Check the clock of the shop.', $this->notice() );
		wp_set_current_user( self::userWith( 'view_tallyman' ) );
		self::assertSame( '', $this->notice() );
	}

	/** @group woocommerce */
	public function test_waiting_is_worth_a_notice_after_a_quarter_of_an_hour(): void {
		global $wpdb;
		$this->pair();
		wp_set_current_user( self::administrator() );
		self::order();
		$this->nextRequest();
		self::assertSame( '', $this->notice() );
		$wpdb->query( "UPDATE {$wpdb->prefix}tallyman_outbox SET occurred_at = UTC_TIMESTAMP() - INTERVAL 16 MINUTE" );
		self::assertStringContainsString( '1 change of an order has been waiting', $this->notice() );
	}

	/** @group woocommerce */
	public function test_what_the_sidecar_asks_a_person_to_do_is_a_notice_for_a_day(): void {
		$this->pair();
		wp_set_current_user( self::administrator() );
		$this->parts->alertNotices()->replace( [ [ 'sentence' => 'Warehouse North is <b>paused</b>.' ] ], gmdate( 'Y-m-d\TH:i:s\Z' ) );
		self::assertStringContainsString( 'Warehouse North is paused.', $this->notice() );
		update_option(
			'tallyman_alert_notices',
			[
				'asOf'      => gmdate( 'Y-m-d\TH:i:s\Z', time() - DAY_IN_SECONDS ),
				'sentences' => [ 'Warehouse North is paused.' ],
			],
			false
		);
		self::assertSame( '', $this->notice(), 'A sidecar that is gone for good asks nothing any more.' );
	}

	public function test_who_may_look_at_it_may_enter_wp_admin(): void {
		$page = new Page( $this->parts->settings, $this->parts->site, $this->parts->cloneGuard );
		wp_set_current_user( self::userWith( 'view_tallyman' ) );
		self::assertFalse( $page->letViewersIn( true ) );
		wp_set_current_user( self::userWith() );
		self::assertTrue( $page->letViewersIn( true ) );
		self::assertFalse( $page->letViewersIn( false ) );
	}

	private function box( \WC_Order $order ): string {
		ob_start();
		( new OrderMetaBox( $this->parts->settings, $this->parts->outbox ) )->draw( $order );
		return (string) ob_get_clean();
	}

	private function notice(): string {
		require_once ABSPATH . 'wp-admin/includes/class-wp-screen.php';
		require_once ABSPATH . 'wp-admin/includes/screen.php';
		require_once ABSPATH . 'wp-admin/includes/template.php';
		require_once WC()->plugin_path() . '/includes/admin/wc-admin-functions.php';
		set_current_screen( 'dashboard' );
		ob_start();
		( new Notices( $this->parts->settings, $this->parts->site, $this->parts->cloneGuard, $this->parts->outbox, $this->parts->alertNotices(), $this->parts->now ) )->show();
		$GLOBALS['current_screen'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride
		return (string) ob_get_clean();
	}
}
