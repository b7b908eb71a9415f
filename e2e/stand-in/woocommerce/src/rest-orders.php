<?php
/**
 * The wc/v3 routes of orders, their notes and refunds.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

add_action(
	'rest_api_init',
	static function (): void {
		standin_route( '/orders', 'GET', 'standin_list_orders' );
		standin_route( '/orders', 'POST', 'standin_create_order' );
		standin_route( '/orders/(?P<id>\d+)', 'GET', static fn( $request ) => standin_with_order( $request, 'standin_show_order' ) );
		standin_route( '/orders/(?P<id>\d+)', 'POST, PUT, PATCH', static fn( $request ) => standin_with_order( $request, 'standin_update_order' ) );
		standin_route( '/orders/(?P<id>\d+)', 'DELETE', static fn( $request ) => standin_with_order( $request, 'standin_delete_order' ) );
		standin_route( '/orders/(?P<id>\d+)/notes', 'GET', static fn( $request ) => standin_with_order( $request, 'standin_list_notes' ) );
		standin_route( '/orders/(?P<id>\d+)/notes', 'POST', static fn( $request ) => standin_with_order( $request, 'standin_create_note' ) );
		standin_route( '/orders/(?P<id>\d+)/refunds', 'GET', static fn( $request ) => standin_with_order( $request, 'standin_list_refunds' ) );
		standin_route( '/orders/(?P<id>\d+)/refunds', 'POST', static fn( $request ) => standin_with_order( $request, 'standin_create_refund' ) );
		standin_route( '/orders/(?P<id>\d+)/refunds/(?P<refund>\d+)', 'DELETE', static fn( $request ) => standin_with_order( $request, 'standin_delete_refund' ) );
	}
);

function standin_route( string $path, string $methods, callable $answer ): void {
	register_rest_route(
		'wc/v3',
		$path,
		[
			'methods'             => $methods,
			'callback'            => $answer,
			'permission_callback' => static fn( $request ) => standin_may( 'GET' === $methods ? 'read' : 'edit', (int) $request['id'] ),
		]
	);
}

function standin_may( string $context, int $id ): bool|WP_Error {
	if ( apply_filters( 'woocommerce_rest_check_permissions', current_user_can( 'edit_shop_orders' ), $context, $id, 'shop_order' ) ) {
		return true;
	}
	$code = 'read' === $context ? 'woocommerce_rest_cannot_view' : 'woocommerce_rest_cannot_edit';
	return new WP_Error( $code, 'Sorry, you cannot do this.', [ 'status' => rest_authorization_required_code() ] );
}

function standin_with_order( WP_REST_Request $request, callable $work ): WP_REST_Response|WP_Error {
	$order = wc_get_order( (int) $request['id'] );
	if ( ! $order instanceof WC_Order ) {
		return new WP_Error( 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.', [ 'status' => 404 ] );
	}
	return $work( $order, $request );
}

function standin_show_order( WC_Order $order, WP_REST_Request $request ): WP_REST_Response {
	$response = new WP_REST_Response( standin_order_shape( $order ) );
	$response->add_link( 'self', rest_url( "/wc/v3/orders/{$order->get_id()}" ) );
	$response->add_link( 'collection', rest_url( '/wc/v3/orders' ) );
	return apply_filters( 'woocommerce_rest_prepare_shop_order_object', $response, $order, $request );
}

function standin_list_orders( WP_REST_Request $request ): WP_REST_Response {
	$found  = standin_find_orders( $request->get_params() );
	$server = rest_get_server();
	$shapes = array_map( static fn( $order ) => $server->response_to_data( standin_show_order( $order, $request ), false ), $found['orders'] );
	$answer = new WP_REST_Response( $shapes );
	$answer->header( 'X-WP-Total', (string) $found['total'] );
	$answer->header( 'X-WP-TotalPages', (string) (int) ceil( $found['total'] / $found['per_page'] ) );
	return $answer;
}

/**
 * @param array<string, mixed> $query As in the route's parameters.
 * @return array{orders: list<WC_Order>, total: int, per_page: int}
 */
function standin_find_orders( array $query ): array {
	global $wpdb;
	$where    = standin_conditions( $query );
	$per_page = min( 100, max( 1, (int) ( $query['per_page'] ?? 10 ) ) );
	$offset   = $per_page * ( max( 1, (int) ( $query['page'] ?? 1 ) ) - 1 );
	$columns  = [
		'modified' => 'modified_gmt',
		'id'       => 'id',
		'include'  => 'id',
	];
	$column   = $columns[ $query['orderby'] ?? '' ] ?? 'created_gmt';
	$order    = 'asc' === strtolower( (string) ( $query['order'] ?? 'desc' ) ) ? 'ASC' : 'DESC';
	$table    = standin_table();
	$rows     = $wpdb->get_results( "SELECT * FROM $table WHERE $where ORDER BY $column $order, id $order LIMIT $per_page OFFSET $offset", ARRAY_A );
	return [
		'orders'   => array_map( static fn( $row ) => new WC_Order( $row ), $rows ),
		'total'    => (int) $wpdb->get_var( "SELECT COUNT(*) FROM $table WHERE $where" ),
		'per_page' => $per_page,
	];
}

