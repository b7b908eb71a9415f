<?php
/**
 * Who may do what.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Rest;

use WP_REST_Request;

/** Looking needs `view_tallyman`, everything else `manage_tallyman`. WordPress has checked the nonce before it asks. */
final class Rights {

	/** @param WP_REST_Request<array<string, mixed>> $request */
	public static function check( WP_REST_Request $request ): bool {
		return 'GET' === $request->get_method() ? self::mayView() : self::mayManage();
	}

	public static function mayView(): bool {
		return current_user_can( 'view_tallyman' ) || self::mayManage();
	}

	public static function mayManage(): bool {
		return current_user_can( 'manage_tallyman' );
	}
}
