<?php
/**
 * Pairing by the form, and every way it can go wrong.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use Tallyman\SidecarAddress;
use Tallyman\Site;
use Tallyman\Trouble;
use WP_REST_Response;

final class PairingTest extends ShopTestCase {

	public function test_a_code_becomes_a_pairing(): void {
		global $wpdb;
		$this->sidecar->answer( static fn (): array => [ 200, self::accepted() ] );
		$answer = $this->pairByForm();
		self::assertSame( [ 200, true ], [ $answer->get_status(), $answer->get_data()['paired'] ] );

		$sent = $this->sidecar->calls[0]['body'];
		self::assertSame( [ '4F7KM-Q2X9R', 1, 'OAK' ], [ $sent->code, $sent->protocol, $sent->storeCode ] );
		self::assertSame( [ $this->parts->site->hash(), $this->parts->settings->epoch() ], [ $sent->siteHash, $sent->epoch ] );
		self::assertSame( [ rest_url(), WC()->version ], [ $sent->restUrl, $sent->versions->woocommerce ] );

		$pairing = $this->parts->settings->pairing();
		self::assertSame( [ 'connection-9', FakeSidecar::SECRET ], [ $pairing?->connectionId, $pairing?->secrets[0] ] );
		$key = $wpdb->get_row( "SELECT * FROM {$wpdb->prefix}woocommerce_api_keys WHERE description = 'Tallyman'" );
		self::assertSame( [ 'read_write', wc_api_hash( $sent->consumerKey ), $sent->consumerSecret ], [ $key->permissions, $key->consumer_key, $key->consumer_secret ] );
		self::assertArrayNotHasKey( 'tallyman_pairing', wp_load_alloptions( true ), 'A secret is not loaded with every page.' );
	}

	public function test_pairing_again_leaves_one_key(): void {
		$this->sidecar->answer( static fn (): array => [ 200, self::accepted() ] );
		$this->pairByForm();
		$this->pairByForm();
		self::assertSame( 1, self::keys() );
	}

	/** @return array<string, array{array{int, mixed}, string}> */
	public static function refusals(): array {
		return [
			'a wrong code'            => [ [ 401, [ 'error' => 'bad_code' ] ], 'does not know this code' ],
			'another shop\'s code'    => [
				[
					409,
					[
						'error'   => 'store_code_taken',
						'message' => 'Another shop here has the store code "OAK".',
					],
				],
				'Another shop here',
			],
			'another protocol'        => [ [ 400, [ 'error' => 'protocol' ] ], 'Update the older' ],
			'another program'         => [ [ 200, '<html>It works!</html>' ], 'not Tallyman' ],
			'another program\'s JSON' => [ [ 200, [ 'hello' => 'world' ] ], 'not in the way Tallyman does' ],
			'a secret that is none'   => [
				[
					200,
					[
						'connectionId' => 'x',
						'secret'       => 'whsec_',
					],
				],
				'not in the way Tallyman does',
			],
			'a dead proxy'            => [ [ 502, '' ], 'Nothing answers' ],
		];
	}

	/**
	 * @dataProvider refusals
	 * @param array{int, mixed} $answer
	 */
	public function test_a_refusal_says_why_and_leaves_nothing_behind( array $answer, string $sentence ): void {
		$this->sidecar->answer( static fn (): array => $answer );
		$refusal = $this->pairByForm();
		self::assertSame( 400, $refusal->get_status() );
		self::assertStringContainsString( $sentence, $refusal->get_data()['message'] );
		self::assertSame( [ 0, null ], [ self::keys(), $this->parts->settings->pairing() ] );
	}

	public function test_a_sidecar_that_is_not_there(): void {
		self::assertStringContainsString( 'Nothing answers at this address', $this->pairByForm()->get_data()['message'] );
		self::assertSame( 0, self::keys() );
	}

	public function test_a_failed_attempt_keeps_the_pairing_there_was(): void {
		$before = $this->pair();
		$this->sidecar->answer( static fn (): array => [ 401, [ 'error' => 'bad_code' ] ] );
		$this->pairByForm();
		self::assertEquals( $before, $this->parts->settings->pairing() );
		self::assertSame( 1, self::keys() );
	}

	public function test_a_wrong_clock_is_named(): void {
		$this->sidecar->setClock( time() - 600 );
		$this->sidecar->answer( static fn (): array => [ 200, self::accepted() ] );
		self::assertStringContainsString( '10 minutes apart', $this->pairByForm()->get_data()['message'] );
	}

	public function test_only_addresses_that_keep_the_keys_safe(): void {
		foreach ( [ 'http://127.0.0.1:7890', 'http://sidecar:7890', 'http://192.168.1.4:7890', 'http://[::1]:7890', 'https://tallyman.example/sub', 'http://nas.local' ] as $good ) {
			self::assertNull( SidecarAddress::problem( $good ), $good );
		}
		foreach ( [ 'http://tallyman.example', 'ftp://127.0.0.1', '127.0.0.1:7890', 'http://8.8.8.8', 'https://user:pass@tallyman.example', 'https://tallyman.example/?x=1', '' ] as $bad ) {
			self::assertNotNull( SidecarAddress::problem( $bad ), $bad );
		}
	}

	public function test_a_store_code_that_cannot_be_one_is_not_sent(): void {
		foreach ( [ '', 'a b', '-OAK', str_repeat( 'A', 21 ), 'ÖAK' ] as $bad ) {
			self::assertSame( 400, $this->pairByForm( $bad )->get_status(), $bad );
		}
		self::assertSame( [], $this->sidecar->calls );
	}

	public function test_after_a_restored_backup_pairing_anew_starts_another_life_of_the_outbox(): void {
		$this->pair();
		$before = $this->parts->settings->epoch();
		$this->sidecar->answer( static fn (): array => [ 200, self::accepted() ] );
		$this->pairByForm();
		self::assertSame( $before, $this->parts->settings->epoch() );

		$this->parts->settings->report( new Trouble( 'forked', 'Change 7 is known under another id.', time() ) );
		$this->pairByForm();
		self::assertNotSame( $before, $this->parts->settings->epoch() );
	}

	public function test_parting_takes_the_key_away(): void {
		$this->pair();
		wp_set_current_user( self::userWith( 'manage_tallyman' ) );
		self::assertFalse( $this->rest( 'DELETE', '/tallyman/v1/pair' )->get_data()['paired'] );
		self::assertSame( 0, self::keys() );
	}

	public function test_the_address_that_is_hashed(): void {
		$same = [ 'https://Shop.Example/Oak/', 'http://shop.example/oak', 'HTTPS://SHOP.EXAMPLE/oak/' ];
		self::assertCount( 1, array_unique( array_map( [ Site::class, 'hashOf' ], $same ) ) );
		self::assertSame( hash( 'sha256', 'shop.example/oak' ), Site::hashOf( $same[0] ) );
		self::assertSame( hash( 'sha256', '127.0.0.1:8080' ), Site::hashOf( 'http://127.0.0.1:8080' ) );
	}

	public function test_filters_cannot_change_the_address(): void {
		$before = $this->parts->site->address();
		add_filter( 'option_home', static fn (): string => 'https://elsewhere.example' );
		add_filter( 'pre_option_home', static fn (): string => 'https://elsewhere.example' );
		self::assertSame( $before, ( new Site() )->address() );
	}

	private function pairByForm( string $storeCode = 'OAK' ): WP_REST_Response {
		wp_set_current_user( self::userWith( 'manage_tallyman' ) );
		return $this->rest(
			'POST',
			'/tallyman/v1/pair',
			[
				'sidecar_url' => FakeSidecar::URL . '/',
				'code'        => ' 4F7KM-Q2X9R ',
				'store_code'  => $storeCode,
			]
		);
	}

	/** @return array<string, mixed> */
	private static function accepted(): array {
		return [
			'connectionId' => 'connection-9',
			'secret'       => FakeSidecar::SECRET,
			'protocol'     => 1,
		];
	}

	private static function keys(): int {
		global $wpdb;
		return (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}woocommerce_api_keys WHERE description = 'Tallyman'" );
	}
}
