<?php
/**
 * Pairs the shop with a sidecar, and parts them again.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

use Closure;
use Tallyman\Sidecar\Answer;
use Tallyman\Sidecar\Client;
use Tallyman\Sidecar\Signature;
use WP_Error;

/** Either everything is there at the end, key and secret on both sides, or nothing is. */
final class PairingDesk {

	/** Half of what signatures allow, so that a clock that is drifting is named before it stops everything. */
	private const CLOCK_TOLERANCE_SECONDS = Signature::TOLERANCE_SECONDS / 2;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Client $client,
		private readonly Settings $settings,
		private readonly Site $site,
		private readonly CloneGuard $cloneGuard,
		private readonly Closure $now,
	) {}

	public function pair( string $sidecarUrl, string $code, string $storeCode ): bool|WP_Error {
		$sidecarUrl = untrailingslashit( trim( $sidecarUrl ) );
		$storeCode  = trim( $storeCode );
		$problem    = SidecarAddress::problem( $sidecarUrl ) ?? self::storeCodeProblem( $storeCode );
		if ( null !== $problem ) {
			return self::refusal( 'invalid', $problem );
		}
		$key = StoreKey::create( get_current_user_id() );
		if ( null === $key ) {
			return self::refusal( 'no_key', __( 'WooCommerce could not store a new REST API key. Look into its database log, then try again.', 'tallyman' ) );
		}
		$this->startAfterFork();
		$answer  = $this->client->pair( $sidecarUrl, $this->request( $key, trim( $code ), $storeCode ) );
		$outcome = $this->read( $answer );
		if ( is_string( $outcome ) ) {
			StoreKey::remove( $key->id );
			return self::refusal( $answer->code() ?: 'no_answer', $outcome );
		}
		$this->settle( $sidecarUrl, $storeCode, $key, $answer );
		return true;
	}

	/** The sidecar notices by itself: it can neither sign nor read any more. */
	public function unpair(): void {
		$pairing = $this->settings->pairing();
		if ( null !== $pairing ) {
			StoreKey::remove( $pairing->keyId );
		}
		$this->settings->unpair();
	}

	private function settle( string $sidecarUrl, string $storeCode, StoreKey $key, Answer $answer ): void {
		$this->unpair();
		$this->settings->pair(
			new Pairing(
				$answer->text( 'connectionId' ),
				[ $answer->text( 'secret' ) ],
				$sidecarUrl,
				$storeCode,
				$this->site->address(),
				$key->id,
				$key->hash(),
				get_current_user_id(),
				(int) ( $this->now )()
			)
		);
		/** Fires once a shop has been paired with a sidecar. */
		do_action( 'tallyman_paired' );
	}

	/** A restored backup counts on from an older number; only as another life of the outbox are its rows new ones. */
	private function startAfterFork(): void {
		if ( 'forked' === $this->settings->trouble()?->code && ! $this->cloneGuard->isCopy() ) {
			$this->settings->startEpoch();
			$this->settings->forget( Settings::TROUBLE );
		}
	}

	/** @return array<string, mixed> */
	private function request( StoreKey $key, string $code, string $storeCode ): array {
		return [
			'code'           => $code,
			'protocol'       => Client::PROTOCOL,
			'siteUrl'        => $this->site->address(),
			'restUrl'        => rest_url(),
			'siteHash'       => $this->site->hash(),
			'siteName'       => wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES ),
			'storeCode'      => $storeCode,
			'epoch'          => $this->settings->epoch(),
			'consumerKey'    => $key->consumerKey,
			'consumerSecret' => $key->consumerSecret,
			'versions'       => [
				'wordpress'   => get_bloginfo( 'version' ),
				'woocommerce' => WC()->version,
				'php'         => PHP_VERSION,
				'plugin'      => VERSION,
			],
		];
	}

	/** @return string|null Null when paired, else the sentence for the person at the form. */
	private function read( Answer $answer ): ?string {
		if ( ! $answer->isThere() ) {
			/* translators: %s: what the network said, in English. */
			return sprintf( __( 'Nothing answers at this address. Is the sidecar running, and can this server reach it? (%s)', 'tallyman' ), $answer->error ?: "HTTP $answer->status" );
		}
		if ( ! $answer->isJson ) {
			return __( 'Something answers at this address, but it is not Tallyman. Check the address and the port.', 'tallyman' );
		}
		$clock = null === $answer->serverTime ? 0 : (int) ( $this->now )() - $answer->serverTime;
		if ( abs( $clock ) > self::CLOCK_TOLERANCE_SECONDS ) {
			/* translators: %d: a number of minutes. */
			return sprintf( __( 'The clocks of this server and of the sidecar are %d minutes apart. Set the wrong one right, then pair again.', 'tallyman' ), (int) round( abs( $clock ) / 60 ) );
		}
		if ( 200 !== $answer->status ) {
			return self::sentence( $answer );
		}
		if ( '' === $answer->text( 'connectionId' ) || ! Signature::isSecret( $answer->text( 'secret' ) ) ) {
			return __( 'Something answers at this address, but not in the way Tallyman does. Are plugin and sidecar of about the same version?', 'tallyman' );
		}
		return null;
	}

	private static function sentence( Answer $answer ): string {
		return match ( $answer->code() ) {
			'bad_code'         => __( 'The sidecar does not know this code. Each code works once; run "tallyman pair" again for a new one.', 'tallyman' ),
			'code_expired'     => __( 'The code is too old. Run "tallyman pair" again for a new one.', 'tallyman' ),
			'protocol'         => __( 'Plugin and sidecar do not understand each other. Update the older of the two.', 'tallyman' ),
			default            => $answer->message() ?: __( 'The sidecar refused to pair.', 'tallyman' ) . " (HTTP $answer->status)",
		};
	}

	private static function storeCodeProblem( string $storeCode ): ?string {
		return 1 === preg_match( '/^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$/', $storeCode )
			? null
			: __( 'The store code takes 1 to 20 letters, digits, dashes or underscores and starts with a letter or digit, for example NL1. It becomes part of every order\'s reference at the warehouse.', 'tallyman' );
	}

	private static function refusal( string $code, string $sentence ): WP_Error {
		return new WP_Error( "tallyman_$code", $sentence, [ 'status' => 400 ] );
	}
}
