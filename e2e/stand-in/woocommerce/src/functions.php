<?php
/**
 * WooCommerce's functions, as far as an extension that only reads and writes orders needs them.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

function wc_get_order( mixed $order = false ): WC_Order|WC_Order_Refund|bool {
	if ( $order instanceof WC_Abstract_Order ) {
		return $order;
	}
	$row = standin_read( (int) $order );
	return match ( $row['type'] ?? '' ) {
		'shop_order'        => new WC_Order( $row ),
		'shop_order_refund' => new WC_Order_Refund( $row ),
		default             => false,
	};
}

/** @return list<WC_Order|int> */
function wc_get_orders( array $args = [] ): array {
	$found = standin_find_orders(
		[
			'status'   => (array) ( $args['status'] ?? 'any' ),
			'include'  => (array) ( $args['include'] ?? $args['post__in'] ?? [] ),
			'per_page' => (int) ( $args['limit'] ?? 10 ),
			'page'     => (int) ( $args['page'] ?? 1 ),
			'orderby'  => $args['orderby'] ?? 'date',
			'order'    => $args['order'] ?? 'desc',
		]
	);
	return 'ids' === ( $args['return'] ?? 'objects' ) ? array_map( static fn( $order ) => $order->get_id(), $found['orders'] ) : $found['orders'];
}

function wc_get_order_id_by_order_item_id( int $item_id ): int {
	global $wpdb;
	$sql = 'SELECT id FROM ' . standin_table() . " WHERE type LIKE 'shop_order%%' AND document LIKE %s";
	return (int) $wpdb->get_var( $wpdb->prepare( $sql, '%{"id":' . $item_id . ',"name"%' ) );
}

function wc_create_order( array $args = [] ): WC_Order {
	$order = new WC_Order();
	$order->save();
	return $order;
}

function wc_get_product( mixed $product = false ): WC_Product|null|bool {
	if ( $product instanceof WC_Product ) {
		return $product;
	}
	$row = standin_read( (int) $product );
	return match ( $row['type'] ?? '' ) {
		'simple'    => new WC_Product_Simple( $row ),
		'variable'  => new WC_Product_Variable( $row ),
		'variation' => new WC_Product_Variation( $row ),
		default     => false,
	};
}

/** @return array<string, string> */
function wc_get_order_statuses(): array {
	return [
		'wc-pending'        => 'Pending payment',
		'wc-processing'     => 'Processing',
		'wc-on-hold'        => 'On hold',
		'wc-completed'      => 'Completed',
		'wc-cancelled'      => 'Cancelled',
		'wc-refunded'       => 'Refunded',
		'wc-failed'         => 'Failed',
		'wc-checkout-draft' => 'Draft',
	];
}

function wc_get_order_status_name( string $status ): string {
	return wc_get_order_statuses()[ 'wc-' . preg_replace( '/^wc-/', '', $status ) ] ?? $status;
}

function wc_is_order_status( string $status ): bool {
	return isset( wc_get_order_statuses()[ $status ] );
}

function wc_get_page_screen_id( string $for ): string {
	return 'shop-order' === str_replace( '_', '-', $for ) ? 'woocommerce_page_wc-orders' : $for;
}

function wc_format_decimal( mixed $number, int|bool $places = false ): string {
	return false === $places ? (string) $number : number_format( (float) $number, (int) $places, '.', '' );
}

function wc_rand_hash(): string {
	return bin2hex( random_bytes( 20 ) );
}

function wc_api_hash( string $data ): string {
	return hash_hmac( 'sha256', $data, 'wc-api' );
}

function wc_clean( mixed $value ): mixed {
	return is_array( $value ) ? array_map( 'wc_clean', $value ) : sanitize_text_field( (string) $value );
}

function wc_string_to_bool( mixed $value ): bool {
	return is_bool( $value ) ? $value : in_array( strtolower( (string) $value ), [ 'yes', 'true', '1', 'on' ], true );
}

function wc_bool_to_string( bool $value ): string {
	return $value ? 'yes' : 'no';
}

function wc_rest_prepare_date_response( mixed $date, bool $is_utc = true ): ?string {
	if ( ! $date instanceof DateTime ) {
		return null;
	}
	return $is_utc ? gmdate( 'Y-m-d\TH:i:s', $date->getTimestamp() ) : $date->format( 'Y-m-d\TH:i:s' );
}

function wc_get_logger(): WC_Logger {
	return new WC_Logger();
}

final class WC_Logger {

	public function __call( string $level, array $arguments ): void {
		error_log( "$level: {$arguments[0]} " . wp_json_encode( $arguments[1] ?? [] ) );
	}
}
