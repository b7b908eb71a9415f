<?php
/**
 * Creates orders and measures each save, every second one without Tallyman's hooks: in turns within one process, because
 * two processes differ by more than what is looked for.
 *
 * @package Tallyman
 */

declare(strict_types=1);

return static function ( array $args ): array {
	$with    = $GLOBALS['wp_filter'];
	$without = array();
	$removed = 0;
	foreach ( $with as $name => $hook ) {
		$without[ $name ] = clone $hook;
		foreach ( $hook->callbacks as $priority => $callbacks ) {
			foreach ( $callbacks as $callback ) {
				if ( tallyman_bench_is_ours( $callback['function'] ) ) {
					$without[ $name ]->remove_filter( $name, $callback['function'], $priority );
					++$removed;
				}
			}
		}
	}
	$calls   = 0;
	$count   = static function ( $answer ) use ( &$calls ) {
		++$calls;
		return $answer;
	};
	$product = wc_get_product( $args['product'] );
	$taken   = array(
		'with'    => array(),
		'without' => array(),
	);
	for ( $turn = 0; $turn < 2 * $args['orders']; ++$turn ) {
		$way                  = 0 === $turn % 2 ? 'with' : 'without';
		$GLOBALS['wp_filter'] = 'with' === $way ? $with : $without;
		add_filter( 'pre_http_request', $count );
		$order = new WC_Order();
		$order->set_billing_first_name( 'Ada' );
		$order->add_product( $product, 1 );
		$order->calculate_totals( false );
		$started = hrtime( true );
		$order->save();
		$taken[ $way ][] = ( hrtime( true ) - $started ) / 1e6;
	}
	$GLOBALS['wp_filter'] = $with;
	return array(
		'with'    => $taken['with'],
		'without' => $taken['without'],
		'calls'   => $calls,
		'removed' => $removed,
	);
};

/**
 * Whether a callback is a part of the plugin.
 *
 * @param mixed $callback As it stands in a hook.
 */
function tallyman_bench_is_ours( $callback ): bool {
	$owner = is_array( $callback ) ? $callback[0] : $callback;
	if ( $owner instanceof Closure ) {
		$scope = ( new ReflectionFunction( $owner ) )->getClosureScopeClass();
		return null !== $scope && str_starts_with( $scope->getName(), 'Tallyman\\' );
	}
	$class = is_object( $owner ) ? get_class( $owner ) : (string) ( is_string( $owner ) ? $owner : '' );
	return str_starts_with( $class, 'Tallyman\\' );
}
