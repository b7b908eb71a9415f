<?php
/**
 * Is it the sidecar that reads and writes over wc/v3?
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Rest;

use Tallyman\Outbox\OrderRepresentation;
use Tallyman\Outbox\Outbox;
use Tallyman\Settings;
use Tallyman\Uuid;
use WP_REST_Request;

/** Only looks which key was shown; WooCommerce checks its secret, and answers 401 before anything of this matters. */
final class PairedKey {

	/** @var WP_REST_Request<array<string, mixed>>|null */
	private ?WP_REST_Request $reading = null;

	public function __construct(
		private readonly Settings $settings,
		private readonly Outbox $outbox,
		private readonly OrderRepresentation $orders,
	) {}

	/** @return string|null The sidecar's id of the write that this request is. Nobody else's counts. */
	public function writeId(): ?string {
		// The header is looked for first: every save of an order asks this.
		$writeId = self::server( 'HTTP_X_TALLYMAN_WRITE' );
		return Uuid::isOne( $writeId ) && $this->isShown() ? strtolower( $writeId ) : null;
	}

	/**
	 * The sidecar's reads carry our object too.
	 *
	 * @param mixed                                   $response Another plugin's answer, passed on.
	 * @param mixed                                   $handler  Unused.
	 * @param WP_REST_Request<array<string, mixed>> $request  The call.
	 */
	public function beforeRead( mixed $response, mixed $handler, WP_REST_Request $request ): mixed {
		if ( str_starts_with( $request->get_route(), '/wc/v3/orders' ) && $this->isShown() ) {
			$this->orders->readAt( $this->outbox->tail() );
			$this->reading = $request;
		}
		return $response;
	}

	/**
	 * Calls can be made inside calls; only the one that began it ends it.
	 *
	 * @param mixed                                   $response Passed on.
	 * @param mixed                                   $handler  Unused.
	 * @param WP_REST_Request<array<string, mixed>> $request  The call.
	 */
	public function afterRead( mixed $response, mixed $handler, WP_REST_Request $request ): mixed {
		if ( $request === $this->reading ) {
			$this->orders->readNoMore();
			$this->reading = null;
		}
		return $response;
	}

	private function isShown(): bool {
		$key = $this->shownKey();
		return '' !== $key && wc_api_hash( $key ) === $this->settings->pairing()?->keyHash;
	}

	/** @return string In the places where WooCommerce looks for it. */
	private function shownKey(): string {
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- A key is not a form; WooCommerce verifies it.
		foreach ( [ 'consumer_key', 'oauth_consumer_key' ] as $parameter ) {
			if ( isset( $_GET[ $parameter ] ) && is_string( $_GET[ $parameter ] ) ) {
				return sanitize_text_field( wp_unslash( $_GET[ $parameter ] ) );
			}
		}
		// phpcs:enable
		$user = self::server( 'PHP_AUTH_USER' );
		if ( '' !== $user ) {
			return $user;
		}
		return preg_match( '/oauth_consumer_key="?([^",]+)/', self::server( 'HTTP_AUTHORIZATION' ), $found ) ? rawurldecode( $found[1] ) : '';
	}

	private static function server( string $name ): string {
		return isset( $_SERVER[ $name ] ) && is_string( $_SERVER[ $name ] ) ? sanitize_text_field( wp_unslash( $_SERVER[ $name ] ) ) : '';
	}
}
