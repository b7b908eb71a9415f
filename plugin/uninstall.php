<?php
/**
 * Leaves nothing behind, on any site of a network.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

// WordPress calls this file; nobody else may.
if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
	exit;
}

require_once __DIR__ . '/src/autoload.php';

Tallyman\Install::uninstall();
