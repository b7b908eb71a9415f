<?php
/**
 * What came back from the sidecar.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Sidecar;

/** Bodies are kept as decoded, objects as objects, because the proxy passes them on unread. */
final class Answer {

	/** Of proxies in front of a sidecar that is not there. */
	private const NOBODY = [ 0, 502, 503, 504 ];

	public function __construct(
		/** 0 when nothing answered. */
		public readonly int $status,
		public readonly mixed $body,
		/** Whether the body was JSON. */
		public readonly bool $isJson,
		/** The other end's clock, Unix seconds; null when it did not say. */
		public readonly ?int $serverTime,
		/** What the network said when nothing answered. */
		public readonly string $error,
	) {}

	public static function nothing( string $error ): self {
		return new self( 0, null, false, null, $error );
	}

	/** @return bool Whether a Tallyman sidecar was there to answer. */
	public function isThere(): bool {
		return $this->isJson || ! in_array( $this->status, self::NOBODY, true );
	}

	/** @return string The sidecar's stable word for what is wrong, '' when it gave none. */
	public function code(): string {
		return $this->text( 'error' );
	}

	public function message(): string {
		return $this->text( 'message' );
	}

	public function text( string $field ): string {
		$value = is_object( $this->body ) ? ( $this->body->$field ?? '' ) : '';
		return is_scalar( $value ) ? (string) $value : '';
	}

	/** @return list<string> */
	public function texts( string $field ): array {
		$value = is_object( $this->body ) ? ( $this->body->$field ?? [] ) : [];
		return is_array( $value ) ? array_values( array_filter( $value, 'is_string' ) ) : [];
	}
}
