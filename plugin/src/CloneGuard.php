<?php
/**
 * Keeps a copy of the shop from acting as the shop.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

use WP_Error;
use WP_REST_Request;

/** A staging copy has the shop's secrets and orders. Until someone says what it is, it sends and accepts nothing. */
final class CloneGuard {

	public function __construct(
		private readonly Settings $settings,
		private readonly Site $site,
	) {}

	public function isCopy(): bool {
		$pairing = $this->settings->pairing();
		return null !== $pairing && $pairing->siteHash() !== $this->site->hash();
	}

	/** @return bool Whether nobody has said yet what this copy is. */
	public function isUnexplained(): bool {
		return $this->isCopy() && $this->settings->knownCopy() !== $this->site->hash();
	}

	/**
	 * The sidecar marks its writes; they were meant for the shop this is a copy of.
	 *
	 * @param mixed                                   $result  What another plugin wants to answer instead.
	 * @param mixed                                   $server  Unused.
	 * @param WP_REST_Request<array<string, mixed>> $request The call.
	 */
	public function refuseWrites( mixed $result, mixed $server, WP_REST_Request $request ): mixed {
		$isWrite = null !== $request->get_header( 'x-tallyman-write' ) && str_starts_with( $request->get_route(), '/wc/' );
		return $isWrite && $this->isCopy() ? self::refusal() : $result;
	}

	public static function refusal(): WP_Error {
		return new WP_Error(
			'tallyman_copy',
			__( 'This site is a copy of the shop that was paired. It neither hands orders over nor accepts changes until someone says what it is.', 'tallyman' ),
			[ 'status' => 409 ]
		);
	}
}
