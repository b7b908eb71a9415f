<?php
/**
 * Finds the plugin's classes by their names, so that nothing from Composer is needed on a shop.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

spl_autoload_register(
	static function ( string $name ): void {
		if ( ! str_starts_with( $name, 'Tallyman\\' ) ) {
			return;
		}
		$file = __DIR__ . '/' . str_replace( '\\', '/', substr( $name, strlen( 'Tallyman\\' ) ) ) . '.php';
		if ( is_file( $file ) ) {
			require $file;
		}
	}
);
