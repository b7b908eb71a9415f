<?php
/**
 * The screen's calls reach the sidecar under the name of who made them.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

final class ProxyTest extends ShopTestCase {

	private const OVERVIEW = '/tallyman/v1/proxy/api/v1/overview';

	public function test_a_call_is_passed_on_signed_with_who_asks(): void {
		$this->pair();
		$this->sidecar->answer( static fn (): array => [ 200, [ 'sentence' => 'Everything is flowing.' ] ] );
		$clerk = self::userWith( 'view_tallyman' );
		wp_set_current_user( $clerk );
		$answer = $this->rest(
			'GET',
			'/tallyman/v1/proxy/api/v1/jobs',
			[
				'state'   => 'dead',
				'page'    => '2',
				'_locale' => 'user',
			]
		);
		self::assertSame( [ 200, 'Everything is flowing.' ], [ $answer->get_status(), $answer->get_data()->sentence ] );
		$call = $this->sidecar->calls[0];
		self::assertSame( [ '/v1/call', true, 3.0 ], [ $call['url'], $call['isSigned'], $call['timeout'] ] );
		self::assertEquals(
			(object) [
				'method' => 'GET',
				'path'   => '/api/v1/jobs',
				'query'  => (object) [
					'state' => 'dead',
					'page'  => '2',
				],
				'body'   => null,
				'user'   => (object) [
					'id'   => $clerk,
					'name' => wp_get_current_user()->display_name,
					'role' => 'viewer',
				],
			],
			$call['body']
		);
	}

	public function test_bodies_and_answers_are_passed_on_unread(): void {
		$this->pair();
		$this->sidecar->answer( static fn ( object $call ): array => [ 422, [ 'saw' => $call->body ] ] );
		wp_set_current_user( self::userWith( 'manage_tallyman' ) );
		$body   = [
			'settings' => (object) [],
			'list'     => [],
			'name'     => 'Lager "Süd"',
		];
		$answer = $this->rest( 'PUT', '/tallyman/v1/proxy/api/v1/connections/7', $body );
		self::assertSame( [ 422, wp_json_encode( $body ) ], [ $answer->get_status(), wp_json_encode( $answer->get_data()->saw ) ] );
		self::assertSame( 'admin', $this->sidecar->calls[0]['body']->user->role );
	}

	public function test_who_may_only_look_cannot_press(): void {
		$this->pair();
		$this->sidecar->answer( static fn (): array => [ 200, [] ] );
		wp_set_current_user( self::userWith( 'view_tallyman' ) );
		self::assertSame( 200, $this->rest( 'GET', self::OVERVIEW )->get_status() );
		foreach ( [ 'POST', 'PUT' ] as $method ) {
			self::assertSame( 403, $this->rest( $method, '/tallyman/v1/proxy/api/v1/jobs/1/actions' )->get_status() );
		}
		foreach ( [ 'POST', 'DELETE' ] as $method ) {
			self::assertSame( 403, $this->rest( $method, '/tallyman/v1/pair' )->get_status() );
		}
		self::assertCount( 1, $this->sidecar->calls );
	}

	public function test_a_subscriber_gets_403_on_every_route(): void {
		$this->pair();
		$this->sidecar->answer( static fn (): array => [ 200, [] ] );
		$tried = 0;
		foreach ( [
			'a subscriber' => self::userWith(),
			'a visitor'    => 0,
		] as $who => $user ) {
			wp_set_current_user( $user );
			foreach ( self::screenRoutes() as [ $method, $route ] ) {
				$status = $this->rest( $method, $route )->get_status();
				self::assertSame( 0 === $user ? 401 : 403, $status, "$who, $method $route" );
				++$tried;
			}
		}
		self::assertSame( [], $this->sidecar->calls );
		self::assertGreaterThan( 10, $tried );
	}

	public function test_the_api_is_all_that_can_be_reached(): void {
		$this->pair();
		wp_set_current_user( self::userWith( 'manage_tallyman' ) );
		foreach ( [ '/v1/outbox', '/api/v1/../../v1/outbox', '/api/v2/jobs', '/api/v1/jobs?x=1' ] as $path ) {
			self::assertSame( 404, $this->rest( 'GET', "/tallyman/v1/proxy$path" )->get_status(), $path );
		}
	}

	public function test_a_sidecar_that_is_down_costs_one_timeout_in_15_seconds(): void {
		$this->pair();
		self::order();
		$this->nextRequest();
		wp_set_current_user( self::userWith( 'view_tallyman' ) );
		$first  = $this->rest( 'GET', self::OVERVIEW );
		$second = $this->rest( 'GET', self::OVERVIEW );
		self::assertSame( [ 503, 503, 1 ], [ $first->get_status(), $second->get_status(), count( $this->sidecar->calls ) ] );
		self::assertSame( [ 'sidecar_unreachable', 1 ], [ $second->get_data()['error'], $second->get_data()['data']['waiting'] ] );

		update_option( 'tallyman_proxy_failed', time() - 15, false );
		$this->sidecar->answer( static fn (): array => [ 200, [] ] );
		self::assertSame( 200, $this->rest( 'GET', self::OVERVIEW )->get_status() );
	}

	public function test_an_error_of_the_sidecar_is_an_answer(): void {
		$this->pair();
		$this->sidecar->answer( static fn (): array => [ 503, [ 'error' => 'starting' ] ] );
		wp_set_current_user( self::userWith( 'view_tallyman' ) );
		self::assertSame( 'starting', $this->rest( 'GET', self::OVERVIEW )->get_data()->error );
		self::assertSame( 0, $this->parts->client()->callAgainInSeconds() );
	}

	public function test_a_proxy_in_front_of_nothing_is_not_the_sidecar(): void {
		$this->pair();
		$this->sidecar->answer( static fn (): array => [ 502, '<html>Bad gateway</html>' ] );
		wp_set_current_user( self::userWith( 'view_tallyman' ) );
		self::assertSame( 'sidecar_unreachable', $this->rest( 'GET', self::OVERVIEW )->get_data()['error'] );
	}

	public function test_an_order_that_waits_says_so_although_the_sidecar_is_down(): void {
		$this->pair();
		$order = self::order();
		$this->nextRequest();
		wp_set_current_user( self::userWith( 'view_tallyman' ) );
		$box = $this->rest( 'GET', "/tallyman/v1/orders/{$order->get_id()}" )->get_data();
		self::assertSame( 503, $box['status'] );
		self::assertEqualsWithDelta( time(), strtotime( (string) $box['waitingSince'] ), 5 );

		$this->parts->outbox->acknowledge( array_column( self::rows(), 'uuid' ) );
		self::assertNull( $this->rest( 'GET', "/tallyman/v1/orders/{$order->get_id()}" )->get_data()['waitingSince'] );
	}

	public function test_the_settings_hold_no_secret(): void {
		$this->pair();
		wp_set_current_user( self::userWith( 'manage_tallyman' ) );
		$shown = (string) wp_json_encode( $this->rest( 'GET', '/tallyman/v1/settings' )->get_data() );
		self::assertStringContainsString( '"storeCode":"OAK"', $shown );
		self::assertStringNotContainsString( 'whsec', $shown );
		self::assertStringNotContainsString( 'ck_', $shown );
		self::assertStringNotContainsString( 'cs_', $shown );
	}

	/** @return list<array{string, string}> Every route of ours that is not for the sidecar, as registered. */
	private static function screenRoutes(): array {
		$routes = [];
		foreach ( rest_get_server()->get_routes( 'tallyman/v1' ) as $route => $handlers ) {
			if ( in_array( $route, [ '/tallyman/v1', '/tallyman/v1/outbox/pull', '/tallyman/v1/unpair', '/tallyman/v1/alert' ], true ) ) {
				continue;
			}
			$address = str_replace( [ '(?P<path>/api/v1(?:/[A-Za-z0-9_][A-Za-z0-9_.:-]*)+)', '(?P<id>\d+)' ], [ '/api/v1/jobs', '7' ], $route );
			foreach ( $handlers as $handler ) {
				foreach ( array_keys( $handler['methods'] ) as $method ) {
					$routes[] = [ $method, $address ];
				}
			}
		}
		return $routes;
	}
}
