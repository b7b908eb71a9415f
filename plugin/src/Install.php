<?php
/**
 * What the plugin puts into a site, and takes out again.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

use Tallyman\Outbox\LastNet;

/** Each site of a network has its own tables, epoch and pairing. */
final class Install {

	private const SCHEMA       = 1;
	private const CAPABILITIES = [ 'view_tallyman', 'manage_tallyman' ];
	private const ROLES        = [ 'administrator', 'shop_manager' ];

	public static function activate( mixed $networkWide ): void {
		if ( true !== $networkWide ) {
			self::site();
			return;
		}
		self::onEverySite( [ self::class, 'site' ] );
	}

	/** Rows stay: what was recorded is handed over when the plugin comes back. */
	public static function deactivate(): void {
		LastNet::disarm();
	}

	/** Also for sites that joined the network after activation, and for updates that came by themselves. */
	public static function catchUp(): void {
		if ( (int) get_option( Settings::SCHEMA ) !== self::SCHEMA ) {
			self::site();
		}
	}

	public static function site(): void {
		self::tables();
		foreach ( self::ROLES as $role ) {
			foreach ( self::CAPABILITIES as $capability ) {
				get_role( $role )?->add_cap( $capability );
			}
		}
		update_option( Settings::SCHEMA, self::SCHEMA, true );
	}

	public static function uninstall(): void {
		self::onEverySite( [ self::class, 'removeFromSite' ] );
	}

	public static function removeFromSite(): void {
		global $wpdb;
		$pairing = ( new Settings() )->pairing();
		if ( null !== $pairing ) {
			StoreKey::remove( $pairing->keyId );
		}
		LastNet::disarm();
		foreach ( array_keys( wp_roles()->roles ) as $role ) {
			foreach ( self::CAPABILITIES as $capability ) {
				get_role( (string) $role )?->remove_cap( $capability );
			}
		}
		array_map( 'delete_option', Settings::ALL );
		$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}tallyman_outbox, {$wpdb->prefix}tallyman_seen" );
	}

	private static function tables(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		$isNew = null === $wpdb->get_var( "SHOW TABLES LIKE '{$wpdb->prefix}tallyman\_outbox'" );
		dbDelta( self::schema() );
		// A table that starts again at 1 is another life of the outbox, even when the options outlived the old one.
		if ( $isNew || '' === ( new Settings() )->epoch() ) {
			( new Settings() )->startEpoch();
		}
	}

	/** Written the way dbDelta() wants it: two spaces after PRIMARY KEY, one field a line, KEY instead of INDEX. */
	private static function schema(): string {
		global $wpdb;
		$collate = $wpdb->get_charset_collate();
		return "CREATE TABLE {$wpdb->prefix}tallyman_outbox (
			sequence bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			uuid char(36) NOT NULL,
			kind varchar(20) NOT NULL,
			entity_id bigint(20) unsigned NOT NULL,
			op varchar(10) NOT NULL,
			occurred_at datetime(3) NOT NULL,
			saves int(10) unsigned NOT NULL DEFAULT 1,
			write_id char(36) DEFAULT NULL,
			trace_id char(32) NOT NULL,
			claimed_at datetime DEFAULT NULL,
			acknowledged_at datetime DEFAULT NULL,
			PRIMARY KEY  (sequence),
			UNIQUE KEY uuid (uuid),
			KEY waiting (acknowledged_at,sequence),
			KEY entity (kind,entity_id,sequence)
		) ENGINE=InnoDB $collate;
		CREATE TABLE {$wpdb->prefix}tallyman_seen (
			call_id varchar(64) NOT NULL,
			seen_at datetime NOT NULL,
			PRIMARY KEY  (call_id),
			KEY seen_at (seen_at)
		) ENGINE=InnoDB $collate;";
	}

	/** @param callable(): void $work Done with each site switched to. */
	private static function onEverySite( callable $work ): void {
		if ( ! is_multisite() ) {
			$work();
			return;
		}
		$sites = get_sites(
			[
				'fields' => 'ids',
				'number' => 0,
			]
		);
		foreach ( $sites as $site ) {
			switch_to_blog( (int) $site );
			$work();
			restore_current_blog();
		}
	}
}
