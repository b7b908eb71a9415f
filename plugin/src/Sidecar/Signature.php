<?php
/**
 * Signing, in both directions.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Sidecar;

/**
 * The Standard Webhooks scheme: HMAC-SHA256 over `id.timestamp.body` with the bytes behind `whsec_`.
 *
 * @see https://www.standardwebhooks.com
 */
final class Signature {

	public const TOLERANCE_SECONDS = 300;

	/** @return array<string, string> The three headers. */
	public static function headers( string $id, int $timestamp, string $body, string $secret ): array {
		return [
			'webhook-id'        => $id,
			'webhook-timestamp' => (string) $timestamp,
			'webhook-signature' => self::of( $id, $timestamp, $body, $secret ),
		];
	}

	public static function of( string $id, int $timestamp, string $body, string $secret ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- The scheme's encoding.
		return 'v1,' . base64_encode( hash_hmac( 'sha256', "$id.$timestamp.$body", self::key( $secret ), true ) );
	}

	/**
	 * @param string       $body      The raw bytes: decoded and encoded again they would not be the same.
	 * @param string       $signature What was sent; several are separated by a space while keys rotate.
	 * @param list<string> $secrets   Any of ours will do.
	 * @param int          $now       Unix seconds.
	 */
	public static function judge( string $id, string $timestamp, string $body, string $signature, array $secrets, int $now ): Verdict {
		if ( '' === $id || ! ctype_digit( $timestamp ) || strlen( $timestamp ) > 12 ) {
			return Verdict::Wrong;
		}
		$isOurs = false;
		foreach ( $secrets as $secret ) {
			$expected = self::of( $id, (int) $timestamp, $body, $secret );
			foreach ( explode( ' ', $signature ) as $given ) {
				$isOurs = hash_equals( $expected, $given ) || $isOurs;
			}
		}
		if ( ! $isOurs ) {
			return Verdict::Wrong;
		}
		return abs( $now - (int) $timestamp ) > self::TOLERANCE_SECONDS ? Verdict::Stale : Verdict::Valid;
	}

	public static function isSecret( mixed $text ): bool {
		return is_string( $text ) && str_starts_with( $text, 'whsec_' ) && strlen( self::key( $text ) ) >= 16;
	}

	private static function key( string $secret ): string {
		$encoded = str_starts_with( $secret, 'whsec_' ) ? substr( $secret, 6 ) : $secret;
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- The scheme's encoding.
		return (string) base64_decode( $encoded, true );
	}
}
