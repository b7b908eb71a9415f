<?php
/**
 * The outbox table.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

use Tallyman\Uuid;

/**
 * A row is *waiting* until the sidecar acknowledges it; then it stays as a tombstone for a week, so that a restored
 * sidecar can ask for it again. It is *claimed* from the moment its order is read for a hand-over: what happens to the
 * order after that needs another row.
 */
final class Outbox {

	private const TOMBSTONE_DAYS = 7;

	/** One INSERT, the only statement a new order pays for. @return int The sequence, 0 when the database refused. */
	public function add( Fact $fact ): int {
		global $wpdb;
		$isQuiet = $wpdb->suppress_errors();
		$isAdded = $wpdb->query(
			$wpdb->prepare(
				"INSERT INTO {$wpdb->prefix}tallyman_outbox (uuid, kind, entity_id, op, occurred_at, write_id, trace_id)
				VALUES (%s, %s, %d, %s, %s, NULLIF(%s, ''), %s)",
				Uuid::make(),
				$fact->kind,
				$fact->entityId,
				$fact->op->value,
				self::utc( $fact->at ),
				(string) $fact->writeId,
				$fact->traceId
			)
		);
		$wpdb->suppress_errors( $isQuiet );
		return $isAdded ? (int) $wpdb->insert_id : 0;
	}

