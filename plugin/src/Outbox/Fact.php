<?php
/**
 * What one request knows about the thing it writes down.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

/** Everything of a row that the outbox does not number itself. */
final class Fact {

	public function __construct(
		public readonly string $kind,
		public readonly int $entityId,
		public readonly Op $op,
		/** Unix seconds with their fraction. */
		public readonly float $at,
		/** The sidecar's id of the write that caused it; null for everyone else's. */
		public readonly ?string $writeId,
		public readonly string $traceId,
	) {}
}
