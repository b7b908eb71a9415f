<?php
/**
 * The sidecar tells people, through the shop's mail.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use WP_REST_Response;

final class AlertTest extends ShopTestCase {

	private const ROUTE = '/tallyman/v1/alert';

	/** @var list<array{to: list<string>, subject: string, message: string}> */
	private array $mails    = [];
	private bool $mailWorks = true;

	protected function setUp(): void {
		parent::setUp();
		$this->mails     = [];
		$this->mailWorks = true;
		remove_filter( 'pre_wp_mail', '__return_true', PHP_INT_MAX );
		add_filter(
			'pre_wp_mail',
			function ( mixed $answer, array $mail ): bool {
				$this->mails[] = [
					'to'      => (array) $mail['to'],
					'subject' => $mail['subject'],
					'message' => $mail['message'],
				];
				return $this->mailWorks;
			},
			PHP_INT_MAX,
			2
		);
		$this->pair();
	}

	public function test_several_alerts_of_one_moment_are_one_mail_to_the_administrator(): void {
		$answer = $this->tell( [ self::news( 'a', 'Warehouse North does not answer.' ), self::news( 'b', '1200 jobs wait.' ), self::news( 'c', 'Warehouse South answers again.', 'cleared' ) ] );
		self::assertSame( 200, $answer->get_status() );
		self::assertCount( 1, $this->mails );
		self::assertSame( [ get_option( 'admin_email' ) ], $this->mails[0]['to'] );
		self::assertStringEndsWith( 'Tallyman: 2 alerts', $this->mails[0]['subject'] );
		self::assertMatchesRegularExpression( '/New:\n.*Warehouse North does not answer\.\n.*1200 jobs wait\.\n\nOver:\n.*Warehouse South answers again\./', $this->mails[0]['message'] );
	}

	public function test_news_that_comes_again_after_a_lost_answer_mails_nobody_twice(): void {
		$this->tell( [ self::news( 'a', 'It is down.' ) ] );
		self::assertSame( 200, $this->tell( [ self::news( 'a', 'It is down.' ) ] )->get_status() );
		self::assertCount( 1, $this->mails );
		$this->tell( [ self::news( 'a', 'It is down.' ), self::news( 'b', 'Something else.' ) ] );
		self::assertCount( 2, $this->mails );
		self::assertStringNotContainsString( 'It is down.', $this->mails[1]['message'] );
	}

	public function test_what_was_mailed_is_known_when_the_ids_of_calls_are_forgotten(): void {
		global $wpdb;
		$this->tell( [ self::news( 'a', 'It is down.' ) ] );
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->prefix}tallyman_seen WHERE seen_at < %s", gmdate( 'Y-m-d H:i:s', time() + WEEK_IN_SECONDS ) ) );
		$this->tell( [ self::news( 'a', 'It is down.' ) ] );
		self::assertCount( 1, $this->mails );
	}

	public function test_the_end_of_an_alert_is_another_piece_of_news_than_its_beginning(): void {
		$this->tell( [ self::news( 'a', 'It is down.' ) ] );
		$this->tell( [ self::news( 'a', 'It answers again.', 'cleared' ) ] );
		self::assertStringEndsWith( 'Tallyman: over', $this->mails[1]['subject'] );
	}

	public function test_a_mail_that_could_not_be_sent_is_sent_when_it_comes_again(): void {
		$this->mailWorks = false;
		self::assertSame( 503, $this->tell( [ self::news( 'a', 'It is down.' ) ] )->get_status() );
		$this->mailWorks = true;
		self::assertSame( 200, $this->tell( [ self::news( 'a', 'It is down.' ) ] )->get_status() );
		self::assertCount( 2, $this->mails );
	}

	public function test_how_much_came_and_went_is_said(): void {
		$this->tell( [ self::news( 'a', 'It is down.' ) ], [ 'passed' => 3 ] );
		self::assertStringContainsString( '3 more alerts came and went since the last mail.', $this->mails[0]['message'] );
	}

	public function test_notices_follow_the_latest_word_of_the_sidecar(): void {
		$notice = static fn ( string $sentence ): array => [
			[
				'id'       => 'a',
				'sentence' => $sentence,
				'since'    => '2026-11-20T12:00:00Z',
			],
		];
		$at     = static fn ( int $seconds ): string => gmdate( 'Y-m-d\TH:i:s.000\Z', time() + $seconds );
		$this->tell(
			[], [
				'asOf'    => $at( 0 ),
				'notices' => $notice( 'Enter the password again.' ),
			]
		);
		$this->tell(
			[], [
				'asOf'    => $at( -60 ),
				'notices' => $notice( 'An older word.' ),
			]
		);
		self::assertSame( [ 'Enter the password again.' ], $this->parts->alertNotices()->current() );
		$this->tell(
			[], [
				'asOf'    => $at( 1 ),
				'notices' => [],
			]
		);
		self::assertSame( [], $this->parts->alertNotices()->current() );
		self::assertSame( [], $this->mails );
	}

	public function test_a_copy_of_the_shop_mails_nobody(): void {
		$this->becomeACopy();
		self::assertSame( 409, $this->tell( [ self::news( 'a', 'It is down.' ) ] )->get_status() );
		self::assertSame( [], $this->mails );
	}

	public function test_nobody_else_can_make_the_shop_send_mail(): void {
		$message = $this->message( [ self::news( 'a', 'Buy this.' ) ] );
		self::assertSame( 401, $this->rest( 'POST', self::ROUTE, $message )->get_status() );
		wp_set_current_user( self::administrator() );
		self::assertSame( 401, $this->rest( 'POST', self::ROUTE, $message )->get_status() );
		self::assertSame( [], $this->mails );
	}

	public function test_what_is_not_a_piece_of_news_is_left_out(): void {
		$answer = $this->tell(
			[
				'nonsense',
				[
					'id'       => '../x.opened',
					'sentence' => 'A',
					'at'       => 'now',
				],
				[ 'id' => 'a.opened' ],
				self::news( 'b', "Down.\r\nBcc: eva@example.com" ),
			]
		);
		self::assertSame( [ 200, 1 ], [ $answer->get_status(), count( $this->mails ) ] );
		self::assertStringContainsString( 'Down. Bcc: eva@example.com', $this->mails[0]['message'] );
	}

	public function test_the_addresses_are_a_setting_and_none_means_nobody(): void {
		wp_set_current_user( self::administrator() );
		$answer = $this->rest( 'POST', '/tallyman/v1/settings', [ 'alert_mail' => 'ops@example.com, shop@example.com' ] );
		self::assertSame( [ 'ops@example.com', 'shop@example.com' ], $answer->get_data()['alertMail'] );
		$this->tell( [ self::news( 'a', 'It is down.' ) ] );
		self::assertSame( [ 'ops@example.com', 'shop@example.com' ], $this->mails[0]['to'] );
		self::assertSame( 400, $this->rest( 'POST', '/tallyman/v1/settings', [ 'alert_mail' => 'ops@example.com, nobody' ] )->get_status() );
		$this->rest( 'POST', '/tallyman/v1/settings', [ 'alert_mail' => '' ] );
		self::assertSame( 200, $this->tell( [ self::news( 'b', 'It is down.' ) ] )->get_status() );
		self::assertCount( 1, $this->mails );
	}

	public function test_only_those_who_manage_change_the_addresses(): void {
		wp_set_current_user( self::userWith( 'view_tallyman' ) );
		self::assertSame( 403, $this->rest( 'POST', '/tallyman/v1/settings', [ 'alert_mail' => 'x@example.com' ] )->get_status() );
	}

	/**
	 * @param list<mixed>          $news
	 * @param array<string, mixed> $changes
	 */
	private function tell( array $news, array $changes = [] ): WP_REST_Response {
		return $this->signedCall( self::ROUTE, $changes + $this->message( $news ) );
	}

	/**
	 * @param list<mixed> $news
	 * @return array<string, mixed>
	 */
	private function message( array $news ): array {
		return [
			'asOf'    => gmdate( 'Y-m-d\TH:i:s.000\Z' ),
			'site'    => $this->parts->site->hash(),
			'news'    => $news,
			'passed'  => 0,
			'notices' => [],
		];
	}

	/** @return array<string, string> */
	private static function news( string $id, string $sentence, string $edge = 'opened' ): array {
		return [
			'id'       => "$id.$edge",
			'edge'     => $edge,
			'sentence' => $sentence,
			'at'       => '2026-11-20T12:00:00.000Z',
		];
	}
}
