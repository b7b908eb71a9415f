<?php
/**
 * A copy of the shop keeps still until someone says what it is.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use Tallyman\Admin\CopyChoice;
use Tallyman\Admin\Notices;
use WP_REST_Request;

final class CopyTest extends ShopTestCase {

	protected function setUp(): void {
		parent::setUp();
		$this->pair();
		$this->sidecar->acknowledgeEverything();
		wp_set_current_user( self::administrator() );
	}

	public function test_it_hands_nothing_over_by_itself(): void {
		$this->becomeACopy();
		self::order();
		$this->nextRequest();
		$this->parts->dispatcher()->push();
		self::assertSame( [], $this->sidecar->calls );
		self::assertSame( 1, $this->parts->outbox->waiting() );
	}

	public function test_it_hands_nothing_over_when_asked(): void {
		$this->becomeACopy();
		$wish = [
			'acknowledge'  => [],
			'max'          => 50,
			'fromSequence' => null,
		];
		foreach ( [ $this->parts->site->hash(), \Tallyman\Site::hashOf( 'https://the-real-shop.example' ) ] as $site ) {
			self::assertSame( 409, $this->signedCall( '/tallyman/v1/outbox/pull', $wish + [ 'site' => $site ] )->get_status() );
		}
	}

	public function test_it_takes_no_change_of_the_sidecar(): void {
		$order = self::order();
		self::assertSame( [ 200, 'completed' ], $this->write( $order->get_id(), 'completed' ) );
		$this->becomeACopy();
		self::assertSame( [ 409, 'tallyman_copy' ], $this->write( $order->get_id(), 'on-hold' ) );
		self::assertSame( 'completed', wc_get_order( $order->get_id() )->get_status() );
	}

	public function test_its_screen_cannot_press_the_shops_buttons(): void {
		$this->becomeACopy();
		self::assertSame( 409, $this->rest( 'POST', '/tallyman/v1/proxy/api/v1/jobs/1/actions' )->get_status() );
		self::assertSame( 409, $this->rest( 'GET', '/tallyman/v1/proxy/api/v1/overview' )->get_status() );
		self::assertSame( [], $this->sidecar->calls );
	}

	/** @group woocommerce */
	public function test_it_asks_until_someone_says_that_it_is_a_copy_and_stays_silent_then(): void {
		$this->becomeACopy();
		self::assertStringContainsString( 'the-real-shop.example', $this->notice() );
		foreach ( [ CopyChoice::MOVED, CopyChoice::COPY, CopyChoice::UNPAIR ] as $choice ) {
			self::assertStringContainsString( "value=\"$choice\"", $this->notice() );
		}
		$this->choose( CopyChoice::COPY );
		self::assertSame( '', $this->notice() );
		self::assertTrue( $this->parts->cloneGuard->isCopy() );
	}

	public function test_a_copy_that_is_parted_leaves_the_shops_pairing_alone(): void {
		$this->becomeACopy();
		$this->choose( CopyChoice::UNPAIR );
		self::assertNull( $this->parts->settings->pairing() );
		self::assertSame( [], $this->sidecar->calls );
	}

	public function test_a_shop_that_moved_is_paired_again_and_goes_on(): void {
		$this->becomeACopy();
		$epoch = $this->parts->settings->epoch();
		$this->choose( CopyChoice::MOVED );
		self::assertTrue( $this->parts->cloneGuard->isCopy(), 'Only a new code proves it.' );
		$this->sidecar->answer(
			static fn (): array => [
				200,
				[
					'connectionId' => 'connection-1',
					'secret'       => FakeSidecar::SECRET,
				],
			]
		);
		$this->parts->desk()->pair( FakeSidecar::URL, '4F7KM-Q2X9R', 'OAK' );
		self::assertFalse( $this->parts->cloneGuard->isCopy() );
		self::assertSame( $epoch, $this->parts->settings->epoch() );
	}

	private function choose( string $choice ): void {
		( new CopyChoice( $this->parts->desk(), $this->parts->settings, $this->parts->site ) )->settle( $choice );
	}

	private function notice(): string {
		require_once ABSPATH . 'wp-admin/includes/template.php';
		require_once ABSPATH . 'wp-admin/includes/class-wp-screen.php';
		require_once ABSPATH . 'wp-admin/includes/screen.php';
		require_once WC()->plugin_path() . '/includes/admin/wc-admin-functions.php';
		set_current_screen( 'dashboard' );
		ob_start();
		( new Notices( $this->parts->settings, $this->parts->site, $this->parts->cloneGuard, $this->parts->outbox, $this->parts->alertNotices(), $this->parts->now ) )->show();
		$GLOBALS['current_screen'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride
		return (string) ob_get_clean();
	}

	/** @return array{int, mixed} Status, and the order's status or the error's code. */
	private function write( int $orderId, string $status ): array {
		$request = new WP_REST_Request( 'PUT', "/wc/v3/orders/$orderId" );
		$request->set_header( 'content-type', 'application/json' );
		$request->set_header( 'x-tallyman-write', '3f0c7b1e-8d52-4b5a-9a53-6b7a3c1d2e4f' );
		$request->set_body( (string) wp_json_encode( [ 'status' => $status ] ) );
		$answer = rest_do_request( $request );
		return [ $answer->get_status(), $answer->get_data()['status'] ?? $answer->get_data()['code'] ];
	}
}
