<?php
/**
 * The wc/v3 routes of products.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

add_action(
	'rest_api_init',
	static function (): void {
		standin_route( '/products', 'GET', 'standin_list_products' );
		standin_route( '/products', 'POST', static fn( $request ) => standin_save_product( new WC_Product_Simple(), $request, 201 ) );
		standin_route( '/products/(?P<id>\d+)', 'GET', static fn( $request ) => standin_with_product( $request, 'standin_show_product' ) );
		standin_route( '/products/(?P<id>\d+)', 'POST, PUT, PATCH', static fn( $request ) => standin_with_product( $request, 'standin_save_product' ) );
		standin_route( '/products/(?P<parent>\d+)/variations', 'GET', 'standin_list_variations' );
		standin_route( '/products/(?P<parent>\d+)/variations/(?P<id>\d+)', 'GET', static fn( $request ) => standin_with_product( $request, 'standin_show_product' ) );
	}
);

function standin_with_product( WP_REST_Request $request, callable $work ): WP_REST_Response|WP_Error {
	$product = wc_get_product( (int) $request['id'] );
	return $product instanceof WC_Product
		? $work( $product, $request )
		: new WP_Error( 'woocommerce_rest_product_invalid_id', 'Invalid ID.', [ 'status' => 404 ] );
}

function standin_show_product( WC_Product $product ): WP_REST_Response {
	return new WP_REST_Response( standin_product_shape( $product ) );
}

function standin_save_product( WC_Product $product, WP_REST_Request $request, int $status = 200 ): WP_REST_Response {
	foreach ( [ 'name', 'sku', 'regular_price', 'status', 'virtual', 'weight', 'manage_stock', 'stock_quantity' ] as $property ) {
		if ( isset( $request[ $property ] ) ) {
			$product->{"set_$property"}( $request[ $property ] );
		}
	}
	$product->save();
	return new WP_REST_Response( standin_product_shape( $product ), $status );
}

function standin_list_products( WP_REST_Request $request ): WP_REST_Response {
	$products = standin_products( "type IN ('simple', 'variable')" );
	$skus     = wp_parse_list( $request['sku'] ?? [] );
	$ids      = wp_parse_id_list( $request['include'] ?? [] );
	if ( [] !== $skus ) {
		$products = array_filter( standin_products( "type IN ('simple', 'variable', 'variation')" ), static fn( $product ) => in_array( $product->get_sku( 'edit' ), $skus, true ) );
	} elseif ( [] !== $ids ) {
		$products = array_filter( $products, static fn( $product ) => in_array( $product->get_id(), $ids, true ) );
	}
	$answer = new WP_REST_Response( array_map( 'standin_product_shape', array_values( $products ) ) );
	$answer->header( 'X-WP-Total', (string) count( $products ) );
	$answer->header( 'X-WP-TotalPages', '1' );
	return $answer;
}

function standin_list_variations( WP_REST_Request $request ): WP_REST_Response {
	$rows = standin_children( 'variation', (int) $request['parent'] );
	return new WP_REST_Response( array_map( static fn( $row ) => standin_product_shape( wc_get_product( (int) $row['id'] ) ), $rows ) );
}

/** @return list<WC_Product> */
function standin_products( string $where ): array {
	$ids = $GLOBALS['wpdb']->get_col( 'SELECT id FROM ' . standin_table() . " WHERE $where ORDER BY id DESC" );
	return array_map( static fn( $id ) => wc_get_product( (int) $id ), $ids );
}

/** @return array<string, mixed> */
function standin_product_shape( WC_Product $product ): array {
	return [
		'id'                => $product->get_id(),
		'name'              => $product->get_name(),
		'type'              => $product->get_type(),
		'status'            => $product->get_status(),
		'sku'               => $product->get_sku(),
		'price'             => $product->get_price(),
		'regular_price'     => $product->get_regular_price(),
		'virtual'           => $product->is_virtual(),
		'manage_stock'      => $product->managing_stock(),
		'stock_quantity'    => $product->get_stock_quantity(),
		'weight'            => $product->get_weight(),
		'parent_id'         => $product->get_parent_id(),
		'variations'        => $product instanceof WC_Product_Variable ? $product->get_children() : [],
		'date_created_gmt'  => wc_rest_prepare_date_response( $product->get_date_created() ),
		'date_modified_gmt' => wc_rest_prepare_date_response( $product->get_date_modified() ),
		'meta_data'         => $product->get_meta_data(),
	];
}
