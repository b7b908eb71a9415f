<?php
/**
 * Pairing, for the screen.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Rest;

use Tallyman\CloneGuard;
use Tallyman\Outbox\Outbox;
use Tallyman\PairingDesk;
use Tallyman\Settings;
use Tallyman\Site;
use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

/** Never answers a secret: what was stored cannot be read back. */
final class SettingsRoutes {

	private const MOST_ADDRESSES = 10;

	public function __construct(
		private readonly PairingDesk $desk,
		private readonly Settings $settings,
		private readonly Site $site,
		private readonly CloneGuard $cloneGuard,
		private readonly Outbox $outbox,
	) {}

	public function register(): void {
		register_rest_route(
			'tallyman/v1',
			'/pair',
			[
				[
					'methods'             => 'POST',
					'callback'            => [ $this, 'pair' ],
					// Without 'args': WordPress checks them first, and would answer 400 to those it should answer 403.
					'permission_callback' => [ Rights::class, 'check' ],
				],
				[
					'methods'             => 'DELETE',
					'callback'            => [ $this, 'unpair' ],
					'permission_callback' => [ Rights::class, 'check' ],
				],
			]
		);
		register_rest_route(
			'tallyman/v1',
			'/settings',
			[
				[
					'methods'             => 'GET',
					'callback'            => [ $this, 'read' ],
					'permission_callback' => [ Rights::class, 'check' ],
				],
				[
					'methods'             => 'POST',
					'callback'            => [ $this, 'change' ],
					'permission_callback' => [ Rights::class, 'check' ],
				],
			]
		);
	}

	/** @param WP_REST_Request<array<string, mixed>> $request */
	public function pair( WP_REST_Request $request ): WP_REST_Response|WP_Error {
		$outcome = $this->desk->pair(
			esc_url_raw( self::text( $request['sidecar_url'] ), [ 'http', 'https' ] ),
			sanitize_text_field( self::text( $request['code'] ) ),
			sanitize_text_field( self::text( $request['store_code'] ) )
		);
		return is_wp_error( $outcome ) ? $outcome : $this->read();
	}

	public function unpair(): WP_REST_Response {
		$this->desk->unpair();
		return $this->read();
	}

	/** @param WP_REST_Request<array<string, mixed>> $request */
	public function change( WP_REST_Request $request ): WP_REST_Response|WP_Error {
		$addresses = preg_split( '/[\s,;]+/', self::text( $request['alert_mail'] ), -1, PREG_SPLIT_NO_EMPTY ) ?: [];
		foreach ( $addresses as $address ) {
			if ( ! is_email( $address ) ) {
				/* translators: %s: what was entered. */
				return new WP_Error( 'invalid', sprintf( __( '"%s" is not an e-mail address.', 'tallyman' ), $address ), [ 'status' => 400 ] );
			}
		}
		if ( count( $addresses ) > self::MOST_ADDRESSES ) {
			/* translators: %d: a number. */
			return new WP_Error( 'invalid', sprintf( __( 'Enter at most %d addresses.', 'tallyman' ), self::MOST_ADDRESSES ), [ 'status' => 400 ] );
		}
		$this->settings->setAlertMail( array_values( array_unique( $addresses ) ) );
		return $this->read();
	}

	public function read(): WP_REST_Response {
		$pairing = $this->settings->pairing();
		$trouble = $this->settings->trouble();
		return new WP_REST_Response(
			[
				'paired'       => null !== $pairing,
				'copy'         => $this->cloneGuard->isCopy(),
				'sidecarUrl'   => $pairing->sidecarUrl ?? null,
				'storeCode'    => $pairing->storeCode ?? null,
				'connectionId' => $pairing->connectionId ?? null,
				'pairedAt'     => null === $pairing ? null : gmdate( 'Y-m-d\TH:i:s\Z', $pairing->pairedAt ),
				'pairedSite'   => null === $pairing ? null : Site::place( $pairing->siteAddress ),
				'site'         => Site::place( $this->site->address() ),
				'waiting'      => $this->outbox->waiting(),
				'waitingSince' => $this->outbox->waitingSince(),
				'trouble'      => $trouble?->sentence,
				// Addresses of people: who may only look has no need of them.
				'alertMail'    => Rights::mayManage() ? $this->settings->alertMail() : [],
				'version'      => \Tallyman\VERSION,
			]
		);
	}

	private static function text( mixed $given ): string {
		return is_string( $given ) ? $given : '';
	}
}
