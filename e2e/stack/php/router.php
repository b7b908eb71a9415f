<?php
/**
 * What .htaccess does elsewhere: files are served as they are, everything else goes to WordPress.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

$tallyman_path = rawurldecode( (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
$tallyman_file = $_SERVER['DOCUMENT_ROOT'] . $tallyman_path;

if ( '/' !== $tallyman_path && ! str_contains( $tallyman_path, '..' ) ) {
	if ( is_file( $tallyman_file ) ) {
		return false;
	}
	if ( is_dir( $tallyman_file ) && is_file( rtrim( $tallyman_file, '/' ) . '/index.php' ) ) {
		if ( str_ends_with( $tallyman_path, '/' ) ) {
			return false;
		}
		header( "Location: $tallyman_path/", true, 301 );
		return true;
	}
}

// WordPress reads its own folder out of these.
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF']    = '/index.php';
chdir( $_SERVER['DOCUMENT_ROOT'] );
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
