<?php
/**
 * Namespaced classes that extensions ask.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Automattic\WooCommerce\Utilities;

final class FeaturesUtil {

	public static function declare_compatibility( string $feature, string $file, bool $isCompatible = true ): bool {
		return doing_action( 'before_woocommerce_init' );
	}

	public static function feature_is_enabled( string $feature ): bool {
		return 'custom_order_tables' === $feature && OrderUtil::custom_orders_table_usage_is_enabled();
	}
}

final class OrderUtil {

	public static function custom_orders_table_usage_is_enabled(): bool {
		return 'no' !== get_option( 'woocommerce_custom_orders_table_enabled', 'yes' );
	}

	public static function get_order_admin_screen(): string {
		return wc_get_page_screen_id( 'shop-order' );
	}

	public static function get_order_admin_edit_url( int $order_id ): string {
		return admin_url( "admin.php?page=wc-orders&action=edit&id=$order_id" );
	}

	public static function is_order( int $id, array $types = [] ): bool {
		return wc_get_order( $id ) instanceof \WC_Order;
	}

	public static function get_order_type( int $id ): ?string {
		return wc_get_order( $id ) ? wc_get_order( $id )->get_type() : null;
	}
}
