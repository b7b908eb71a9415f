<?php
/**
 * Someone says what a copy of the shop is.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Admin;

use Tallyman\PairingDesk;
use Tallyman\Rest\Rights;
use Tallyman\Settings;
use Tallyman\Site;

/**
 * The sidecar is never told: with the shop's own secret a copy could speak in its name. A shop that really moved is
 * paired again with a new code, which only the sidecar's owner can make.
 */
final class CopyChoice {

	public const MOVED  = 'moved';
	public const COPY   = 'copy';
	public const UNPAIR = 'unpair';

	public function __construct(
		private readonly PairingDesk $desk,
		private readonly Settings $settings,
		private readonly Site $site,
	) {}

	public function take(): void {
		check_admin_referer( 'tallyman_copy' );
		if ( ! Rights::mayManage() ) {
			wp_die( esc_html__( 'You may not decide this.', 'tallyman' ), '', [ 'response' => 403 ] );
		}
		$choice = isset( $_POST['choice'] ) ? sanitize_key( $_POST['choice'] ) : '';
		$this->settle( $choice );
		wp_safe_redirect( self::COPY === $choice ? admin_url() : Page::url() );
		exit;
	}

	public function settle( string $choice ): void {
		if ( self::COPY === $choice ) {
			$this->settings->knowCopy( $this->site->hash() );
		}
		if ( self::UNPAIR === $choice ) {
			$this->desk->unpair();
		}
	}
}
