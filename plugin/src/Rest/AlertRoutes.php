<?php
/**
 * What the sidecar wants people to know.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Rest;

use Tallyman\Alerts\AlertMail;
use Tallyman\Alerts\AlertNews;
use Tallyman\Alerts\AlertNotices;
use Tallyman\CloneGuard;
use Tallyman\Site;
use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

/** Signed calls only. */
final class AlertRoutes {

	private const MOST_NEWS = 100;

	public function __construct(
		private readonly SignedCalls $signedCalls,
		private readonly AlertMail $mail,
		private readonly AlertNotices $notices,
		private readonly Site $site,
		private readonly CloneGuard $cloneGuard,
	) {}

	public function register(): void {
		register_rest_route(
			'tallyman/v1',
			'/alert',
			[
				'methods'             => 'POST',
				'callback'            => [ $this, 'tell' ],
				'permission_callback' => [ $this->signedCalls, 'check' ],
			]
		);
	}

	/** @param WP_REST_Request<array<string, mixed>> $request */
	public function tell( WP_REST_Request $request ): WP_REST_Response|WP_Error {
		$message = json_decode( (string) $request->get_body(), true );
		if ( ! is_array( $message ) || ! is_string( $message['asOf'] ?? null ) || false === strtotime( $message['asOf'] ) ) {
			return new WP_Error( 'tallyman_undecodable', __( 'The call could not be read.', 'tallyman' ), [ 'status' => 400 ] );
		}
		// A copy of the shop would mail the shop's own people.
		if ( ( $message['site'] ?? '' ) !== $this->site->hash() || $this->cloneGuard->isCopy() ) {
			return new WP_Error( 'not_this_site', __( 'This is not the site the sidecar is paired with. It may be a copy.', 'tallyman' ), [ 'status' => 409 ] );
		}
		$this->notices->replace( $message['notices'] ?? null, $message['asOf'] );
		if ( ! $this->mail->send( self::news( $message['news'] ?? null ), max( 0, (int) ( $message['passed'] ?? 0 ) ) ) ) {
			return new WP_Error( 'not_mailed', __( 'WordPress could not send the mail.', 'tallyman' ), [ 'status' => 503 ] );
		}
		return new WP_REST_Response( [ 'told' => true ] );
	}

	/** @return list<AlertNews> */
	private static function news( mixed $given ): array {
		$news = is_array( $given ) ? array_map( [ AlertNews::class, 'fromCall' ], array_slice( $given, 0, self::MOST_NEWS ) ) : [];
		return array_values( array_filter( $news ) );
	}
}
