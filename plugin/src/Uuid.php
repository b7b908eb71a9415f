<?php
/**
 * New ids.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

/** From real randomness: wp_generate_uuid4() draws from a 32 bit seed, which repeats within a busy shop's year. */
final class Uuid {

	public static function make(): string {
		$bytes    = random_bytes( 16 );
		$bytes[6] = chr( ord( $bytes[6] ) & 0x0f | 0x40 );
		$bytes[8] = chr( ord( $bytes[8] ) & 0x3f | 0x80 );
		return vsprintf( '%s%s-%s-%s-%s-%s%s%s', str_split( bin2hex( $bytes ), 4 ) );
	}

	public static function isOne( mixed $text ): bool {
		return is_string( $text ) && 1 === preg_match( '/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i', $text );
	}
}
