<?php
/**
 * Every hook of the plugin.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

use Automattic\WooCommerce\Utilities\FeaturesUtil;
use Tallyman\Admin\Notices;
use Tallyman\Admin\OrderMetaBox;
use Tallyman\Admin\Page;
use Tallyman\Outbox\LastNet;

/** What listens to what, on one screen; how the parts are put together is in {@see Parts}. */
final class Plugin {

	private static ?Parts $parts = null;

	public static function parts(): Parts {
		return self::$parts ??= new Parts();
	}

	public static function boot(): void {
		$missing = Floors::missing( get_bloginfo( 'version' ), defined( 'WC_VERSION' ) ? WC_VERSION : null );
		if ( [] !== $missing ) {
			add_action( 'admin_notices', static fn () => Notices::missing( $missing ) );
			return;
		}
		$parts = self::parts();
		add_action( 'init', [ Install::class, 'catchUp' ] );
		self::record( $parts );
		self::handOver( $parts );
		self::guard( $parts );
		add_action( 'rest_api_init', static fn () => self::routes( $parts ) );
		add_action( 'admin_menu', static fn () => self::admin( $parts ), 60 );
	}

	public static function declareFeatures(): void {
		FeaturesUtil::declare_compatibility( 'custom_order_tables', PLUGIN_FILE );
		FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', PLUGIN_FILE );
	}

	/** Early, so that the row is there even when a later listener breaks off the request. */
	private static function record( Parts $parts ): void {
		$orders = $parts->orderEvents;
		add_action( 'woocommerce_new_order', [ $orders, 'created' ], 1, 2 );
		add_action( 'woocommerce_update_order', [ $orders, 'updated' ], 1, 2 );
		add_action( 'woocommerce_after_order_object_save', [ $orders, 'saved' ], 1 );
		add_action( 'woocommerce_order_status_changed', [ $orders, 'statusChanged' ], 1, 4 );
		add_action( 'woocommerce_trash_order', [ $orders, 'trashed' ], 1 );
		add_action( 'woocommerce_untrash_order', [ $orders, 'untrashing' ], 1 );
		add_action( 'woocommerce_before_delete_order', [ $orders, 'deleting' ], 1, 2 );
		add_action( 'woocommerce_delete_order', [ $orders, 'deleted' ], 1 );
		add_action( 'woocommerce_order_refunded', [ $orders, 'refunded' ], 1 );
		add_action( 'woocommerce_refund_deleted', [ $orders, 'refundDeleted' ], 1, 2 );
		add_filter( 'woocommerce_pre_delete_order_refund', [ $orders, 'refundDeleting' ], 1, 2 );
		add_action( 'woocommerce_new_order_item', [ $orders, 'itemSaved' ], 1, 3 );
		add_action( 'woocommerce_update_order_item', [ $orders, 'itemSaved' ], 1, 3 );
		add_action( 'woocommerce_before_delete_order_item', [ $orders, 'itemDeleting' ], 1 );
		add_action( 'trashed_post', [ $orders, 'postTrashed' ], 1 );
		add_action( 'untrashed_post', [ $orders, 'postUntrashed' ], 1 );
		add_action( 'before_delete_post', [ $orders, 'postDeleting' ], 1, 2 );
		add_action( 'deleted_post', [ $orders, 'postDeleted' ], 1, 2 );
	}

	private static function handOver( Parts $parts ): void {
		// Last, because the visitor's connection is closed there.
		add_action( 'shutdown', static fn () => $parts->dispatcher()->atShutdown(), PHP_INT_MAX );
		// A runner of scheduled actions can live for hours.
		add_action( 'action_scheduler_after_execute', [ $parts->recorder, 'settle' ], 1, 0 );
		add_action( LastNet::HOOK, static fn () => $parts->dispatcher()->asLastNet() );
		add_action( 'wp_scheduled_delete', static fn () => $parts->housekeeping()->daily() );
	}

	private static function guard( Parts $parts ): void {
		add_filter( 'rest_pre_dispatch', [ $parts->cloneGuard, 'refuseWrites' ], 1, 3 );
		add_filter( 'rest_request_before_callbacks', [ $parts->pairedKey, 'beforeRead' ], 1, 3 );
		add_filter( 'rest_request_after_callbacks', [ $parts->pairedKey, 'afterRead' ], PHP_INT_MAX, 3 );
		add_filter( 'woocommerce_rest_prepare_shop_order_object', [ $parts->orders, 'addTallyman' ], PHP_INT_MAX, 2 );
	}

	private static function routes( Parts $parts ): void {
		$parts->outboxRoutes()->register();
		$parts->alertRoutes()->register();
		$parts->settingsRoutes()->register();
		$parts->sidecarProxy()->register();
	}

	/** On `admin_menu`: nothing of the screen is loaded for anybody else. */
	private static function admin( Parts $parts ): void {
		$page = new Page( $parts->settings, $parts->site, $parts->cloneGuard );
		$page->addToMenu();
		add_action( 'admin_enqueue_scripts', [ $page, 'enqueue' ] );
		add_filter( 'woocommerce_prevent_admin_access', [ $page, 'letViewersIn' ] );

		$box = new OrderMetaBox( $parts->settings, $parts->outbox );
		add_action( 'add_meta_boxes', [ $box, 'add' ], 10, 2 );

		$notices = new Notices( $parts->settings, $parts->site, $parts->cloneGuard, $parts->outbox, $parts->alertNotices(), $parts->now );
		add_action( 'admin_notices', [ $notices, 'show' ] );
		add_action( 'admin_post_tallyman_copy', [ new Admin\CopyChoice( $parts->desk(), $parts->settings, $parts->site ), 'take' ] );
	}
}
