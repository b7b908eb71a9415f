<?php
/**
 * What orders, refunds and products have in common.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

/** Answers get_x() and takes set_x() for every property it was declared with, as WooCommerce's objects do. */
abstract class WC_Record {

	protected int $id = 0;

	/** @var array<string, mixed> */
	protected array $data;

	/** @return array<string, mixed> */
	abstract protected function defaults(): array;

	abstract public function get_type(): string;

	/** @param int|array<string, mixed>|null $from An id, or a row of the table. */
	public function __construct( int|array|null $from = null ) {
		$this->data = $this->defaults() + [
			'meta_data'    => [],
			'date_created' => time(),
		];
		$row        = is_int( $from ) && $from > 0 ? standin_read( $from ) : $from;
		if ( is_array( $row ) ) {
			$this->id   = (int) $row['id'];
			$this->data = array_merge( $this->data, json_decode( $row['document'], true ) );
		}
	}

	public function __call( string $name, array $arguments ): mixed {
		$property = substr( $name, 4 );
		if ( ! array_key_exists( $property, $this->data ) ) {
			throw new BadMethodCallException( static::class . "::$name() is not in the stand-in." );
		}
		if ( str_starts_with( $name, 'get_' ) ) {
			return $this->data[ $property ];
		}
		$this->data[ $property ] = $arguments[0];
		return null;
	}

	public function get_id(): int {
		return $this->id;
	}

	/** @param array<string, mixed> $props */
	public function set_props( array $props ): void {
		foreach ( $props as $property => $value ) {
			$this->{"set_$property"}( $value );
		}
	}

	public function get_date_created(): ?WC_DateTime {
		return standin_moment( $this->data['date_created'] );
	}

	public function get_date_modified(): ?WC_DateTime {
		return standin_moment( $this->data['date_modified'] ?? $this->data['date_created'] );
	}

	public function get_meta( string $key = '', bool $single = true ): mixed {
		$values = array_column( array_filter( $this->data['meta_data'], static fn( $meta ) => $meta['key'] === $key ), 'value' );
		return $single ? ( $values[0] ?? '' ) : $values;
	}

	public function meta_exists( string $key ): bool {
		return in_array( $key, array_column( $this->data['meta_data'], 'key' ), true );
	}

	public function update_meta_data( string $key, mixed $value ): void {
		$this->delete_meta_data( $key );
		if ( null !== $value ) {
			$id                        = 1 + max( 0, ...array_column( $this->data['meta_data'], 'id' ), ...[ 0 ] );
			$this->data['meta_data'][] = compact( 'id', 'key', 'value' );
		}
	}

	public function delete_meta_data( string $key ): void {
		$others                  = array_filter( $this->data['meta_data'], static fn( $meta ) => $meta['key'] !== $key );
		$this->data['meta_data'] = array_values( $others );
	}

	protected function write( string $status, int $parent ): void {
		$this->data['date_modified'] = time();
		$this->id                    = standin_write(
			$this->id,
			[
				'type'         => $this->get_type(),
				'parent_id'    => $parent,
				'status'       => $status,
				'created_gmt'  => gmdate( 'Y-m-d H:i:s', $this->data['date_created'] ),
				'modified_gmt' => gmdate( 'Y-m-d H:i:s', $this->data['date_modified'] ),
				'document'     => wp_json_encode( $this->data ),
			]
		);
	}
}

/** A moment that also knows the site's time zone. */
final class WC_DateTime extends DateTime {

	public function date( string $format ): string {
		return $this->format( $format );
	}

	public function getOffsetTimestamp(): int {
		return $this->getTimestamp() + $this->getOffset();
	}
}

function standin_moment( ?int $timestamp ): ?WC_DateTime {
	if ( null === $timestamp ) {
		return null;
	}
	$moment = new WC_DateTime( "@$timestamp" );
	$moment->setTimezone( wp_timezone() );
	return $moment;
}
