<?php
/**
 * The door for the sidecar's signed calls.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Rest;

use Closure;
use Tallyman\Settings;
use Tallyman\Sidecar\Signature;
use Tallyman\Sidecar\Verdict;
use WP_Error;
use WP_REST_Request;

/** A call counts once: replayed by whoever has recorded it, a pull would hand orders to a stranger. */
final class SignedCalls {

	private const REMEMBER_SECONDS = 2 * Signature::TOLERANCE_SECONDS;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Settings $settings,
		private readonly Closure $now,
	) {}

	/** @param WP_REST_Request<array<string, mixed>> $request */
	public function check( WP_REST_Request $request ): bool|WP_Error {
		$id      = (string) $request->get_header( 'webhook-id' );
		$verdict = Signature::judge(
			$id,
			(string) $request->get_header( 'webhook-timestamp' ),
			(string) $request->get_body(),
			(string) $request->get_header( 'webhook-signature' ),
			$this->settings->pairing()->secrets ?? [],
			(int) ( $this->now )()
		);
		return match ( $verdict ) {
			Verdict::Wrong => self::refusal( 'tallyman_bad_signature', __( 'The call is not signed by the sidecar this shop is paired with.', 'tallyman' ) ),
			Verdict::Stale => $this->stale(),
			Verdict::Valid => $this->seeFirst( $id ),
		};
	}

	private function stale(): WP_Error {
		return self::refusal(
			'tallyman_stale',
			__( 'The call is too old or too new. One of the two clocks is wrong.', 'tallyman' ),
			[ 'serverTime' => gmdate( 'Y-m-d\TH:i:s\Z', (int) ( $this->now )() ) ]
		);
	}

	/** One INSERT decides, so that of two equal calls at the same moment one is refused. */
	private function seeFirst( string $id ): bool|WP_Error {
		global $wpdb;
		$now = (int) ( $this->now )();
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- A table of our own, never cached.
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->prefix}tallyman_seen WHERE seen_at < %s LIMIT 1000", gmdate( 'Y-m-d H:i:s', $now - self::REMEMBER_SECONDS ) ) );
		$isFirst = $wpdb->query( $wpdb->prepare( "INSERT IGNORE INTO {$wpdb->prefix}tallyman_seen (call_id, seen_at) VALUES (%s, %s)", substr( $id, 0, 64 ), gmdate( 'Y-m-d H:i:s', $now ) ) );
		// phpcs:enable
		return $isFirst ? true : self::refusal( 'tallyman_repeated', __( 'A call with this id was answered already.', 'tallyman' ) );
	}

	/** @param array<string, mixed> $facts */
	private static function refusal( string $code, string $sentence, array $facts = [] ): WP_Error {
		return new WP_Error( $code, $sentence, [ 'status' => 401 ] + $facts );
	}
}
