<?php
/**
 * Hands over when nobody else does.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

use Closure;
use Tallyman\Settings;

/**
 * One single action of Action Scheduler, and only while rows wait and nobody has pulled for two minutes: a sidecar that
 * cannot reach the shop is rare, and a full scheduler is a burden for everything else in the shop.
 */
final class LastNet {

	public const HOOK = 'tallyman_hand_over';

	private const GROUP            = 'tallyman';
	private const PATIENCE_SECONDS = 120;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Outbox $outbox,
		private readonly Settings $settings,
		private readonly Closure $now,
	) {}

	/** Cheap when the sidecar is alive: one read of an option. */
	public function arm(): void {
		if ( $this->isRecent( Settings::LAST_PULL ) || $this->isRecent( Settings::NET_ARMED ) ) {
			return;
		}
		if ( 0 === $this->outbox->waiting() || ! function_exists( 'as_schedule_single_action' ) ) {
			return;
		}
		$now = (int) ( $this->now )();
		$this->settings->remember( Settings::NET_ARMED, $now );
		as_schedule_single_action( $now + self::PATIENCE_SECONDS, self::HOOK, [], self::GROUP, true );
	}

	/** From inside the action, which still counts as scheduled: asked for a unique one, Action Scheduler would make none. */
	public function again(): void {
		if ( ! $this->isRecent( Settings::LAST_PULL ) && $this->outbox->waiting() > 0 ) {
			$now = (int) ( $this->now )();
			$this->settings->remember( Settings::NET_ARMED, $now );
			as_schedule_single_action( $now + self::PATIENCE_SECONDS, self::HOOK, [], self::GROUP );
		}
	}

	public static function disarm(): void {
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( self::HOOK, [], self::GROUP );
		}
	}

	private function isRecent( string $option ): bool {
		return (int) ( $this->now )() - $this->settings->moment( $option ) < self::PATIENCE_SECONDS;
	}
}
