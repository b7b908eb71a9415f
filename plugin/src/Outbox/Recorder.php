<?php
/**
 * Writes down what happened, as few rows as will do.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

use Closure;

/**
 * The first save of an entity in a request makes its row at once: should PHP die a moment later, the fact is written.
 * Later saves only mark it. At the end of the request, or 2 s later in a long one, a marked entity gets another row if
 * its first one has been read meanwhile; otherwise that one covers them, as an order is read when it is handed over.
 */
final class Recorder {

	private const SETTLE_SECONDS = 2.0;

	/** @var array<string, array{blog: int, fact: Fact, sequence: int, dirty: bool}> Entities with a row of this request. */
	private array $recorded = [];

	/** @var array<string, array{blog: int, kind: string, id: int}> Entities of which only a part was saved. */
	private array $touched = [];

	private float $settledAt  = 0.0;
	private bool $hasRecorded = false;
	private ?string $traceId  = null;

	/**
	 * @param Closure(): float       $now        Unix seconds.
	 * @param Closure(): ?string     $writeId    The sidecar's id of the write being served, if one is.
	 * @param Closure(string, int): bool $isWanted Whether an entity known by its id alone is to be recorded.
	 */
	public function __construct(
		private readonly Outbox $outbox,
		private readonly Closure $now,
		private readonly Closure $writeId,
		private readonly Closure $isWanted,
	) {}

	/** A new entity cannot have a row yet, so it is not looked for. */
	public function created( string $kind, int $id ): void {
		$this->record( $kind, $id, Op::Changed, fn ( Fact $fact ): int => $this->outbox->add( $fact ) );
	}

	public function changed( string $kind, int $id ): void {
		$this->record( $kind, $id, Op::Changed, fn ( Fact $fact ): int => $this->cover( $fact ) );
	}

	public function trashed( string $kind, int $id ): void {
		$this->record( $kind, $id, Op::Trashed, fn ( Fact $fact ): int => $this->cover( $fact ) );
	}

	public function deleted( string $kind, int $id ): void {
		$this->record( $kind, $id, Op::Deleted, fn ( Fact $fact ): int => $this->cover( $fact ) );
	}

	/** A part of it was saved and its own save usually follows; if it does not, the end of the request records it. */
	public function touched( string $kind, int $id ): void {
		$key = $this->key( $kind, $id );
		if ( isset( $this->recorded[ $key ] ) ) {
			$this->recorded[ $key ]['dirty'] = true;
			return;
		}
		$this->touched[ $key ] = [
			'blog' => get_current_blog_id(),
			'kind' => $kind,
			'id'   => $id,
		];
	}

	/** It turned out to be no fact: a draft. */
	public function ignore( string $kind, int $id ): void {
		unset( $this->touched[ $this->key( $kind, $id ) ] );
	}

	/** @return bool Whether this request made rows that wait now. */
	public function hasRecorded(): bool {
		return $this->hasRecorded;
	}

	/** The end of a request, or of one piece of work in a long process. */
	public function settle(): void {
		foreach ( $this->touched as $touched ) {
			$this->onBlog( $touched['blog'], fn () => $this->settleTouched( $touched['kind'], $touched['id'] ) );
		}
		foreach ( $this->recorded as $recorded ) {
			if ( $recorded['dirty'] ) {
				$this->onBlog( $recorded['blog'], fn () => $this->settleDirty( $recorded['fact'], $recorded['sequence'] ) );
			}
		}
		$this->touched   = [];
		$this->recorded  = [];
		$this->settledAt = ( $this->now )();
	}

	/** @param Closure(Fact): int $write Answers the sequence of the row that stands for the fact. */
	private function record( string $kind, int $id, Op $op, Closure $write ): void {
		$this->settleWhenLong();
		$key = $this->key( $kind, $id );
		unset( $this->touched[ $key ] );
		if ( ( $this->recorded[ $key ]['fact'] ?? null )?->op === $op ) {
			$this->recorded[ $key ]['dirty'] = true;
			return;
		}
		$fact                   = $this->fact( $kind, $id, $op );
		$this->recorded[ $key ] = [
			'blog'     => get_current_blog_id(),
			'fact'     => $fact,
			'sequence' => $write( $fact ),
			'dirty'    => false,
		];
		$this->hasRecorded      = true;
	}

	private function settleWhenLong(): void {
		$now = ( $this->now )();
		if ( 0.0 === $this->settledAt ) {
			$this->settledAt = $now;
		}
		if ( $now - $this->settledAt >= self::SETTLE_SECONDS ) {
			$this->settle();
		}
	}

	private function settleTouched( string $kind, int $id ): void {
		if ( ( $this->isWanted )( $kind, $id ) ) {
			$this->cover( $this->fact( $kind, $id, Op::Changed ) );
			$this->hasRecorded = true;
		}
	}

	private function settleDirty( Fact $fact, int $sequence ): void {
		if ( 0 === $sequence || ! $this->outbox->isUnclaimed( $sequence ) ) {
			$this->outbox->add( $this->fact( $fact->kind, $fact->entityId, $fact->op ) );
		}
	}

	private function cover( Fact $fact ): int {
		return $this->outbox->coalesce( $fact ) ?: $this->outbox->add( $fact );
	}

	private function fact( string $kind, int $id, Op $op ): Fact {
		$traceId       = $this->traceId ?? bin2hex( random_bytes( 16 ) );
		$this->traceId = $traceId;
		return new Fact( $kind, $id, $op, ( $this->now )(), ( $this->writeId )(), $traceId );
	}

	private function key( string $kind, int $id ): string {
		return get_current_blog_id() . ":$kind:$id";
	}

	/** @param Closure(): void $work */
	private function onBlog( int $blog, Closure $work ): void {
		if ( get_current_blog_id() === $blog ) {
			$work();
			return;
		}
		switch_to_blog( $blog );
		$work();
		restore_current_blog();
	}
}
