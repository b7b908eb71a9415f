<?php
/**
 * The screen under WooCommerce → Tallyman.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Admin;

use Tallyman\CloneGuard;
use Tallyman\Rest\Rights;
use Tallyman\Settings;
use Tallyman\Site;
use Automattic\WooCommerce\Utilities\OrderUtil;

use const Tallyman\PLUGIN_FILE;
use const Tallyman\VERSION;

/** Prints an empty place; the script fills it. No call leaves the shop while the page is made. */
final class Page {

	public const SLUG = 'tallyman';

	private const HANDLE = 'tallyman-screen';

	private string $hook = '';

	public function __construct(
		private readonly Settings $settings,
		private readonly Site $site,
		private readonly CloneGuard $cloneGuard,
	) {}

	public static function url( string $query = '' ): string {
		return admin_url( 'admin.php?page=' . self::SLUG . $query );
	}

	public function addToMenu(): void {
		$this->hook = (string) add_submenu_page(
			'woocommerce',
			__( 'Tallyman', 'tallyman' ),
			__( 'Tallyman', 'tallyman' ),
			Rights::mayManage() ? 'manage_tallyman' : 'view_tallyman',
			self::SLUG,
			[ $this, 'draw' ]
		);
	}

	/** WooCommerce sends everybody without a role in the shop or the blog away from wp-admin. */
	public function letViewersIn( mixed $isPrevented ): bool {
		return (bool) $isPrevented && ! Rights::mayView();
	}

	public function draw(): void {
		echo '<div class="wrap"><h1 class="screen-reader-text">' . esc_html__( 'Tallyman', 'tallyman' ) . '</h1><hr class="wp-header-end" />';
		echo '<div id="tallyman-root">';
		if ( is_file( self::asset( 'index.asset.php' ) ) ) {
			echo '<noscript>' . esc_html__( 'This screen needs JavaScript. Orders go to the warehouse without it.', 'tallyman' ) . '</noscript>';
		} else {
			echo '<p>' . esc_html__( 'The screen has not been built. Run "npm run build" in the project, or install the plugin from its zip file. Orders go to the warehouse without it.', 'tallyman' ) . '</p>';
		}
		echo '</div></div>';
	}

	public function enqueue( mixed $hook ): void {
		if ( '' === $this->hook || $hook !== $this->hook || ! is_file( self::asset( 'index.asset.php' ) ) ) {
			return;
		}
		/** @var array{dependencies: list<non-empty-string>, version: string} $asset */
		$asset = require self::asset( 'index.asset.php' );
		wp_enqueue_script( self::HANDLE, plugins_url( 'build/index.js', PLUGIN_FILE ), $asset['dependencies'], $asset['version'], true );
		wp_set_script_translations( self::HANDLE, 'tallyman', dirname( PLUGIN_FILE ) . '/languages' );
		wp_add_inline_script( self::HANDLE, 'window.tallymanSettings = ' . wp_json_encode( $this->data() ) . ';', 'before' );
		foreach ( [ 'index.css', 'style-index.css' ] as $style ) {
			if ( is_file( self::asset( $style ) ) ) {
				wp_enqueue_style( self::HANDLE . "-$style", plugins_url( "build/$style", PLUGIN_FILE ), [ 'wp-components' ], $asset['version'] );
				wp_style_add_data( self::HANDLE . "-$style", 'rtl', 'replace' );
			}
		}
	}

	/** @return array<string, mixed> Who looks and where the sidecar is; never how the queue is. */
	private function data(): array {
		$pairing = $this->settings->pairing();
		return [
			'restUrl'            => rest_url(),
			'nonce'              => wp_create_nonce( 'wp_rest' ),
			'canView'            => Rights::mayView(),
			'canManage'          => Rights::mayManage(),
			'paired'             => null !== $pairing,
			'sidecarUrl'         => $pairing->sidecarUrl ?? '',
			'storeCode'          => $pairing->storeCode ?? '',
			'siteName'           => wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES ),
			'suggestedStoreCode' => $this->suggestedStoreCode(),
			'isCopy'             => $this->cloneGuard->isCopy(),
			'pluginVersion'      => VERSION,
			'pageUrl'            => self::url(),
			'orderEditUrl'       => OrderUtil::custom_orders_table_usage_is_enabled()
				? admin_url( 'admin.php?page=wc-orders&action=edit&id=%d' )
				: admin_url( 'post.php?action=edit&post=%d' ),
			'locale'             => get_user_locale(),
			'siteLocale'         => get_locale(),
		];
	}

	/** @return string "OAKLINEN" for oak-linen.example: short, because it stands in front of every order number there. */
	private function suggestedStoreCode(): string {
		$host  = (string) wp_parse_url( $this->site->address(), PHP_URL_HOST );
		$names = explode( '.', (string) preg_replace( '/^www\./', '', $host ) );
		$code  = strtoupper( substr( (string) preg_replace( '/[^a-z0-9]/i', '', $names[0] ), 0, 8 ) );
		return ctype_digit( $code ) || '' === $code ? 'SHOP' : $code;
	}

	private static function asset( string $file ): string {
		return dirname( PLUGIN_FILE ) . "/build/$file";
	}
}
