<?php
/**
 * What the sidecar says a person has to do.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Alerts;

use Closure;
use Tallyman\Settings;

/** The sidecar says the whole list each time and repeats it every few hours: a list nobody repeats is nobody's word any more. */
final class AlertNotices {

	private const BELIEVED_SECONDS = DAY_IN_SECONDS;
	private const MOST             = 3;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Settings $settings,
		private readonly Closure $now,
	) {}

	/** @param string $asOf ISO-8601. A call that was overtaken by a later one changes nothing. */
	public function replace( mixed $given, string $asOf ): void {
		$kept = $this->settings->alertNotices();
		if ( ! is_array( $given ) || $asOf <= $kept['asOf'] ) {
			return;
		}
		$sentences = array_map( static fn ( mixed $one ): string => is_array( $one ) && is_string( $one['sentence'] ?? null ) ? sanitize_text_field( $one['sentence'] ) : '', $given );
		$this->settings->keepAlertNotices( $asOf, array_slice( array_values( array_filter( $sentences ) ), 0, self::MOST ) );
	}

	/** @return list<string> Sentences. */
	public function current(): array {
		[ 'asOf' => $asOf, 'sentences' => $sentences ] = $this->settings->alertNotices();
		return ( $this->now )() - (float) strtotime( $asOf ) < self::BELIEVED_SECONDS ? $sentences : [];
	}
}
