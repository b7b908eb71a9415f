<?php
/**
 * What WooCommerce says about orders.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

use Automattic\WooCommerce\Utilities\OrderUtil;
use WC_Abstract_Order;
use WC_Order;
use WC_Order_Refund;
use WP_Post;

/** Each method is the answer to one hook; Plugin.php says which. They only tell the recorder which order it was. */
final class OrderEvents {

	public const KIND = 'order';

	/** Not orders yet: a cart at the checkout, or a form somebody has opened. */
	private const DRAFTS = [ 'checkout-draft', 'auto-draft', 'draft', 'new' ];

	/** @var array<int, true> Drafts and the like on their way out: once they are gone nobody can tell what they were. */
	private array $leaving = [];

	public function __construct( private readonly Recorder $recorder ) {}

	public function created( mixed $id, mixed $order = null ): void {
		if ( self::isWanted( $order instanceof WC_Order ? $order : wc_get_order( (int) $id ) ) ) {
			$this->recorder->created( self::KIND, (int) $id );
		}
	}

	/** Before the order's lines are saved; {@see self::saved()} follows when they are. */
	public function updated( mixed $id, mixed $order = null ): void {
		if ( self::isWanted( $order instanceof WC_Order ? $order : wc_get_order( (int) $id ) ) ) {
			$this->recorder->changed( self::KIND, (int) $id );
		}
	}

	/** Fires for every save, also for those WooCommerce does not call an update: leaving the trash is one. Entering it is told apart. */
	public function saved( mixed $order ): void {
		if ( ! $order instanceof WC_Order || 0 === $order->get_id() || 'trash' === $order->get_status( 'edit' ) ) {
			return;
		}
		if ( self::isWanted( $order ) ) {
			$this->recorder->changed( self::KIND, $order->get_id() );
		} else {
			$this->recorder->ignore( self::KIND, $order->get_id() );
		}
	}

	public function statusChanged( mixed $id, mixed $from, mixed $to, mixed $order = null ): void {
		$this->updated( $id, $order );
	}

	/** From here on its id is all that is known, and the order is there to be asked. */
	public function trashed( mixed $id ): void {
		if ( self::isWanted( wc_get_order( (int) $id ) ) ) {
			$this->recorder->trashed( self::KIND, (int) $id );
		}
	}

	/** Said before it happens, so it only marks. */
	public function untrashing( mixed $id ): void {
		$this->recorder->touched( self::KIND, (int) $id );
	}

	public function deleting( mixed $id, mixed $order = null ): void {
		if ( $order instanceof WC_Abstract_Order && ! self::isWanted( $order ) ) {
			$this->leaving[ (int) $id ] = true;
		}
	}

	public function deleted( mixed $id ): void {
		$this->recorder->ignore( self::KIND, (int) $id );
		if ( ! isset( $this->leaving[ (int) $id ] ) ) {
			$this->recorder->deleted( self::KIND, (int) $id );
		}
	}

	public function refunded( mixed $orderId ): void {
		$this->updated( $orderId );
	}

	public function refundDeleted( mixed $refundId, mixed $orderId ): void {
		$this->updated( $orderId );
	}

	/** The only thing every way of deleting a refund has in common; it is said before it happens. */
	public function refundDeleting( mixed $check, mixed $refund ): mixed {
		if ( $refund instanceof WC_Order_Refund ) {
			$this->recorder->touched( self::KIND, $refund->get_parent_id() );
		}
		return $check;
	}

	public function itemSaved( mixed $itemId, mixed $item = null, mixed $orderId = 0 ): void {
		$this->itemTouched( (int) $orderId ?: (int) wc_get_order_id_by_order_item_id( (int) $itemId ) );
	}

	public function itemDeleting( mixed $itemId ): void {
		$this->itemTouched( (int) wc_get_order_id_by_order_item_id( (int) $itemId ) );
	}

	/** Orders that are posts can be trashed and deleted as posts, past WooCommerce. */
	public function postTrashed( mixed $id ): void {
		if ( self::isOrderPost( get_post( (int) $id ) ) ) {
			$this->trashed( $id );
		}
	}

	public function postUntrashed( mixed $id ): void {
		if ( self::isOrderPost( get_post( (int) $id ) ) ) {
			$this->updated( $id );
		}
	}

	public function postDeleting( mixed $id, mixed $post ): void {
		if ( self::isOrderPost( $post ) && in_array( self::withoutPrefix( $post->post_status ), self::DRAFTS, true ) ) {
			$this->leaving[ (int) $id ] = true;
		}
	}

	public function postDeleted( mixed $id, mixed $post ): void {
		if ( self::isOrderPost( $post ) ) {
			$this->deleted( $id );
		}
	}

	/** @return bool Whether what happens to this order is a fact. */
	public static function isWanted( mixed $order ): bool {
		if ( ! $order instanceof WC_Order || 'shop_order' !== $order->get_type() ) {
			return false;
		}
		$isFact = ! in_array( $order->get_status( 'edit' ), self::DRAFTS, true );
		/**
		 * Whether changes of an order are recorded and handed over.
		 *
		 * It runs with every save: answer from the order alone, without queries. An order that is not recorded does not
		 * exist for Tallyman until the sidecar's own sweep of the store finds it.
		 *
		 * @param bool     $isFact False for drafts.
		 * @param WC_Order $order  The order.
		 */
		return (bool) apply_filters( 'tallyman_should_record_order', $isFact, $order );
	}

	private function itemTouched( int $orderId ): void {
		if ( $orderId > 0 ) {
			$this->recorder->touched( self::KIND, $orderId );
		}
	}

	/** @phpstan-assert-if-true WP_Post $post */
	private static function isOrderPost( mixed $post ): bool {
		// With orders in tables of their own, posts are placeholders and backups: what happens to them says nothing.
		return $post instanceof WP_Post && 'shop_order' === $post->post_type && ! OrderUtil::custom_orders_table_usage_is_enabled();
	}

	private static function withoutPrefix( string $status ): string {
		return str_starts_with( $status, 'wc-' ) ? substr( $status, 3 ) : $status;
	}
}
