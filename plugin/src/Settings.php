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
		foreach ( [ self::TROUBLE, self::KNOWN_COPY, self::PUSH_FAILED, self::PROXY_FAILED ] as $option ) {
			$this->forget( $option );
		}
	}

	public function unpair(): void {
		foreach ( [ self::PAIRING, self::TROUBLE, self::KNOWN_COPY, self::LAST_PULL, self::PUSH_FAILED, self::PROXY_FAILED ] as $option ) {
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
}
