<?php
/**
 * Makes the batches that push and pull hand over.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

use Closure;
use Tallyman\Settings;
use Tallyman\Sidecar\Client;
use Tallyman\Site;

/** The one place that knows the shape of a batch. */
final class HandOver {

	public const MAX_ROWS = 50;

	/** The sidecar refuses bodies over 1 MB; orders with hundreds of lines exist. */
	private const MAX_BYTES = 700_000;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Outbox $outbox,
		private readonly OrderRepresentation $orders,
		private readonly Settings $settings,
		private readonly Site $site,
		private readonly Closure $now,
	) {}

	/** @return array<string, mixed> A batch of the oldest waiting rows; its `rows` are empty when nothing waits. */
	public function next( int $max ): array {
		return $this->batch( $this->outbox->claim( self::atMost( $max ) ) );
	}

	/** @return array<string, mixed> A batch of the rows from this sequence on, acknowledged ones included. */
	public function since( int $sequence, int $max ): array {
		return $this->batch( $this->outbox->claimSince( $sequence, self::atMost( $max ) ) );
	}

	/**
	 * @param list<Row> $rows Claimed, so what changes from here on has a row of its own.
	 * @return array<string, mixed>
	 */
	private function batch( array $rows ): array {
		$tail   = $this->outbox->tail();
		$orders = $this->orders->ofAll( self::readable( $rows ), $tail, $this->settings->pairing()->userId ?? 0 );
		$sent   = array_slice( $rows, 0, self::howManyFit( $rows, $orders ) );
		$this->outbox->release( array_slice( $rows, count( $sent ) ) );
		return [
			'protocol' => Client::PROTOCOL,
			'epoch'    => $this->settings->epoch(),
			'site'     => $this->site->hash(),
			'sentAt'   => gmdate( 'Y-m-d\TH:i:s\Z', (int) ( $this->now )() ),
			'tail'     => $tail,
			'waiting'  => $this->outbox->waiting(),
			'rows'     => array_map( static fn ( Row $row ): array => $row->toWire(), $sent ),
			'orders'   => (object) array_intersect_key( $orders, array_flip( self::readable( $sent ) ) ),
		];
	}

	/**
	 * @param list<Row> $rows
	 * @return list<int> Ids of the orders that are still there to be read, each once.
	 */
	private static function readable( array $rows ): array {
		$rows = array_filter( $rows, static fn ( Row $row ): bool => OrderEvents::KIND === $row->kind && Op::Deleted->value !== $row->op );
		return array_values( array_unique( array_map( static fn ( Row $row ): int => $row->entityId, $rows ) ) );
	}

	/**
	 * @param list<Row>                        $rows
	 * @param array<int, array<string, mixed>> $orders
	 * @return int At least one, however big it is: it has to be seen that it is too big.
	 */
	private static function howManyFit( array $rows, array $orders ): int {
		$bytes = 0;
		$seen  = [];
		foreach ( $rows as $index => $row ) {
			if ( ! isset( $seen[ $row->entityId ] ) ) {
				$bytes                 += strlen( (string) wp_json_encode( $orders[ $row->entityId ] ?? null ) );
				$seen[ $row->entityId ] = true;
			}
			if ( $index > 0 && $bytes > self::MAX_BYTES ) {
				return $index;
			}
		}
		return count( $rows );
	}

	private static function atMost( int $max ): int {
		return max( 1, min( $max, self::MAX_ROWS ) );
	}
}
