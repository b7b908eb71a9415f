<?php
/**
 * As few rows as will do, and none too few.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use Tallyman\Outbox\Recorder;
use Tallyman\Outbox\Row;

final class OutboxTest extends ShopTestCase {

	private float $now = 1790000000.25;

	public function test_the_first_save_is_written_at_once_and_the_others_need_no_row(): void {
		$recorder = $this->recorder();
		$recorder->created( 'order', 4711 );
		self::assertCount( 1, self::rows( 4711 ) );
		foreach ( range( 1, 7 ) as $save ) {
			$recorder->changed( 'order', 4711 );
		}
		$recorder->settle();
		self::assertCount( 1, self::rows( 4711 ) );
	}

	public function test_a_save_after_the_row_was_read_gets_another_row_at_the_end_of_the_request(): void {
		$recorder = $this->recorder();
		$recorder->created( 'order', 4711 );
		$this->parts->outbox->claim( 50 );
		$recorder->changed( 'order', 4711 );
		self::assertCount( 1, self::rows( 4711 ) );
		$recorder->settle();
		self::assertCount( 2, self::rows( 4711 ) );
	}

	public function test_a_long_process_does_not_wait_for_its_end(): void {
		$recorder = $this->recorder();
		$recorder->created( 'order', 4711 );
		$this->parts->outbox->claim( 50 );
		$recorder->changed( 'order', 4711 );
		$this->now += 2.0;
		$recorder->created( 'order', 4712 );
		self::assertCount( 2, self::rows( 4711 ) );
	}

	public function test_many_requests_that_change_one_order_share_a_waiting_row(): void {
		foreach ( range( 1, 20 ) as $request ) {
			$recorder = $this->recorder();
			$recorder->changed( 'order', 4711 );
			$recorder->settle();
		}
		self::assertSame( [ '20' ], array_column( self::rows( 4711 ), 'saves' ) );
	}

	public function test_a_row_that_was_read_is_never_touched_again(): void {
		$this->recorder()->changed( 'order', 4711 );
		$this->parts->outbox->claim( 50 );
		$before = self::rows( 4711 )[0];
		$this->recorder()->trashed( 'order', 4711 );
		self::assertSame( $before, self::rows( 4711 )[0] );
		self::assertSame( [ 'changed', 'trashed' ], self::ops( 4711 ) );
	}

	public function test_an_acknowledged_row_does_not_cover_what_comes_after_it(): void {
		$this->recorder()->changed( 'order', 4711 );
		$this->parts->outbox->acknowledge( array_column( self::rows( 4711 ), 'uuid' ) );
		$this->recorder()->changed( 'order', 4711 );
		self::assertCount( 2, self::rows( 4711 ) );
	}

	public function test_the_last_word_of_a_waiting_row_counts(): void {
		$this->recorder()->changed( 'order', 4711 );
		$this->recorder()->trashed( 'order', 4711 );
		self::assertSame( [ 'trashed' ], self::ops( 4711 ) );
	}

	public function test_a_row_that_covers_a_persons_change_is_no_echo_any_more(): void {
		$writeId = '3f0c7b1e-8d52-4b5a-9a53-6b7a3c1d2e4f';
		$this->recorder( $writeId )->changed( 'order', 4711 );
		$this->recorder( $writeId )->changed( 'order', 4711 );
		self::assertSame( [ $writeId ], array_column( self::rows( 4711 ), 'write_id' ) );
		$this->recorder()->changed( 'order', 4711 );
		self::assertSame( [ null ], array_column( self::rows( 4711 ), 'write_id' ) );
	}

	public function test_a_new_order_costs_one_statement(): void {
		global $wpdb;
		$recorder = $this->recorder();
		$before   = $wpdb->num_queries;
		$recorder->created( 'order', 4711 );
		foreach ( range( 1, 7 ) as $save ) {
			$recorder->changed( 'order', 4711 );
		}
		self::assertSame( 1, $wpdb->num_queries - $before );
	}

	public function test_the_time_is_kept_to_the_millisecond(): void {
		$this->recorder()->created( 'order', 4711 );
		self::assertSame( '2026-09-21T14:13:20.250Z', self::wire( $this->parts->outbox->claim( 1 ) )[0]['occurredAt'] );
	}

	public function test_acknowledged_rows_stay_a_week_and_the_newest_for_ever(): void {
		global $wpdb;
		foreach ( [ 4711, 4712, 4713 ] as $id ) {
			$this->recorder()->created( 'order', $id );
		}
		$this->parts->outbox->acknowledge( array_column( self::rows(), 'uuid' ) );
		$this->parts->outbox->prune();
		self::assertCount( 3, self::rows() );

		$wpdb->query( "UPDATE {$wpdb->prefix}tallyman_outbox SET acknowledged_at = UTC_TIMESTAMP() - INTERVAL 8 DAY" );
		$this->parts->outbox->prune();
		self::assertSame( [ '4713' ], array_column( self::rows(), 'entity_id' ) );
	}

	public function test_waiting_rows_are_never_pruned_while_there_is_a_sidecar(): void {
		global $wpdb;
		$this->pair();
		$this->recorder()->created( 'order', 4711 );
		$this->recorder()->created( 'order', 4712 );
		$wpdb->query( "UPDATE {$wpdb->prefix}tallyman_outbox SET occurred_at = UTC_TIMESTAMP() - INTERVAL 90 DAY" );
		$this->parts->housekeeping()->daily();
		self::assertCount( 2, self::rows() );
		$this->parts->settings->unpair();
		$this->parts->housekeeping()->daily();
		self::assertSame( [ '4712' ], array_column( self::rows(), 'entity_id' ) );
	}

	public function test_released_rows_may_cover_changes_again(): void {
		$this->recorder()->created( 'order', 4711 );
		$this->parts->outbox->release( $this->parts->outbox->claim( 1 ) );
		$this->recorder()->changed( 'order', 4711 );
		self::assertCount( 1, self::rows( 4711 ) );
	}

	private function recorder( ?string $writeId = null ): Recorder {
		return new Recorder( $this->parts->outbox, fn (): float => $this->now, static fn (): ?string => $writeId, static fn (): bool => true );
	}

	/**
	 * @param list<Row> $rows
	 * @return list<array<string, mixed>>
	 */
	private static function wire( array $rows ): array {
		return array_map( static fn ( Row $row ): array => $row->toWire(), $rows );
	}
}
