<?php
/**
 * Something only a person can put right.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

/** Why the sidecar refused a hand-over. Being down is not trouble: that passes by itself. */
final class Trouble {

	public function __construct(
		/** The sidecar's stable word: 'forked', 'stale', 'unauthorized', ... */
		public readonly string $code,
		public readonly string $sentence,
		/** Unix seconds. */
		public readonly int $at,
	) {}

	/** @return array<string, mixed> */
	public function toOption(): array {
		return get_object_vars( $this );
	}

	public static function fromOption( mixed $stored ): ?self {
		if ( ! is_array( $stored ) || ! isset( $stored['code'], $stored['sentence'], $stored['at'] ) ) {
			return null;
		}
		return new self( (string) $stored['code'], (string) $stored['sentence'], (int) $stored['at'] );
	}
}
