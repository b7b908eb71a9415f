<?php
/**
 * The box on an order.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Admin;

use Tallyman\Outbox\OrderEvents;
use Tallyman\Outbox\Outbox;
use Tallyman\Rest\Rights;
use Tallyman\Settings;
use WC_Order;
use WP_Post;

use const Tallyman\PLUGIN_FILE;
use const Tallyman\VERSION;

/** Says at once what the shop itself knows, and has a script ask the sidecar for the rest once the page is there. */
final class OrderMetaBox {

	private const HANDLE = 'tallyman-order-box';

	public function __construct(
		private readonly Settings $settings,
		private readonly Outbox $outbox,
	) {}

	/** @param mixed $order A WC_Order, or its post where orders are posts. */
	public function add( mixed $screen, mixed $order ): void {
		if ( wc_get_page_screen_id( 'shop-order' ) !== $screen || ! Rights::mayView() || ! self::isThere( $order ) ) {
			return;
		}
		add_meta_box( 'tallyman', __( 'Tallyman', 'tallyman' ), [ $this, 'draw' ], $screen, 'side' );
		wp_enqueue_style( self::HANDLE, plugins_url( 'assets/order-box.css', PLUGIN_FILE ), [], VERSION );
		if ( null !== $this->settings->pairing() ) {
			wp_enqueue_script( self::HANDLE, plugins_url( 'assets/order-box.js', PLUGIN_FILE ), [ 'wp-api-fetch', 'wp-a11y', 'wp-i18n', 'wp-dom-ready' ], VERSION, true );
			wp_set_script_translations( self::HANDLE, 'tallyman', dirname( PLUGIN_FILE ) . '/languages' );
		}
	}

	public function draw( mixed $order ): void {
		$id = self::idOf( $order );
		if ( null === $this->settings->pairing() ) {
			$this->drawUnpaired();
			return;
		}
		$waitingSince = $this->outbox->waitingSince( OrderEvents::KIND, $id );
		printf(
			'<div class="tallyman-order-box" data-order="%d" data-number="%s" data-page="%s" data-may-manage="%s"><p class="tallyman-state">%s</p></div>',
			(int) $id,
			esc_attr( self::numberOf( $id ) ),
			esc_url( Page::url() ),
			Rights::mayManage() ? '1' : '',
			esc_html( null === $waitingSince ? __( 'Asking the sidecar …', 'tallyman' ) : __( 'Waiting to be handed over.', 'tallyman' ) )
		);
	}

	private function drawUnpaired(): void {
		echo '<p>' . esc_html__( 'This shop is not paired with a sidecar yet. Its orders stay here.', 'tallyman' ) . '</p>';
		if ( Rights::mayManage() ) {
			printf( '<p><a href="%s">%s</a></p>', esc_url( Page::url() ), esc_html__( 'Pair this shop', 'tallyman' ) );
		}
	}

	/** An order that is being written for the first time is nothing yet. */
	private static function isThere( mixed $order ): bool {
		return OrderEvents::isWanted( $order instanceof WC_Order ? $order : wc_get_order( self::idOf( $order ) ) );
	}

	private static function idOf( mixed $order ): int {
		return match ( true ) {
			$order instanceof WC_Order => $order->get_id(),
			$order instanceof WP_Post  => $order->ID,
			default                    => 0,
		};
	}

	private static function numberOf( int $id ): string {
		$order = wc_get_order( $id );
		return $order instanceof WC_Order ? $order->get_order_number() : (string) $id;
	}
}
