<?php
/**
 * An order as WooCommerce's REST API shows it, with what the sidecar needs besides.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

use Closure;
use Tallyman\Site;
use Throwable;
use WC_Order;
use WC_Order_Item;
use WC_Order_Item_Product;
use WC_Product;
use WC_REST_Orders_Controller;
use WP_REST_Request;
use WP_REST_Response;

/** Built by WooCommerce's own controllers, so that what is pushed and what is read over REST are the same thing. */
final class OrderRepresentation {

	/** The outbox's tail before the representations of now are built; null while nobody of ours reads. */
	private ?int $sequence = null;

	public function __construct( private readonly Site $site ) {}

	/**
	 * From here on every order shown carries our object. The sequence has to be read first: an order may change while it is
	 * being built, and must then look older than it is, never newer.
	 */
	public function readAt( int $sequence ): void {
		$this->sequence = $sequence;
	}

	public function readNoMore(): void {
		$this->sequence = null;
	}

	/**
	 * @param list<int> $orderIds
	 * @param int       $sequence The outbox's tail, read before this call.
	 * @param int       $userId   Whose rights the sidecar's own reads have.
	 * @return array<int, array<string, mixed>> By order id; without those that are gone or could not be built.
	 */
	public function ofAll( array $orderIds, int $sequence, int $userId ): array {
		if ( [] === $orderIds ) {
			return [];
		}
		$before         = $this->sequence;
		$visitor        = get_current_user_id();
		$this->sequence = $sequence;
		$mayRead        = self::mayReadOrders();
		self::loadController();
		wp_set_current_user( $userId );
		add_filter( 'woocommerce_rest_check_permissions', $mayRead, PHP_INT_MAX, 4 );
		try {
			return array_filter( array_map( [ $this, 'of' ], array_combine( $orderIds, $orderIds ) ) );
		} finally {
			remove_filter( 'woocommerce_rest_check_permissions', $mayRead, PHP_INT_MAX );
			wp_set_current_user( $visitor );
			$this->sequence = $before;
		}
	}

	/**
	 * WooCommerce's filter on every order its REST API shows.
	 *
	 * @param mixed $response A WP_REST_Response, unless another plugin made something else of it.
	 */
	public function addTallyman( mixed $response, mixed $order ): mixed {
		if ( null === $this->sequence || ! $response instanceof WP_REST_Response || ! $order instanceof WC_Order ) {
			return $response;
		}
		$data = $response->get_data();
		if ( ! is_array( $data ) ) {
			return $response;
		}
		$data['tallyman'] = [
			'sequence' => $this->sequence,
			'site'     => $this->site->hash(),
			'lines'    => (object) array_map( fn ( WC_Order_Item $line ): array => $this->line( $order, $line ), $order->get_items() ),
		];
		/**
		 * An order as the sidecar gets it, in a hand-over as well as over REST.
		 *
		 * @param array<string, mixed> $data  The wc/v3 representation with the `tallyman` object.
		 * @param WC_Order             $order The order.
		 */
		$response->set_data( apply_filters( 'tallyman_order_representation', $data, $order ) );
		return $response;
	}

	/** Inside a call to another of its APIs, the block checkout's above all, WooCommerce leaves wc/v3 out. */
	private static function loadController(): void {
		if ( ! isset( rest_get_server()->get_routes( 'wc/v3' )['/wc/v3/orders'] ) ) {
			( new WC_REST_Orders_Controller() )->register_routes();
		}
	}

	/** @return array<string, mixed>|null */
	private function of( int $orderId ): ?array {
		try {
			$response = rest_do_request( new WP_REST_Request( 'GET', "/wc/v3/orders/$orderId" ) );
			$data     = rest_get_server()->response_to_data( $response, false );
		} catch ( Throwable $error ) {
			// Another plugin's bug in one order must not hold up the other 49; the sidecar reads this one by itself.
			wc_get_logger()->error(
				'An order could not be read for the hand-over.',
				[
					'source' => 'tallyman',
					'order'  => $orderId,
					'error'  => $error->getMessage(),
				]
			);
			return null;
		}
		return $response->is_error() ? null : $data;
	}

	/** @return array{refunded: int|float, needs_shipping: bool, own_sku: string} */
	private function line( WC_Order $order, WC_Order_Item $line ): array {
		$product = $line instanceof WC_Order_Item_Product ? $line->get_product() : false;
		return [
			'refunded'       => abs( $order->get_qty_refunded_for_item( $line->get_id() ) ),
			// What was deleted from the catalogue may still have to be shipped: a person decides that, not a default.
			'needs_shipping' => ! $product instanceof WC_Product || $product->needs_shipping(),
			// In 'view' a variation without a SKU shows its parent's.
			'own_sku'        => $product instanceof WC_Product ? (string) $product->get_sku( 'edit' ) : '',
		];
	}

	/** The user who paired may have left the shop since; the pairing is what gives the right. */
	private static function mayReadOrders(): Closure {
		return static fn ( mixed $may, mixed $context, mixed $id, mixed $type ): bool =>
			( 'read' === $context && 'shop_order' === $type ) || (bool) $may;
	}
}
