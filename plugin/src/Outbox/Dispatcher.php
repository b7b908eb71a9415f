<?php
/**
 * Pushes waiting rows to the sidecar.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

use Closure;
use Tallyman\CloneGuard;
use Tallyman\Pairing;
use Tallyman\Settings;
use Tallyman\Sidecar\Answer;
use Tallyman\Sidecar\Client;
use Tallyman\Trouble;

/** Only makes things faster: whatever it cannot hand over is fetched by the sidecar's own pull. */
final class Dispatcher {

	/** So that a backlog does not keep a PHP worker from the next visitor. */
	private const BUSY_SECONDS = 8.0;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Outbox $outbox,
		private readonly Recorder $recorder,
		private readonly HandOver $handOver,
		private readonly Client $client,
		private readonly LastNet $lastNet,
		private readonly Settings $settings,
		private readonly CloneGuard $cloneGuard,
		private readonly Closure $now,
	) {}

	/** The very end of a request. */
	public function atShutdown(): void {
		$this->recorder->settle();
		if ( ! $this->recorder->hasRecorded() || null === $this->settings->pairing() ) {
			return;
		}
		if ( $this->letVisitorGo() ) {
			$this->push();
		}
		$this->lastNet->arm();
	}

	/** What Action Scheduler calls. */
	public function asLastNet(): void {
		$this->push();
		$this->lastNet->again();
	}

	public function push(): void {
		$pairing = $this->settings->pairing();
		if ( null === $pairing || $this->cloneGuard->isCopy() || ! $this->client->mayHandOver() || ! self::lock() ) {
			return;
		}
		try {
			$this->pushAll( $pairing );
		} finally {
			self::unlock();
		}
	}

	private function pushAll( Pairing $pairing ): void {
		$startedAt = ( $this->now )();
		do {
			$batch = $this->handOver->next( HandOver::MAX_ROWS );
			if ( [] === $batch['rows'] ) {
				return;
			}
			$isTaken = $this->settle( $this->client->handOver( $pairing, $batch ), $batch['rows'] );
		} while ( $isTaken && ( $this->now )() - $startedAt < self::BUSY_SECONDS );
	}

	/**
	 * @param list<array<string, mixed>> $rows
	 * @return bool Whether the sidecar took something, so that more is worth trying.
	 */
	private function settle( Answer $answer, array $rows ): bool {
		if ( 200 === $answer->status ) {
			$acknowledged = $answer->texts( 'acknowledged' );
			$this->outbox->acknowledge( $acknowledged );
			$this->settings->forget( Settings::TROUBLE );
			return [] !== $acknowledged;
		}
		// Kept as it was sent, for a person to look at; sending it again would only be kept again.
		if ( 202 === $answer->status ) {
			$this->outbox->acknowledge( array_map( 'strval', array_column( $rows, 'id' ) ) );
			return true;
		}
		if ( $answer->status >= 400 && $answer->status < 500 ) {
			$this->settings->report( new Trouble( $answer->code() ?: "http_$answer->status", $answer->message(), (int) ( $this->now )() ) );
		}
		return false;
	}

	/** @return bool Whether nobody waits for this request any more. */
	private function letVisitorGo(): bool {
		if ( wp_doing_cron() || 'cli' === PHP_SAPI ) {
			return true;
		}
		$finish = array_filter( [ 'fastcgi_finish_request', 'litespeed_finish_request' ], 'function_exists' );
		if ( [] === $finish ) {
			return false;
		}
		// A visitor's next request would wait for this one's session otherwise.
		if ( PHP_SESSION_ACTIVE === session_status() ) {
			session_write_close();
		}
		ignore_user_abort( true );
		reset( $finish )();
		return true;
	}

	/** Single flight. The database lets go of it by itself when PHP dies. */
	private static function lock(): bool {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- Only the database can lock across requests.
		return '1' === $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, 0)', self::lockName() ) );
	}

	private static function unlock(): void {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- As above.
		$wpdb->query( $wpdb->prepare( 'SELECT RELEASE_LOCK(%s)', self::lockName() ) );
	}

	/** The names of locks are the server's, not the database's. */
	private static function lockName(): string {
		global $wpdb;
		return 'tallyman:' . md5( DB_NAME . $wpdb->prefix );
	}
}
