<?php
/**
 * The address that tells this site from a copy of it.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

/** Reads around every filter: plugins that show a site under several addresses must not make it look like a copy. */
final class Site {

	/** @var array<int, string> Addresses by blog id: one query a request. */
	private array $addresses = [];

	public function address(): string {
		return $this->addresses[ get_current_blog_id() ] ??= $this->readAddress();
	}

	public function hash(): string {
		return self::hashOf( $this->address() );
	}

	/** @return string sha256 hex of `host[:port]/path` in lower case, without a trailing slash. */
	public static function hashOf( string $address ): string {
		return hash( 'sha256', self::place( $address ) );
	}

	/** @return string `shop.example/nl`: what people recognise a site by. */
	public static function place( string $address ): string {
		$port = wp_parse_url( $address, PHP_URL_PORT );
		$host = (string) wp_parse_url( $address, PHP_URL_HOST ) . ( $port ? ":$port" : '' );
		return strtolower( rtrim( $host . wp_parse_url( $address, PHP_URL_PATH ), '/' ) );
	}

	private function readAddress(): string {
		global $wpdb;
		// WordPress itself ignores the constant in a network, where every site has an address of its own.
		if ( defined( 'WP_HOME' ) && ! is_multisite() ) {
			return (string) constant( 'WP_HOME' );
		}
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- get_option() is filtered, and that is what has to be avoided.
		return (string) $wpdb->get_var( "SELECT option_value FROM $wpdb->options WHERE option_name = 'home'" );
	}
}
