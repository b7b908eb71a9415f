<?php
/**
 * One thing to tell.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Alerts;

/** That an alert opened, or that it is over. What it is about only the sidecar knows; here it is a sentence. */
final class AlertNews {

	public const OPENED  = 'opened';
	public const CLEARED = 'cleared';

	private const MOST_CHARACTERS = 500;

	private function __construct(
		public readonly string $id,
		public readonly string $edge,
		public readonly string $sentence,
		/** Unix seconds. */
		private readonly int $at,
	) {}

	public static function fromCall( mixed $given ): ?self {
		if ( ! is_array( $given ) || ! is_string( $given['id'] ?? null ) || ! preg_match( '/^[A-Za-z0-9-]{1,46}\.(opened|cleared)$/', $given['id'], $found ) ) {
			return null;
		}
		$sentence = is_string( $given['sentence'] ?? null ) ? mb_substr( sanitize_text_field( $given['sentence'] ), 0, self::MOST_CHARACTERS ) : '';
		$at       = is_string( $given['at'] ?? null ) ? strtotime( $given['at'] ) : false;
		return '' === $sentence || false === $at ? null : new self( $given['id'], $found[1], $sentence, $at );
	}

	/** @return string At most 64 characters; no id of a call looks like it. */
	public function key(): string {
		return "alert:$this->id";
	}

	/** In the shop's own time. */
	public function time(): string {
		return (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $this->at );
	}
}
