<?php
/**
 * One line of an order or of a refund.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

class WC_Order_Item {

	/** @param array<string, mixed> $line */
	public function __construct( protected array $line ) {}
}

class WC_Order_Item_Product extends WC_Order_Item {

	public function get_id(): int {
		return $this->line['id'];
	}

	public function get_name(): string {
		return $this->line['name'];
	}

	public function get_type(): string {
		return 'line_item';
	}

	public function get_product_id(): int {
		return $this->line['product_id'];
	}

	public function get_variation_id(): int {
		return $this->line['variation_id'];
	}

	public function get_quantity(): int {
		return $this->line['quantity'];
	}

	public function get_total(): string {
		return $this->line['total'];
	}

	/** @return WC_Product|false */
	public function get_product(): WC_Product|bool {
		return wc_get_product( $this->line['variation_id'] ?: $this->line['product_id'] ) ?: false;
	}

	public function get_meta( string $key ): mixed {
		return $this->line['meta'][ $key ] ?? '';
	}

	/** @return array<string, mixed> */
	public function get_data(): array {
		return $this->line;
	}
}
