<?php
/**
 * Runs a piece of PHP inside the shop and prints what it returns, as JSON, after a marker.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

$_SERVER['HTTP_HOST']   = '127.0.0.1';
$_SERVER['REQUEST_URI'] = '/';

require $argv[1] . '/wp-load.php';

$tallyman_input  = json_decode( stream_get_contents( STDIN ), true, 64, JSON_THROW_ON_ERROR );
$tallyman_result = ( static function ( array $args, string $code ) {
	// phpcs:ignore Squiz.PHP.Eval.Discouraged -- The caller is a test on this machine.
	return str_ends_with( $code, '.php' ) ? ( require $code )( $args ) : eval( $code );
} )( $tallyman_input['args'], $tallyman_input['code'] );

echo "\n#result#" . wp_json_encode( $tallyman_result );
