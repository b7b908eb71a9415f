<?php
/**
 * Products and variations.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

class WC_Product extends WC_Record {

	protected function defaults(): array {
		return [
			'name'           => '',
			'sku'            => '',
			'regular_price'  => '',
			'status'         => 'publish',
			'virtual'        => false,
			'downloadable'   => false,
			'weight'         => '',
			'manage_stock'   => false,
			'stock_quantity' => null,
			'parent_id'      => 0,
			'attributes'     => [],
		];
	}

	public function get_type(): string {
		return 'simple';
	}

	/** @param string|list<string> $type */
	public function is_type( string|array $type ): bool {
		return in_array( $this->get_type(), (array) $type, true );
	}

	public function get_price(): string {
		return (string) $this->data['regular_price'];
	}

	public function get_sku( string $context = 'view' ): string {
		return (string) $this->data['sku'];
	}

	public function is_virtual(): bool {
		return (bool) $this->data['virtual'];
	}

	public function needs_shipping(): bool {
		return ! $this->is_virtual();
	}

	public function managing_stock(): bool {
		return (bool) $this->data['manage_stock'];
	}

	public function save(): int {
		$isNew    = 0 === $this->id;
		$previous = $isNew ? null : ( new static( $this->id ) )->get_stock_quantity();
		$this->write( $this->data['status'], $this->data['parent_id'] );
		$kind = $this->is_type( 'variation' ) ? 'product_variation' : 'product';
		do_action( $isNew ? "woocommerce_new_$kind" : "woocommerce_update_$kind", $this->id, $this );
		if ( ! $isNew && $previous !== $this->data['stock_quantity'] ) {
			$this->stock_moved();
		}
		return $this->id;
	}

	public function take_from_stock( int $quantity ): void {
		if ( $this->managing_stock() ) {
			$this->data['stock_quantity'] -= $quantity;
			$this->write( $this->data['status'], $this->data['parent_id'] );
			$this->stock_moved();
		}
	}

	private function stock_moved(): void {
		do_action( $this->is_type( 'variation' ) ? 'woocommerce_variation_set_stock' : 'woocommerce_product_set_stock', $this );
	}
}

class WC_Product_Simple extends WC_Product {}

class WC_Product_Variable extends WC_Product {

	public function get_type(): string {
		return 'variable';
	}

	/** @return list<int> */
	public function get_children(): array {
		return array_map( static fn( $row ) => (int) $row['id'], standin_children( 'variation', $this->id ) );
	}
}

class WC_Product_Variation extends WC_Product {

	public function get_type(): string {
		return 'variation';
	}

	/** One without its own shows its parent's, except to those who ask for what is stored. */
	public function get_sku( string $context = 'view' ): string {
		$own = parent::get_sku( $context );
		return '' === $own && 'edit' !== $context ? (string) wc_get_product( $this->data['parent_id'] )?->get_sku() : $own;
	}
}
