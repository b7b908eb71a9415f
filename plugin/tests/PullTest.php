<?php
/**
 * The sidecar fetches what waits, and nobody else can.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use WP_REST_Request;

final class PullTest extends ShopTestCase {

	private const ROUTE = '/tallyman/v1/outbox/pull';

	public function test_a_signed_pull_gets_what_waits_and_acknowledges_what_it_has(): void {
		$this->pair();
		$first  = self::order()->get_id();
		$answer = $this->pull();
		self::assertSame( [ 200, [ $first ] ], [ $answer->get_status(), array_column( $answer->get_data()['rows'], 'entityId' ) ] );
		self::assertArrayHasKey( 'tallyman', ( (array) $answer->get_data()['orders'] )[ $first ] );

		$second = self::order()->get_id();
		$answer = $this->pull( [ 'acknowledge' => array_column( $answer->get_data()['rows'], 'id' ) ] );
		self::assertSame( [ $second ], array_column( $answer->get_data()['rows'], 'entityId' ) );
		self::assertSame( 1, $answer->get_data()['waiting'] );
	}

	public function test_what_was_not_acknowledged_is_handed_over_again(): void {
		$this->pair();
		self::order();
		self::assertEquals( $this->pull()->get_data()['rows'], $this->pull()->get_data()['rows'] );
	}

	public function test_a_replay_brings_acknowledged_rows_back(): void {
		$this->pair();
		self::order();
		$row = $this->pull()->get_data()['rows'][0];
		$this->pull( [ 'acknowledge' => [ $row['id'] ] ] );
		self::assertSame( [], $this->pull()->get_data()['rows'] );
		self::assertSame( [ $row['id'] ], array_column( $this->pull( [ 'fromSequence' => $row['sequence'] ] )->get_data()['rows'], 'id' ) );
		self::assertSame( [], $this->pull( [ 'fromSequence' => $row['sequence'] + 1 ] )->get_data()['rows'] );
		self::assertSame( 0, $this->parts->outbox->waiting(), 'A tombstone stays one.' );
	}

	public function test_trouble_is_over_once_the_sidecar_has_taken_something(): void {
		$this->pair();
		self::order();
		$this->parts->settings->report( new \Tallyman\Trouble( 'forked', 'Pair this site anew.', time() ) );
		$row = $this->pull()->get_data()['rows'][0];
		self::assertNotNull( $this->parts->settings->trouble() );
		$this->pull( [ 'acknowledge' => [ $row['id'] ] ] );
		self::assertNull( $this->parts->settings->trouble() );
	}

	public function test_at_most_as_many_as_asked_for(): void {
		$this->pair();
		self::order();
		self::order();
		self::assertCount( 1, $this->pull( [ 'max' => 1 ] )->get_data()['rows'] );
	}

	public function test_an_unsigned_call_is_refused(): void {
		$this->pair();
		self::order();
		$request = new WP_REST_Request( 'POST', self::ROUTE );
		$request->set_body( (string) wp_json_encode( $this->wish() ) );
		self::assertSame( [ 401, 'tallyman_bad_signature' ], self::refusal( rest_do_request( $request ) ) );
	}

	public function test_an_administrator_is_nobody_here(): void {
		$this->pair();
		wp_set_current_user( self::administrator() );
		self::assertSame( 401, $this->rest( 'POST', self::ROUTE, $this->wish() )->get_status() );
	}

	public function test_a_changed_body_is_refused(): void {
		$this->pair();
		$request = new WP_REST_Request( 'POST', self::ROUTE );
		foreach ( \Tallyman\Sidecar\Signature::headers( 'msg_1', time(), '{}', FakeSidecar::SECRET ) as $name => $value ) {
			$request->set_header( $name, $value );
		}
		$request->set_body( (string) wp_json_encode( $this->wish() ) );
		self::assertSame( 401, rest_do_request( $request )->get_status() );
	}

	public function test_a_stale_call_is_told_the_time(): void {
		$this->pair();
		foreach ( [ -301, 301 ] as $seconds ) {
			$answer = $this->signedCall( self::ROUTE, $this->wish(), time() + $seconds );
			self::assertSame( [ 401, 'tallyman_stale' ], self::refusal( $answer ) );
			self::assertEqualsWithDelta( time(), strtotime( $answer->get_data()['data']['serverTime'] ), 2 );
		}
	}

	public function test_a_recorded_call_cannot_be_played_again(): void {
		$this->pair();
		self::order();
		self::assertSame( 200, $this->signedCall( self::ROUTE, $this->wish(), 0, 'msg_recorded' )->get_status() );
		self::assertSame( [ 401, 'tallyman_repeated' ], self::refusal( $this->signedCall( self::ROUTE, $this->wish(), 0, 'msg_recorded' ) ) );
	}

	public function test_a_shop_that_is_not_paired_hands_nothing_over(): void {
		self::assertSame( 401, $this->pull()->get_status() );
	}

	public function test_a_call_for_another_site_is_refused(): void {
		$this->pair();
		self::assertSame( [ 409, 'not_this_site' ], self::refusal( $this->pull( [ 'site' => str_repeat( '0', 64 ) ] ) ) );
	}

	public function test_a_body_that_cannot_be_read_is_refused(): void {
		$this->pair();
		$request = new WP_REST_Request( 'POST', self::ROUTE );
		foreach ( \Tallyman\Sidecar\Signature::headers( 'msg_2', time(), 'nonsense', FakeSidecar::SECRET ) as $name => $value ) {
			$request->set_header( $name, $value );
		}
		$request->set_body( 'nonsense' );
		self::assertSame( 400, rest_do_request( $request )->get_status() );
	}

	public function test_the_sidecar_can_part_from_the_shop(): void {
		global $wpdb;
		$pairing = $this->pair();
		self::assertSame( 200, $this->signedCall( '/tallyman/v1/unpair', [] )->get_status() );
		self::assertNull( $this->parts->settings->pairing() );
		self::assertSame( '0', $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM {$wpdb->prefix}woocommerce_api_keys WHERE key_id = %d", $pairing->keyId ) ) );
		self::assertSame( 401, $this->signedCall( '/tallyman/v1/unpair', [] )->get_status() );
	}

	/** @param array<string, mixed> $wish */
	private function pull( array $wish = [] ): \WP_REST_Response {
		$this->nextRequest();
		return $this->signedCall( self::ROUTE, $wish + $this->wish() );
	}

	/** @return array<string, mixed> */
	private function wish(): array {
		return [
			'acknowledge'  => [],
			'max'          => 50,
			'fromSequence' => null,
			'site'         => $this->parts->site->hash(),
		];
	}

	/** @return array{int, string} */
	private static function refusal( \WP_REST_Response $answer ): array {
		return [ $answer->get_status(), $answer->get_data()['code'] ];
	}
}
