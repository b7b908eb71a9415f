<?php
/**
 * What the plugin stands on.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

/** The oldest versions it runs on, checked at every start: a host may go back as well as forward. */
final class Floors {

	public const WORDPRESS   = '6.6';
	public const WOOCOMMERCE = '9.0';

	/** @return list<string> One sentence for each thing that is missing or too old. */
	public static function missing( string $wordpress, ?string $woocommerce ): array {
		$missing = [];
		if ( self::isOlder( $wordpress, self::WORDPRESS ) ) {
			/* translators: 1: needed version, 2: installed version. */
			$missing[] = sprintf( __( 'Tallyman needs WordPress %1$s or newer; this site has %2$s.', 'tallyman' ), self::WORDPRESS, $wordpress );
		}
		if ( null === $woocommerce ) {
			$missing[] = __( 'Tallyman needs WooCommerce. Install and activate it first.', 'tallyman' );
		} elseif ( self::isOlder( $woocommerce, self::WOOCOMMERCE ) ) {
			/* translators: 1: needed version, 2: installed version. */
			$missing[] = sprintf( __( 'Tallyman needs WooCommerce %1$s or newer; this site has %2$s.', 'tallyman' ), self::WOOCOMMERCE, $woocommerce );
		}
		return $missing;
	}

	/** Without the suffix, because version_compare() calls 6.6-RC3 older than 6.6. */
	private static function isOlder( string $installed, string $needed ): bool {
		return version_compare( (string) preg_replace( '/[^0-9.].*$/', '', $installed ), $needed, '<' );
	}
}