	/**
	 * Lets the newest waiting row of the entity stand for this change too, if nobody has read it yet.
	 *
	 * An UPDATE rather than a look, because it makes a hand-over wait for a save that is still inside a transaction. It goes
	 * by primary key: searching for the row inside the UPDATE would lock the gap that new orders are inserted into.
	 *
	 * @return int The row's sequence, 0 when a row of its own is needed.
	 */
	public function coalesce( Fact $fact ): int {
		global $wpdb;
		$sequence = (int) $wpdb->get_var(
			$wpdb->prepare(
				"SELECT sequence FROM {$wpdb->prefix}tallyman_outbox
				WHERE kind = %s AND entity_id = %d AND claimed_at IS NULL AND acknowledged_at IS NULL
				ORDER BY sequence DESC LIMIT 1",
				$fact->kind,
				$fact->entityId
			)
		);
		if ( 0 === $sequence ) {
			return 0;
		}
		// A row that covers a person's change as well is not the echo of our own write any more.
		$isCovered = $wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}tallyman_outbox
				SET saves = saves + 1, op = %s, write_id = IF(write_id = %s, write_id, NULL)
				WHERE sequence = %d AND claimed_at IS NULL",
				$fact->op->value,
				(string) $fact->writeId,
				$sequence
			)
		);
		return $isCovered ? $sequence : 0;
	}

	/** @return bool Whether the row's order has not been read for a hand-over yet. */
	public function isUnclaimed( int $sequence ): bool {
		global $wpdb;
		return null !== $wpdb->get_var(
			$wpdb->prepare(
				"SELECT 1 FROM {$wpdb->prefix}tallyman_outbox WHERE sequence = %d AND claimed_at IS NULL",
				$sequence
			)
		);
	}

	/** @return list<Row> The oldest waiting rows, claimed from now on. */
	public function claim( int $max ): array {
		global $wpdb;
		$sequences = $wpdb->get_col(
			$wpdb->prepare(
				"SELECT sequence FROM {$wpdb->prefix}tallyman_outbox WHERE acknowledged_at IS NULL ORDER BY sequence LIMIT %d",
				$max
			)
		);
		return $this->claimThese( $sequences );
	}

	/** @return list<Row> From this sequence on, acknowledged ones included: what a restored sidecar asks for. */
	public function claimSince( int $sequence, int $max ): array {
		global $wpdb;
		$sequences = $wpdb->get_col(
			$wpdb->prepare(
				"SELECT sequence FROM {$wpdb->prefix}tallyman_outbox WHERE sequence >= %d ORDER BY sequence LIMIT %d",
				$sequence,
				$max
			)
		);
		return $this->claimThese( $sequences );
	}

	/** @param list<Row> $rows Claimed, but not sent after all. */
	public function release( array $rows ): void {
		global $wpdb;
		if ( [] === $rows ) {
			return;
		}
		$in = implode( ',', array_map( static fn ( Row $row ): int => $row->sequence, $rows ) );
		// phpcs:ignore WordPress.DB.PreparedSQL -- The list holds integers only.
		$wpdb->query( "UPDATE {$wpdb->prefix}tallyman_outbox SET claimed_at = NULL WHERE sequence IN ($in) AND acknowledged_at IS NULL" );
	}

	/** @param list<string> $uuids Unknown ones are ignored: they were acknowledged long ago. */
	public function acknowledge( array $uuids ): void {
		global $wpdb;
		if ( [] === $uuids ) {
			return;
		}
		$places = implode( ',', array_fill( 0, count( $uuids ), '%s' ) );
		$wpdb->query(
			$wpdb->prepare(
				// phpcs:ignore WordPress.DB.PreparedSQL, WordPress.DB.PreparedSQLPlaceholders -- The list holds placeholders only.
				"UPDATE {$wpdb->prefix}tallyman_outbox SET acknowledged_at = UTC_TIMESTAMP() WHERE uuid IN ($places) AND acknowledged_at IS NULL",
				$uuids
			)
		);
	}

	/** @return int The highest sequence there is. */
	public function tail(): int {
		global $wpdb;
		return (int) $wpdb->get_var( "SELECT MAX(sequence) FROM {$wpdb->prefix}tallyman_outbox" );
	}

	public function waiting(): int {
		global $wpdb;
		return (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}tallyman_outbox WHERE acknowledged_at IS NULL" );
	}

	/** @return string|null Since when the oldest row waits, ISO-8601 UTC; of one entity when it is given. */
	public function waitingSince( ?string $kind = null, int $entityId = 0 ): ?string {
		global $wpdb;
		$oldest = null === $kind
			? $wpdb->get_var( "SELECT occurred_at FROM {$wpdb->prefix}tallyman_outbox WHERE acknowledged_at IS NULL ORDER BY sequence LIMIT 1" )
			: $wpdb->get_var(
				$wpdb->prepare(
					"SELECT occurred_at FROM {$wpdb->prefix}tallyman_outbox
					WHERE kind = %s AND entity_id = %d AND acknowledged_at IS NULL ORDER BY sequence LIMIT 1",
					$kind,
					$entityId
				)
			);
		return null === $oldest ? null : str_replace( ' ', 'T', $oldest ) . 'Z';
	}

	/** Tombstones go after a week. The newest row always stays: some databases number from the highest row they still have. */
	public function prune(): void {
		$this->deleteOlder( 'acknowledged_at' );
	}

	/** Without a sidecar nobody will ever acknowledge anything. */
	public function pruneUnwanted(): void {
		$this->deleteOlder( 'occurred_at' );
	}

	private function deleteOlder( string $column ): void {
		global $wpdb;
		$tail = $this->tail();
		$wpdb->query(
			$wpdb->prepare(
				// phpcs:ignore WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- One of two words above.
				"DELETE FROM {$wpdb->prefix}tallyman_outbox WHERE $column < UTC_TIMESTAMP() - INTERVAL %d DAY AND sequence < %d LIMIT 5000",
				self::TOMBSTONE_DAYS,
				$tail
			)
		);
	}

	/**
	 * Claims first and reads after that, so that a row covering one change more is seen with it.
	 *
	 * @param array<int, string|null> $sequences
	 * @return list<Row>
	 */
	private function claimThese( array $sequences ): array {
		global $wpdb;
		if ( [] === $sequences ) {
			return [];
		}
		$in = implode( ',', array_map( 'intval', $sequences ) );
		// phpcs:disable WordPress.DB.PreparedSQL -- The list holds integers only.
		$wpdb->query( "UPDATE {$wpdb->prefix}tallyman_outbox SET claimed_at = UTC_TIMESTAMP() WHERE sequence IN ($in) AND claimed_at IS NULL" );
		$stored = $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}tallyman_outbox WHERE sequence IN ($in) ORDER BY sequence", ARRAY_A );
		// phpcs:enable
		return array_map( [ Row::class, 'fromDatabase' ], array_values( (array) $stored ) );
	}

	private static function utc( float $at ): string {
		$milliseconds = (int) floor( $at * 1000 );
		return gmdate( 'Y-m-d H:i:s', intdiv( $milliseconds, 1000 ) ) . sprintf( '.%03d', $milliseconds % 1000 );
	}
}
