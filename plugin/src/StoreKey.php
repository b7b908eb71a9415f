<?php
/**
 * The WooCommerce REST key the sidecar reads and writes with.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

/** A key of its own, so that a merchant sees in WooCommerce who writes, and can take the right away. */
final class StoreKey {

	private function __construct(
		public readonly int $id,
		public readonly string $consumerKey,
		public readonly string $consumerSecret,
	) {}

	/** @return self|null Null when the database refused. */
	public static function create( int $userId ): ?self {
		global $wpdb;
		$key    = 'ck_' . wc_rand_hash();
		$secret = 'cs_' . wc_rand_hash();
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WooCommerce has no public function that makes a key.
		$isMade = $wpdb->insert(
			$wpdb->prefix . 'woocommerce_api_keys',
			[
				'user_id'         => $userId,
				'description'     => 'Tallyman',
				'permissions'     => 'read_write',
				'consumer_key'    => wc_api_hash( $key ),
				'consumer_secret' => $secret,
				'truncated_key'   => substr( $key, -7 ),
			]
		);
		return $isMade ? new self( (int) $wpdb->insert_id, $key, $secret ) : null;
	}

	public static function remove( int $id ): void {
		global $wpdb;
		// WooCommerce may be gone already when Tallyman is uninstalled.
		$isQuiet = $wpdb->suppress_errors();
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WooCommerce has no public function that removes a key.
		$wpdb->delete(
			$wpdb->prefix . 'woocommerce_api_keys',
			[
				'key_id'      => $id,
				'description' => 'Tallyman',
			]
		);
		$wpdb->suppress_errors( $isQuiet );
	}

	public function hash(): string {
		return wc_api_hash( $this->consumerKey );
	}
}
