<?php
/**
 * Orders. Each method fires what WooCommerce fires, in its order.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

abstract class WC_Abstract_Order extends WC_Record {

	/** @return array<int, WC_Order_Item_Product> */
	public function get_items( string $type = 'line_item' ): array {
		$items = [];
		foreach ( 'line_item' === $type ? $this->data['lines'] : [] as $line ) {
			$items[ $line['id'] ] = new WC_Order_Item_Product( $line );
		}
		return $items;
	}

	public function get_item( int $id ): WC_Order_Item_Product|bool {
		return $this->get_items()[ $id ] ?? false;
	}
}

class WC_Order extends WC_Abstract_Order {

	private const DRAFTS = [ 'checkout-draft', 'auto-draft', 'new', '' ];

	private string $stored_status = '';

	/** @var list<int> Ids of lines that were saved before. */
	private array $stored_lines = [];

	public function __construct( int|array|null $from = null ) {
		parent::__construct( $from );
		$this->stored_status = 0 === $this->id ? '' : $this->data['status'];
		$this->stored_lines  = 0 === $this->id ? [] : array_keys( $this->get_items() );
	}

	protected function defaults(): array {
		$address = array_fill_keys( [ 'first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'state', 'postcode', 'country', 'phone' ], '' );
		return [
			'status'               => 'pending',
			'parent_id'            => 0,
			'currency'             => 'EUR',
			'customer_id'          => 0,
			'order_key'            => 'wc_order_' . wp_generate_password( 13, false ),
			'billing'              => $address + [ 'email' => '' ],
			'shipping'             => $address,
			'payment_method'       => '',
			'payment_method_title' => '',
			'transaction_id'       => '',
			'created_via'          => '',
			'customer_note'        => '',
			'date_paid'            => null,
			'date_completed'       => null,
			'shipping_total'       => 0.0,
			'lines'                => [],
			'trashed_from'         => null,
		];
	}

	public function get_type(): string {
		return 'shop_order';
	}

	public function get_order_number(): string {
		return (string) $this->id;
	}

	public function get_billing_email(): string {
		return $this->data['billing']['email'];
	}

	public function get_total(): string {
		return wc_format_decimal( array_sum( array_column( $this->data['lines'], 'total' ) ) + $this->data['shipping_total'], 2 );
	}

	public function has_status( string|array $status ): bool {
		return in_array( $this->data['status'], (array) $status, true );
	}

	public function get_edit_order_url(): string {
		return admin_url( "admin.php?page=wc-orders&action=edit&id={$this->id}" );
	}

	public function add_product( WC_Product $product, int $quantity = 1 ): int {
		$isVariation           = $product->is_type( 'variation' );
		$id                    = standin_item_id();
		$this->data['lines'][] = [
			'id'           => $id,
			'name'         => $product->get_name(),
			'product_id'   => $isVariation ? $product->get_parent_id() : $product->get_id(),
			'variation_id' => $isVariation ? $product->get_id() : 0,
			'quantity'     => $quantity,
			'total'        => wc_format_decimal( (float) $product->get_price() * $quantity, 2 ),
			'meta'         => [],
		];
		return $id;
	}

	/** @param array<string, string> $address */
	public function set_address( array $address, string $kind = 'billing' ): void {
		$this->data[ $kind ] = array_merge( $this->data[ $kind ], array_intersect_key( $address, $this->data[ $kind ] ) );
	}

	/** Saves twice on its way, as WooCommerce does. */
	public function calculate_totals(): void {
		$this->save();
		$this->save();
	}

	public function set_status( string $status ): void {
		$this->data['status'] = preg_replace( '/^wc-/', '', $status );
	}

	public function update_status( string $status, string $note = '' ): bool {
		$this->set_status( $status );
		$this->save();
		return true;
	}

	public function save(): int {
		$before = $this->stored_status;
		$isNew  = 0 === $this->id;
		if ( $this->has_status( 'completed' ) ) {
			$this->data['date_completed'] ??= time();
		}
		$this->write( $this->data['status'], 0 );
		$this->stored_status = $this->data['status'];
		$this->announce( $before, $isNew );
		return $this->id;
	}

	/** A draft is born silently, and is new on the day it stops being one. */
	private function announce( string $before, bool $isNew ): void {
		$isDraft = in_array( $this->data['status'], self::DRAFTS, true );
		if ( ! $isNew ) {
			do_action( 'woocommerce_update_order', $this->id, $this );
		}
		if ( ! $isDraft && in_array( $before, self::DRAFTS, true ) ) {
			do_action( 'woocommerce_new_order', $this->id, $this );
		}
		$this->announce_lines();
		do_action( 'woocommerce_after_order_object_save', $this, null );
		if ( '' !== $before && $before !== $this->data['status'] ) {
			$this->status_changed( $before, $this->data['status'] );
		}
	}

	private function announce_lines(): void {
		foreach ( $this->get_items() as $id => $line ) {
			if ( ! in_array( $id, $this->stored_lines, true ) ) {
				$this->stored_lines[] = $id;
				do_action( 'woocommerce_new_order_item', $id, $line, $this->id );
			}
		}
	}

	private function status_changed( string $from, string $to ): void {
		if ( in_array( $to, [ 'processing', 'on-hold', 'completed' ], true ) && ! $this->get_meta( '_stock_reduced' ) ) {
			$this->reduce_stock();
		}
		do_action( "woocommerce_order_status_$to", $this->id, $this );
		do_action( "woocommerce_order_status_{$from}_to_$to", $this->id, $this );
		do_action( 'woocommerce_order_status_changed', $this->id, $from, $to, $this );
	}

	private function reduce_stock(): void {
		foreach ( $this->get_items() as $item ) {
			$item->get_product() && $item->get_product()->take_from_stock( $item->get_quantity() );
		}
		$this->update_meta_data( '_stock_reduced', 'yes' );
		$this->write( $this->data['status'], 0 );
		do_action( 'woocommerce_reduce_order_stock', $this );
	}

	public function payment_complete(): bool {
		$this->data['date_paid'] ??= time();
		$this->set_status( 'processing' );
		$this->save();
		do_action( 'woocommerce_payment_complete', $this->id, '' );
		return true;
	}

	public function delete( bool $force = false ): bool {
		if ( $force ) {
			do_action( 'woocommerce_before_delete_order', $this->id, $this );
			standin_delete( $this->id );
			do_action( 'woocommerce_delete_order', $this->id );
			return true;
		}
		do_action( 'woocommerce_before_trash_order', $this->id, $this );
		$this->data['trashed_from'] = $this->data['status'];
		$this->data['status']       = 'trash';
		$this->write( 'trash', 0 );
		$this->stored_status = 'trash';
		do_action( 'woocommerce_trash_order', $this->id );
		return true;
	}

	public function untrash(): bool {
		$to = $this->data['trashed_from'] ?? 'pending';
		do_action( 'woocommerce_untrash_order', $this->id, "wc-$to" );
		$this->data['status'] = $to;
		$this->write( $to, 0 );
		$this->stored_status = $to;
		do_action( 'woocommerce_after_order_object_save', $this, null );
		$this->status_changed( 'trash', $to );
		return true;
	}

	public function add_order_note( string $note, int $is_customer_note = 0 ): int {
		return standin_add_note( $this, $note, (bool) $is_customer_note );
	}

	/** @return list<WC_Order_Refund> */
	public function get_refunds(): array {
		return array_map( static fn( $row ) => new WC_Order_Refund( $row ), standin_children( 'shop_order_refund', $this->id ) );
	}

	/** @return int Not above zero, as in WooCommerce. */
	public function get_qty_refunded_for_item( int $item_id ): int {
		$taken = 0;
		foreach ( $this->get_refunds() as $refund ) {
			foreach ( $refund->get_items() as $line ) {
				$taken += (int) $line->get_meta( '_refunded_item_id' ) === $item_id ? $line->get_quantity() : 0;
			}
		}
		return $taken;
	}
}

/** Ids of lines are never used twice. */
function standin_item_id(): int {
	$id = 1 + (int) get_option( 'standin_last_item', 0 );
	update_option( 'standin_last_item', $id, false );
	return $id;
}
