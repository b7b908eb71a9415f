<?php
/**
 * How wc/v3 shows an order, a refund and a note.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

/** @return array<string, mixed> */
function standin_order_shape( WC_Order $order ): array {
	$address = static fn( string $kind ) => array_filter( $order->{"get_$kind"}(), static fn( $value, $field ) => 'email' !== $field || 'billing' === $kind, ARRAY_FILTER_USE_BOTH );
	return [
		'id'                   => $order->get_id(),
		'parent_id'            => 0,
		'status'               => $order->get_status(),
		'currency'             => $order->get_currency(),
		'version'              => WC_VERSION,
		'prices_include_tax'   => false,
		'discount_total'       => '0.00',
		'discount_tax'         => '0.00',
		'shipping_total'       => wc_format_decimal( $order->get_shipping_total(), 2 ),
		'shipping_tax'         => '0.00',
		'cart_tax'             => '0.00',
		'total'                => $order->get_total(),
		'total_tax'            => '0.00',
		'customer_id'          => $order->get_customer_id(),
		'order_key'            => $order->get_order_key(),
		'billing'              => $address( 'billing' ),
		'shipping'             => $address( 'shipping' ),
		'payment_method'       => $order->get_payment_method(),
		'payment_method_title' => $order->get_payment_method_title(),
		'transaction_id'       => $order->get_transaction_id(),
		'customer_ip_address'  => '',
		'customer_user_agent'  => '',
		'created_via'          => $order->get_created_via(),
		'customer_note'        => $order->get_customer_note(),
		'cart_hash'            => '',
		'number'               => $order->get_order_number(),
		'meta_data'            => array_values( array_filter( $order->get_meta_data(), static fn( $meta ) => '_stock_reduced' !== $meta['key'] ) ),
		'line_items'           => array_map( 'standin_line_shape', array_values( $order->get_items() ) ),
		'tax_lines'            => [],
		'shipping_lines'       => standin_shipping_shape( $order ),
		'fee_lines'            => [],
		'coupon_lines'         => [],
		'refunds'              => array_map( 'standin_refund_summary', $order->get_refunds() ),
		'payment_url'          => home_url( "/checkout/order-pay/{$order->get_id()}/?pay_for_order=true&key={$order->get_order_key()}" ),
		'is_editable'          => $order->has_status( [ 'pending', 'on-hold', 'auto-draft' ] ),
		'needs_payment'        => $order->has_status( [ 'pending', 'failed' ] ),
		'needs_processing'     => true,
		'currency_symbol'      => '€',
	] + standin_dates( $order );
}

/** @return array<string, string|null> */
function standin_dates( WC_Order $order ): array {
	$dates = [
		'date_created'   => $order->get_date_created(),
		'date_modified'  => $order->get_date_modified(),
		'date_completed' => standin_moment( $order->get_date_completed() ),
		'date_paid'      => standin_moment( $order->get_date_paid() ),
	];
	$shape = [];
	foreach ( $dates as $name => $date ) {
		$shape[ $name ]         = wc_rest_prepare_date_response( $date, false );
		$shape[ "{$name}_gmt" ] = wc_rest_prepare_date_response( $date );
	}
	return $shape;
}

/** @return array<string, mixed> */
function standin_line_shape( WC_Order_Item_Product $line ): array {
	$product = $line->get_product();
	$units   = max( 1, abs( $line->get_quantity() ) );
	return [
		'id'               => $line->get_id(),
		'name'             => $line->get_name(),
		'product_id'       => $line->get_product_id(),
		'variation_id'     => $line->get_variation_id(),
		'quantity'         => $line->get_quantity(),
		'tax_class'        => '',
		'subtotal'         => $line->get_total(),
		'subtotal_tax'     => '0.00',
		'total'            => $line->get_total(),
		'total_tax'        => '0.00',
		'taxes'            => [],
		'meta_data'        => standin_line_meta( $line ),
		'sku'              => $product ? $product->get_sku() : null,
		'global_unique_id' => '',
		'price'            => abs( (float) $line->get_total() ) / $units,
		'image'            => [
			'id'  => '',
			'src' => '',
		],
		'parent_name'      => $line->get_variation_id() ? (string) wc_get_product( $line->get_product_id() )?->get_name() : null,
	];
}

/** @return list<array<string, mixed>> */
function standin_line_meta( WC_Order_Item_Product $line ): array {
	$shape = [];
	foreach ( $line->get_data()['meta'] as $key => $value ) {
		$shape[] = [
			'id'            => count( $shape ) + 1,
			'key'           => $key,
			'value'         => $value,
			'display_key'   => $key,
			'display_value' => $value,
		];
	}
	return $shape;
}

/** @return list<array<string, mixed>> */
function standin_shipping_shape( WC_Order $order ): array {
	if ( 0.0 === (float) $order->get_shipping_total() ) {
		return [];
	}
	return [
		[
			'id'           => $order->get_id(),
			'method_title' => 'Parcel',
			'method_id'    => 'flat_rate',
			'instance_id'  => '1',
			'total'        => wc_format_decimal( $order->get_shipping_total(), 2 ),
			'total_tax'    => '0.00',
			'taxes'        => [],
			'tax_status'   => 'taxable',
			'meta_data'    => [],
		],
	];
}

/** @return array<string, mixed> The order's own list of refunds carries no lines. */
function standin_refund_summary( WC_Order_Refund $refund ): array {
	return [
		'id'     => $refund->get_id(),
		'reason' => $refund->get_reason(),
		'total'  => '-' . $refund->get_amount(),
	];
}

/** @return array<string, mixed> */
function standin_refund_shape( WC_Order_Refund $refund ): array {
	return [
		'id'               => $refund->get_id(),
		'date_created'     => wc_rest_prepare_date_response( $refund->get_date_created(), false ),
		'date_created_gmt' => wc_rest_prepare_date_response( $refund->get_date_created() ),
		'amount'           => $refund->get_amount(),
		'reason'           => $refund->get_reason(),
		'refunded_by'      => 1,
		'refunded_payment' => false,
		'meta_data'        => [],
		'line_items'       => array_map( 'standin_line_shape', array_values( $refund->get_items() ) ),
		'shipping_lines'   => [],
		'tax_lines'        => [],
		'fee_lines'        => [],
	];
}

/** @return array<string, mixed> */
function standin_note_shape( WP_Comment $note ): array {
	return [
		'id'               => (int) $note->comment_ID,
		'author'           => $note->comment_author,
		'date_created'     => mysql2date( 'Y-m-d\TH:i:s', $note->comment_date ),
		'date_created_gmt' => mysql2date( 'Y-m-d\TH:i:s', $note->comment_date_gmt ),
		'note'             => $note->comment_content,
		'customer_note'    => '1' === get_comment_meta( $note->comment_ID, 'is_customer_note', true ),
	];
}
