<?php
/**
 * Every option the plugin keeps.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

/** One option for each thing that changes by itself: two requests must not write over each other's half of an array. */
final class Settings {

	public const SCHEMA  = 'tallyman_schema';
	public const EPOCH   = 'tallyman_epoch';
	public const PAIRING = 'tallyman_pairing';

	/** Unix seconds of the last time something happened. */
	public const LAST_PULL    = 'tallyman_last_pull';
	public const PUSH_FAILED  = 'tallyman_push_failed';
	public const PROXY_FAILED = 'tallyman_proxy_failed';
	public const NET_ARMED    = 'tallyman_net_armed';

	/** What the sidecar refused and why; for a notice. */
	public const TROUBLE = 'tallyman_trouble';
	/** The address at which someone said "this is a copy". */
	public const KNOWN_COPY = 'tallyman_known_copy';

	/** Addresses that get mail about trouble; not there: the site's administrator. */
	public const ALERT_MAIL = 'tallyman_alert_mail';
	/** What the sidecar last said a person has to do. */
	public const ALERT_NOTICES = 'tallyman_alert_notices';

	public const ALL = [
		self::SCHEMA,
		self::EPOCH,
		self::PAIRING,
		self::LAST_PULL,
		self::PUSH_FAILED,
		self::PROXY_FAILED,
		self::NET_ARMED,
		self::TROUBLE,
		self::KNOWN_COPY,
		self::ALERT_MAIL,
		self::ALERT_NOTICES,
	];

	public function epoch(): string {
		return (string) get_option( self::EPOCH, '' );
	}

	public function startEpoch(): void {
		update_option( self::EPOCH, bin2hex( random_bytes( 16 ) ), false );
	}

	public function pairing(): ?Pairing {
		return Pairing::fromOption( get_option( self::PAIRING ) );
	}

	public function pair( Pairing $pairing ): void {
		update_option( self::PAIRING, $pairing->toOption(), false );
		foreach ( [ self::TROUBLE, self::KNOWN_COPY, self::PUSH_FAILED, self::PROXY_FAILED, self::ALERT_NOTICES ] as $option ) {
			$this->forget( $option );
		}
	}

	public function unpair(): void {
		foreach ( [ self::PAIRING, self::TROUBLE, self::KNOWN_COPY, self::LAST_PULL, self::PUSH_FAILED, self::PROXY_FAILED, self::ALERT_NOTICES ] as $option ) {
			$this->forget( $option );
		}
	}

	/** @return int Unix seconds, 0 for never. */
	public function moment( string $option ): int {
		return (int) get_option( $option, 0 );
	}

	public function remember( string $option, int $at ): void {
		update_option( $option, $at, false );
	}

	/** Free when there is nothing to forget: WordPress remembers which options do not exist. */
	public function forget( string $option ): void {
		if ( false !== get_option( $option ) ) {
			delete_option( $option );
		}
	}

	public function trouble(): ?Trouble {
		return Trouble::fromOption( get_option( self::TROUBLE ) );
	}

	public function report( Trouble $trouble ): void {
		update_option( self::TROUBLE, $trouble->toOption(), false );
	}

	public function knownCopy(): string {
		return (string) get_option( self::KNOWN_COPY, '' );
	}

	public function knowCopy( string $siteHash ): void {
		update_option( self::KNOWN_COPY, $siteHash, false );
	}

	/** @return list<string> */
	public function alertMail(): array {
		$stored    = get_option( self::ALERT_MAIL, null );
		$addresses = is_array( $stored ) ? $stored : [ get_option( 'admin_email' ) ];
		return array_values( array_filter( $addresses, 'is_string' ) );
	}

	/** @param list<string> $addresses None: nobody gets mail. */
	public function setAlertMail( array $addresses ): void {
		update_option( self::ALERT_MAIL, $addresses, false );
	}

	/** @return array{asOf: string, sentences: list<string>} ISO-8601, '' for never. */
	public function alertNotices(): array {
		$stored    = get_option( self::ALERT_NOTICES );
		$asOf      = is_array( $stored ) ? ( $stored['asOf'] ?? '' ) : '';
		$sentences = is_array( $stored ) ? ( $stored['sentences'] ?? [] ) : [];
		return [
			'asOf'      => is_string( $asOf ) ? $asOf : '',
			'sentences' => is_array( $sentences ) ? array_values( array_filter( $sentences, 'is_string' ) ) : [],
		];
	}

	/** @param list<string> $sentences */
	public function keepAlertNotices( string $asOf, array $sentences ): void {
		update_option(
			self::ALERT_NOTICES,
			[
				'asOf'      => $asOf,
				'sentences' => $sentences,
			],
			false
		);
	}
}
