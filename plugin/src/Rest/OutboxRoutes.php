<?php
/**
 * What the sidecar may ask of the shop.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Rest;

use Closure;
use Tallyman\CloneGuard;
use Tallyman\Outbox\HandOver;
use Tallyman\Outbox\Outbox;
use Tallyman\PairingDesk;
use Tallyman\Settings;
use Tallyman\Site;
use Tallyman\Uuid;
use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

/** Signed calls only; a browser has no business here. */
final class OutboxRoutes {

	/** How exactly the last net has to know when somebody pulled; every second would be a write a second. */
	private const NOTE_PULL_EVERY_SECONDS = 30;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly SignedCalls $signedCalls,
		private readonly HandOver $handOver,
		private readonly Outbox $outbox,
		private readonly PairingDesk $desk,
		private readonly Settings $settings,
		private readonly Site $site,
		private readonly CloneGuard $cloneGuard,
		private readonly Closure $now,
	) {}

	public function register(): void {
		$routes = [
			'/outbox/pull' => [ $this, 'pull' ],
			'/unpair'      => [ $this, 'unpair' ],
		];
		foreach ( $routes as $route => $callback ) {
			register_rest_route(
				'tallyman/v1',
				$route,
				[
					'methods'             => 'POST',
					'callback'            => $callback,
					'permission_callback' => [ $this->signedCalls, 'check' ],
				]
			);
		}
	}

	/**
	 * @param WP_REST_Request<array<string, mixed>> $request
	 */
	public function pull( WP_REST_Request $request ): WP_REST_Response|WP_Error {
		$wish = json_decode( (string) $request->get_body(), true );
		if ( ! is_array( $wish ) ) {
			return new WP_Error( 'tallyman_undecodable', __( 'The call could not be read.', 'tallyman' ), [ 'status' => 400 ] );
		}
		if ( ( $wish['site'] ?? '' ) !== $this->site->hash() || $this->cloneGuard->isCopy() ) {
			return new WP_Error( 'not_this_site', __( 'This is not the site the sidecar is paired with. It may be a copy.', 'tallyman' ), [ 'status' => 409 ] );
		}
		$this->notePull();
		$this->acknowledge( self::uuids( $wish['acknowledge'] ?? [] ) );
		$max  = (int) ( $wish['max'] ?? HandOver::MAX_ROWS );
		$from = $wish['fromSequence'] ?? null;
		return new WP_REST_Response( is_int( $from ) ? $this->handOver->since( $from, $max ) : $this->handOver->next( $max ) );
	}

	public function unpair(): WP_REST_Response {
		$this->desk->unpair();
		return new WP_REST_Response( [ 'unpaired' => true ] );
	}

	private function notePull(): void {
		$now = (int) ( $this->now )();
		if ( $now - $this->settings->moment( Settings::LAST_PULL ) >= self::NOTE_PULL_EVERY_SECONDS ) {
			$this->settings->remember( Settings::LAST_PULL, $now );
			$this->outbox->prune();
		}
	}

	/** @param list<string> $uuids Of rows the sidecar has taken, so that whatever it refused is over. */
	private function acknowledge( array $uuids ): void {
		if ( [] !== $uuids ) {
			$this->outbox->acknowledge( $uuids );
			$this->settings->forget( Settings::TROUBLE );
		}
	}

	/** @return list<string> */
	private static function uuids( mixed $given ): array {
		return is_array( $given ) ? array_values( array_filter( $given, [ Uuid::class, 'isOne' ] ) ) : [];
	}
}
