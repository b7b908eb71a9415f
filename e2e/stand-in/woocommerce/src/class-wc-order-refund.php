<?php
/**
 * Refunds and notes: what hangs on an order.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

class WC_Order_Refund extends WC_Abstract_Order {

	protected function defaults(): array {
		return [
			'parent_id' => 0,
			'amount'    => '0.00',
			'reason'    => '',
			'lines'     => [],
		];
	}

	public function get_type(): string {
		return 'shop_order_refund';
	}

	public function save(): int {
		$this->write( 'completed', $this->data['parent_id'] );
		return $this->id;
	}

	/** WooCommerce 11 says this much when a refund is taken back over REST, and does not touch the order. */
	public function delete( bool $force = true ): bool {
		if ( null === apply_filters( 'woocommerce_pre_delete_order_refund', null, $this, $force ) ) {
			standin_delete( $this->id );
		}
		return true;
	}
}

/** @param array{order_id: int, amount: string, reason?: string, line_items?: list<array<string, mixed>>} $args */
function wc_create_refund( array $args ): WC_Order_Refund {
	$order  = new WC_Order( $args['order_id'] );
	$refund = new WC_Order_Refund();
	$refund->set_props(
		[
			'parent_id' => $order->get_id(),
			'amount'    => wc_format_decimal( $args['amount'], 2 ),
			'reason'    => $args['reason'] ?? '',
			'lines'     => standin_refund_lines( $order, $args['line_items'] ?? [] ),
		]
	);
	$refund->save();
	standin_restock( $refund );
	if ( (float) $args['amount'] >= (float) $order->get_total() ) {
		$order->update_status( 'refunded' );
	}
	$order->save();
	do_action( 'woocommerce_refund_created', $refund->get_id(), $args );
	do_action( 'woocommerce_order_refunded', $order->get_id(), $refund->get_id() );
	return $refund;
}

/** @param list<array<string, mixed>> $wishes */
function standin_refund_lines( WC_Order $order, array $wishes ): array {
	$lines = [];
	foreach ( $wishes as $wish ) {
		$item = $order->get_item( (int) $wish['id'] );
		if ( ! $item ) {
			continue;
		}
		$lines[] = [
			'id'       => standin_item_id(),
			'quantity' => -1 * (int) ( $wish['quantity'] ?? 0 ),
			'total'    => wc_format_decimal( -1 * (float) ( $wish['refund_total'] ?? 0 ), 2 ),
			'meta'     => [ '_refunded_item_id' => (string) $item->get_id() ],
		] + $item->get_data();
	}
	return $lines;
}

function standin_restock( WC_Order_Refund $refund ): void {
	foreach ( $refund->get_items() as $line ) {
		$line->get_product() && $line->get_product()->take_from_stock( $line->get_quantity() );
	}
}

function standin_add_note( WC_Order $order, string $note, bool $is_for_customer ): int {
	$id = wp_insert_comment(
		[
			'comment_author'   => 'WooCommerce',
			'comment_content'  => $note,
			'comment_type'     => 'order_note',
			'comment_approved' => 1,
			'comment_meta'     => [
				'is_customer_note' => $is_for_customer ? 1 : 0,
				'order_id'         => $order->get_id(),
			],
		]
	);
	if ( $is_for_customer ) {
		do_action(
			'woocommerce_new_customer_note',
			[
				'order_id'      => $order->get_id(),
				'customer_note' => $note,
			]
		);
	}
	do_action( 'woocommerce_order_note_added', $id, $order );
	return (int) $id;
}

/** @return list<WP_Comment> */
function standin_notes( int $order_id ): array {
	$query = [
		'type'       => 'order_note',
		'meta_key'   => 'order_id',
		'meta_value' => $order_id,
		'orderby'    => 'comment_ID',
	];
	return get_comments( $query );
}
