<?php
/**
 * What a pairing is.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

/** The agreement with one sidecar, bound to the address it was made at. */
final class Pairing {

	/**
	 * @param non-empty-list<string> $secrets  The current one first; an older one only while keys rotate.
	 * @param string                 $siteAddress  Where the pairing was made.
	 * @param string                 $keyHash  Of our WooCommerce key, as its table holds it.
	 * @param int                    $userId   Whose rights the WooCommerce key has.
	 * @param int                    $pairedAt Unix seconds.
	 */
	public function __construct(
		public readonly string $connectionId,
		public readonly array $secrets,
		public readonly string $sidecarUrl,
		public readonly string $storeCode,
		public readonly string $siteAddress,
		public readonly int $keyId,
		public readonly string $keyHash,
		public readonly int $userId,
		public readonly int $pairedAt,
	) {}

	public function siteHash(): string {
		return Site::hashOf( $this->siteAddress );
	}

	/** @return array<string, mixed> */
	public function toOption(): array {
		return get_object_vars( $this );
	}

	public static function fromOption( mixed $stored ): ?self {
		if ( ! is_array( $stored ) || ! is_string( $stored['connectionId'] ?? null ) || ! is_array( $stored['secrets'] ?? null ) ) {
			return null;
		}
		$secrets = array_values( array_filter( $stored['secrets'], 'is_string' ) );
		if ( [] === $secrets ) {
			return null;
		}
		return new self(
			$stored['connectionId'],
			$secrets,
			(string) ( $stored['sidecarUrl'] ?? '' ),
			(string) ( $stored['storeCode'] ?? '' ),
			(string) ( $stored['siteAddress'] ?? '' ),
			(int) ( $stored['keyId'] ?? 0 ),
			(string) ( $stored['keyHash'] ?? '' ),
			(int) ( $stored['userId'] ?? 0 ),
			(int) ( $stored['pairedAt'] ?? 0 ),
		);
	}
}
