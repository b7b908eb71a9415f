<?php
/**
 * Mails what the sidecar wants people to know.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Alerts;

use Closure;
use Tallyman\Admin\Page;
use Tallyman\Settings;

/** Each piece of news is mailed once, however often the sidecar says it: it cannot know whether an answer that was lost was a yes. */
final class AlertMail {

	/** No alert is told again after that. */
	private const REMEMBER_SECONDS = 30 * DAY_IN_SECONDS;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Settings $settings,
		private readonly Closure $now,
	) {}

	/**
	 * @param list<AlertNews> $news
	 * @param int             $passed Alerts that came and went since the last mail.
	 * @return bool Whether there is nothing left to be sent again.
	 */
	public function send( array $news, int $passed ): bool {
		$fresh      = array_values( array_filter( $news, fn ( AlertNews $one ): bool => $this->claim( $one ) ) );
		$recipients = $this->recipients();
		if ( [] === $fresh || [] === $recipients ) {
			return true;
		}
		if ( wp_mail( $recipients, self::subject( $fresh ), self::body( $fresh, $passed ) ) ) {
			return true;
		}
		array_map( [ $this, 'release' ], $fresh );
		return false;
	}

	/** @return list<string> */
	public function recipients(): array {
		/**
		 * Who gets Tallyman's mails about trouble.
		 *
		 * @param list<string> $addresses Those set on Tallyman's screen, or the site's administrator.
		 */
		$addresses = apply_filters( 'tallyman_alert_recipients', $this->settings->alertMail() );
		return is_array( $addresses ) ? array_values( array_filter( $addresses, static fn ( mixed $one ): bool => is_string( $one ) && false !== is_email( $one ) ) ) : [];
	}

	/** One INSERT decides, so that of two equal calls at the same moment one mails. It is before the mail: two would be worse than none. */
	private function claim( AlertNews $news ): bool {
		global $wpdb;
		// Beside the ids of calls, which go ten minutes after their time: this one's is a month ahead.
		$until = gmdate( 'Y-m-d H:i:s', (int) ( $this->now )() + self::REMEMBER_SECONDS );
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- A table of our own, never cached.
		return 1 === $wpdb->query( $wpdb->prepare( "INSERT IGNORE INTO {$wpdb->prefix}tallyman_seen (call_id, seen_at) VALUES (%s, %s)", $news->key(), $until ) );
	}

	private function release( AlertNews $news ): void {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- A table of our own, never cached.
		$wpdb->delete( "{$wpdb->prefix}tallyman_seen", [ 'call_id' => $news->key() ] );
	}

	/** @param non-empty-list<AlertNews> $news */
	private static function subject( array $news ): string {
		$opened = self::withEdge( $news, AlertNews::OPENED );
		$what   = [] === $opened
			? __( 'Tallyman: over', 'tallyman' )
			/* translators: %d: number of alerts. */
			: sprintf( _n( 'Tallyman: %d alert', 'Tallyman: %d alerts', count( $opened ), 'tallyman' ), count( $opened ) );
		return '[' . wp_specialchars_decode( get_option( 'blogname' ), ENT_QUOTES ) . '] ' . $what;
	}

	/** @param non-empty-list<AlertNews> $news */
	private static function body( array $news, int $passed ): string {
		$parts = [
			self::chapter( __( 'New:', 'tallyman' ), self::withEdge( $news, AlertNews::OPENED ) ),
			self::chapter( __( 'Over:', 'tallyman' ), self::withEdge( $news, AlertNews::CLEARED ) ),
			/* translators: %d: number of alerts. */
			$passed > 0 ? sprintf( _n( '%d more alert came and went since the last mail.', '%d more alerts came and went since the last mail.', $passed, 'tallyman' ), $passed ) : '',
			Page::url(),
		];
		return implode( "\n\n", array_filter( $parts ) ) . "\n";
	}

	/** @param list<AlertNews> $news */
	private static function chapter( string $heading, array $news ): string {
		$lines = array_map( static fn ( AlertNews $one ): string => "- {$one->time()}: {$one->sentence}", $news );
		return [] === $lines ? '' : $heading . "\n" . implode( "\n", $lines );
	}

	/**
	 * @param list<AlertNews> $news
	 * @return list<AlertNews>
	 */
	private static function withEdge( array $news, string $edge ): array {
		return array_values( array_filter( $news, static fn ( AlertNews $one ): bool => $one->edge === $edge ) );
	}
}
