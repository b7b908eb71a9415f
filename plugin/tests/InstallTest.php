<?php
/**
 * What comes into a site, and that it all goes again.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use Tallyman\Floors;
use Tallyman\Install;
use Tallyman\Outbox\LastNet;

final class InstallTest extends ShopTestCase {

	protected function tearDown(): void {
		// Making and dropping tables ends the transaction; the pairing of the shop the tests run in is gone with it.
		Install::activate( false );
		parent::tearDown();
	}

	public function test_the_two_roles_of_a_shop_may_use_it_and_no_other(): void {
		foreach ( wp_roles()->role_objects as $name => $role ) {
			$isShop = in_array( $name, [ 'administrator', 'shop_manager' ], true );
			self::assertSame( [ $isShop, $isShop ], [ $role->has_cap( 'view_tallyman' ), $role->has_cap( 'manage_tallyman' ) ], $name );
		}
	}

	public function test_installing_twice_keeps_the_epoch(): void {
		$epoch = $this->parts->settings->epoch();
		self::assertMatchesRegularExpression( '/^[0-9a-f]{32}$/', $epoch );
		Install::activate( false );
		self::assertSame( $epoch, $this->parts->settings->epoch() );
	}

	public function test_a_new_table_is_another_life_of_the_outbox(): void {
		global $wpdb;
		$epoch = $this->parts->settings->epoch();
		$wpdb->query( "DROP TABLE {$wpdb->prefix}tallyman_outbox" );
		Install::activate( false );
		self::assertNotSame( $epoch, $this->parts->settings->epoch() );
	}

	public function test_a_site_that_missed_the_activation_catches_up(): void {
		global $wpdb;
		$wpdb->query( "DROP TABLE {$wpdb->prefix}tallyman_outbox" );
		delete_option( 'tallyman_schema' );
		Install::catchUp();
		self::assertSame( [], self::rows() );
		self::assertSame( '', $wpdb->last_error );
	}

	public function test_uninstalling_leaves_nothing_behind(): void {
		global $wpdb;
		$this->pair();
		as_schedule_single_action( time() + 60, LastNet::HOOK, [], 'tallyman' );
		defined( 'WP_UNINSTALL_PLUGIN' ) || define( 'WP_UNINSTALL_PLUGIN', 'tallyman/tallyman.php' );
		require dirname( __DIR__ ) . '/uninstall.php';

		self::assertSame( [], $wpdb->get_col( "SHOW TABLES LIKE '{$wpdb->prefix}tallyman%'" ) );
		self::assertSame( [], $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%tallyman%'" ) );
		self::assertSame( '0', $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}woocommerce_api_keys WHERE description = 'Tallyman'" ) );
		self::assertFalse( as_has_scheduled_action( LastNet::HOOK ) );
		foreach ( wp_roles()->role_objects as $name => $role ) {
			self::assertArrayNotHasKey( 'view_tallyman', $role->capabilities, $name );
		}
	}

	public function test_floors_are_compared_without_suffix(): void {
		self::assertSame( [], Floors::missing( '6.6-RC3', '9.0.0-beta.1' ) );
		self::assertSame( [], Floors::missing( '7.1', '11.0.1' ) );
		self::assertStringContainsString( 'WordPress 6.6', Floors::missing( '6.5.5', '11.0.1' )[0] );
		self::assertStringContainsString( 'WooCommerce 9.0', Floors::missing( '7.1', '8.9.3' )[0] );
		self::assertStringContainsString( 'Install and activate', Floors::missing( '7.1', null )[0] );
	}

	/** @group woocommerce */
	public function test_it_says_that_it_knows_order_tables_and_block_checkouts(): void {
		$features = \Automattic\WooCommerce\Utilities\FeaturesUtil::get_compatible_features_for_plugin( 'tallyman/tallyman.php' );
		self::assertContains( 'custom_order_tables', $features['compatible'] );
		self::assertContains( 'cart_checkout_blocks', $features['compatible'] );
	}
}
