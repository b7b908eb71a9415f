<?php
/**
 * Action Scheduler's functions on top of WP-Cron.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

function as_schedule_single_action( int $timestamp, string $hook, array $args = [], string $group = '', bool $unique = false ): int {
	if ( $unique && as_has_scheduled_action( $hook ) ) {
		return 0;
	}
	return wp_schedule_single_event( $timestamp, $hook, array_values( $args ) ) ? 1 : 0;
}

function as_enqueue_async_action( string $hook, array $args = [], string $group = '', bool $unique = false ): int {
	return as_schedule_single_action( time(), $hook, $args, $group, $unique );
}

function as_schedule_recurring_action( int $timestamp, int $seconds, string $hook, array $args = [] ): int {
	return as_schedule_single_action( $timestamp, $hook, $args );
}

function as_next_scheduled_action( string $hook, ?array $args = null, string $group = '' ): int|bool {
	foreach ( _get_cron_array() as $timestamp => $hooks ) {
		if ( isset( $hooks[ $hook ] ) ) {
			return (int) $timestamp;
		}
	}
	return false;
}

function as_has_scheduled_action( string $hook, ?array $args = null, string $group = '' ): bool {
	return false !== as_next_scheduled_action( $hook );
}

function as_unschedule_action( string $hook, array $args = [], string $group = '' ): ?int {
	wp_unschedule_hook( $hook );
	return null;
}

function as_unschedule_all_actions( string $hook, array $args = [], string $group = '' ): void {
	wp_unschedule_hook( $hook );
}
