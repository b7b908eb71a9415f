<?php
/**
 * A row of the outbox as it is handed over.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

/** "Something happened to order 4711." What the order looks like is read when the row is handed over. */
final class Row {

	public function __construct(
		public readonly int $sequence,
		public readonly string $uuid,
		public readonly string $kind,
		public readonly int $entityId,
		public readonly string $op,
		/** UTC, `2026-11-23 05:00:00.123`. */
		public readonly string $occurredAt,
		public readonly ?string $writeId,
		public readonly string $traceId,
	) {}

	/** @param array<string, string|null> $stored */
	public static function fromDatabase( array $stored ): self {
		return new self(
			(int) $stored['sequence'],
			(string) $stored['uuid'],
			(string) $stored['kind'],
			(int) $stored['entity_id'],
			(string) $stored['op'],
			(string) $stored['occurred_at'],
			$stored['write_id'],
			(string) $stored['trace_id'],
		);
	}

	/** @return array<string, mixed> */
	public function toWire(): array {
		return [
			'id'         => $this->uuid,
			'sequence'   => $this->sequence,
			'kind'       => $this->kind,
			'entityId'   => $this->entityId,
			'op'         => $this->op,
			'occurredAt' => str_replace( ' ', 'T', $this->occurredAt ) . 'Z',
			'writeId'    => $this->writeId,
			'traceId'    => $this->traceId,
		];
	}
}
