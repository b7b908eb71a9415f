<?php
/**
 * Which addresses a sidecar may have.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

/** Pairing sends a key that can change orders, so it only leaves the house over TLS. */
final class SidecarAddress {

	/** @return string|null The sentence that says what is wrong with it. */
	public static function problem( string $url ): ?string {
		$parts = wp_parse_url( $url );
		if ( ! is_array( $parts ) || ! isset( $parts['scheme'], $parts['host'] ) || ! in_array( $parts['scheme'], [ 'http', 'https' ], true ) ) {
			return __( 'The address has to start with http:// or https://, for example http://127.0.0.1:7890.', 'tallyman' );
		}
		if ( isset( $parts['user'] ) || isset( $parts['query'] ) || isset( $parts['fragment'] ) ) {
			return __( 'The address may have no user name, question mark or hash sign in it.', 'tallyman' );
		}
		if ( 'http' === $parts['scheme'] && ! self::isInTheHouse( $parts['host'] ) ) {
			return __( 'Over the internet the address has to start with https://, because the keys of the shop are sent to it.', 'tallyman' );
		}
		return null;
	}

	/** This machine, its private networks, and names that only they know, such as a container's. */
	private static function isInTheHouse( string $host ): bool {
		$host = trim( $host, '[]' );
		if ( false !== filter_var( $host, FILTER_VALIDATE_IP ) ) {
			return false === filter_var( $host, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE );
		}
		return ! str_contains( $host, '.' ) || 1 === preg_match( '/\.(local|internal|localhost|lan)$/i', $host );
	}
}