function standin_conditions( array $query ): string {
	global $wpdb;
	$conditions = [ "type = 'shop_order'" ];
	$statuses   = wp_parse_list( $query['status'] ?? 'any' );
	// As in WooCommerce, "any" swallows a "trash" beside it.
	$conditions[] = in_array( 'any', $statuses, true ) ? "status <> 'trash'" : standin_in( 'status', $statuses );
	$ids = wp_parse_id_list( $query['include'] ?? [] );
	if ( [] !== $ids ) {
		$conditions[] = standin_in( 'id', $ids );
	}
	$bounds = [
		'after'           => 'created_gmt > %s',
		'before'          => 'created_gmt < %s',
		'modified_after'  => 'modified_gmt > %s',
		'modified_before' => 'modified_gmt < %s',
	];
	foreach ( $bounds as $name => $condition ) {
		if ( ! empty( $query[ $name ] ) ) {
			$conditions[] = $wpdb->prepare( $condition, standin_gmt( (string) $query[ $name ], wc_string_to_bool( $query['dates_are_gmt'] ?? false ) ) );
		}
	}
	return implode( ' AND ', $conditions );
}

function standin_gmt( string $moment, bool $isGmt ): string {
	$date = new DateTime( $moment, $isGmt ? new DateTimeZone( 'UTC' ) : wp_timezone() );
	return gmdate( 'Y-m-d H:i:s', $date->getTimestamp() );
}

/** @param list<string|int> $values */
function standin_in( string $column, array $values ): string {
	global $wpdb;
	return $wpdb->prepare( "$column IN (" . implode( ',', array_fill( 0, count( $values ), '%s' ) ) . ')', $values );
}

function standin_create_order( WP_REST_Request $request ): WP_REST_Response|WP_Error {
	$order = new WC_Order();
	$order->set_created_via( 'rest-api' );
	standin_apply( $order, $request );
	$order->save();
	$order->calculate_totals();
	// wc/v3 saves the totals apart from the order.
	$order->save();
	if ( wc_string_to_bool( $request['set_paid'] ?? false ) ) {
		$order->payment_complete();
	}
	$answer = standin_show_order( $order, $request );
	$answer->set_status( 201 );
	return $answer;
}

function standin_update_order( WC_Order $order, WP_REST_Request $request ): WP_REST_Response {
	standin_apply( $order, $request );
	$order->save();
	if ( isset( $request['billing'] ) || isset( $request['shipping'] ) || isset( $request['line_items'] ) ) {
		$order->calculate_totals();
	}
	return standin_show_order( $order, $request );
}

function standin_apply( WC_Order $order, WP_REST_Request $request ): void {
	foreach ( [ 'status', 'customer_id', 'customer_note', 'payment_method', 'payment_method_title', 'transaction_id' ] as $property ) {
		if ( isset( $request[ $property ] ) ) {
			$order->{"set_$property"}( $request[ $property ] );
		}
	}
	foreach ( [ 'billing', 'shipping' ] as $kind ) {
		$order->set_address( (array) ( $request[ $kind ] ?? [] ), $kind );
	}
	foreach ( (array) ( $request['meta_data'] ?? [] ) as $meta ) {
		$order->update_meta_data( $meta['key'], $meta['value'] );
	}
	foreach ( (array) ( $request['line_items'] ?? [] ) as $line ) {
		$product = wc_get_product( (int) ( ( $line['variation_id'] ?? 0 ) ?: ( $line['product_id'] ?? 0 ) ) );
		$product && $order->add_product( $product, (int) ( $line['quantity'] ?? 1 ) );
	}
}

function standin_delete_order( WC_Order $order, WP_REST_Request $request ): WP_REST_Response {
	$answer = standin_show_order( $order, $request );
	$order->delete( wc_string_to_bool( $request['force'] ?? false ) );
	return $answer;
}

function standin_list_notes( WC_Order $order, WP_REST_Request $request ): WP_REST_Response {
	$notes = array_map( 'standin_note_shape', standin_notes( $order->get_id() ) );
	$type  = $request['type'] ?? 'any';
	if ( 'any' !== $type ) {
		$notes = array_filter( $notes, static fn( $note ) => ( 'customer' === $type ) === $note['customer_note'] );
	}
	return new WP_REST_Response( array_values( $notes ) );
}

function standin_create_note( WC_Order $order, WP_REST_Request $request ): WP_REST_Response {
	$id = standin_add_note( $order, (string) $request['note'], wc_string_to_bool( $request['customer_note'] ?? false ) );
	return new WP_REST_Response( standin_note_shape( get_comment( $id ) ), 201 );
}

function standin_list_refunds( WC_Order $order ): WP_REST_Response {
	return new WP_REST_Response( array_map( 'standin_refund_shape', $order->get_refunds() ) );
}

function standin_create_refund( WC_Order $order, WP_REST_Request $request ): WP_REST_Response {
	$refund = wc_create_refund(
		[
			'order_id'   => $order->get_id(),
			'amount'     => (string) $request['amount'],
			'reason'     => (string) ( $request['reason'] ?? '' ),
			'line_items' => (array) ( $request['line_items'] ?? [] ),
		]
	);
	return new WP_REST_Response( standin_refund_shape( $refund ), 201 );
}

function standin_delete_refund( WC_Order $order, WP_REST_Request $request ): WP_REST_Response|WP_Error {
	$refund = wc_get_order( (int) $request['refund'] );
	if ( ! $refund instanceof WC_Order_Refund || $refund->get_parent_id() !== $order->get_id() ) {
		return new WP_Error( 'woocommerce_rest_invalid_order_refund_id', 'Invalid order refund ID.', [ 'status' => 404 ] );
	}
	$answer = new WP_REST_Response( standin_refund_shape( $refund ) );
	$refund->delete( true );
	return $answer;
}
