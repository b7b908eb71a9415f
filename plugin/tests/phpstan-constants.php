<?php
/**
 * What WordPress defines while it starts, for the static analysis, which does not start it.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

define( 'ABSPATH', '/' );
define( 'DB_NAME', '' );
define( 'ARRAY_A', 'ARRAY_A' );
define( 'MINUTE_IN_SECONDS', 60 );
define( 'DAY_IN_SECONDS', 86400 );
