<?php
/**
 * Who asks: WooCommerce's keys, by OAuth 1.0a over HTTP and by Basic over HTTPS.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

add_filter( 'determine_current_user', 'standin_user_of_key', 15 );
add_filter( 'rest_authentication_errors', static fn( $error ) => $error ?? ( $GLOBALS['standin_key_error'] ?? null ), 15 );

function standin_user_of_key( mixed $user_id ): mixed {
	if ( $user_id || ! str_contains( $_SERVER['REQUEST_URI'] ?? '', 'wp-json/wc/' ) ) {
		return $user_id;
	}
	$name = is_ssl() ? ( $_SERVER['PHP_AUTH_USER'] ?? $_GET['consumer_key'] ?? '' ) : ( $_GET['oauth_consumer_key'] ?? '' );
	if ( '' === $name ) {
		return $user_id;
	}
	$key     = standin_key( (string) $name );
	$refusal = null === $key ? 'Consumer key is invalid.' : standin_refusal( $key );
	if ( null !== $refusal ) {
		$GLOBALS['standin_key_error'] = new WP_Error( 'woocommerce_rest_authentication_error', $refusal, [ 'status' => 401 ] );
		return $user_id;
	}
	return (int) $key->user_id;
}

function standin_key( string $name ): ?object {
	global $wpdb;
	$sql = "SELECT * FROM {$wpdb->prefix}woocommerce_api_keys WHERE consumer_key = %s";
	return $wpdb->get_row( $wpdb->prepare( $sql, wc_api_hash( $name ) ) );
}

function standin_refusal( object $key ): ?string {
	$writes = ! in_array( $_SERVER['REQUEST_METHOD'] ?? 'GET', [ 'GET', 'HEAD', 'OPTIONS' ], true );
	if ( $writes && ! str_contains( $key->permissions, 'write' ) ) {
		return 'The API key provided does not have write permissions.';
	}
	if ( is_ssl() ) {
		$secret = $_SERVER['PHP_AUTH_PW'] ?? $_GET['consumer_secret'] ?? '';
		return hash_equals( $key->consumer_secret, (string) $secret ) ? null : 'Consumer secret is invalid.';
	}
	if ( abs( time() - (int) ( $_GET['oauth_timestamp'] ?? 0 ) ) > 15 * MINUTE_IN_SECONDS ) {
		return 'Invalid timestamp.';
	}
	return hash_equals( standin_signature( $key->consumer_secret ), (string) ( $_GET['oauth_signature'] ?? '' ) )
		? standin_used_nonce( $key )
		: 'Invalid signature - provided signature does not match.';
}

function standin_signature( string $secret ): string {
	$given = wp_unslash( $_GET );
	unset( $given['oauth_signature'], $given['rest_route'] );
	$pairs = standin_pairs( $given );
	sort( $pairs, SORT_STRING );
	$address = home_url() . strtok( $_SERVER['REQUEST_URI'], '?' );
	$text    = $_SERVER['REQUEST_METHOD'] . '&' . rawurlencode( $address ) . '&' . implode( '%26', $pairs );
	$method  = 'HMAC-SHA1' === ( $given['oauth_signature_method'] ?? '' ) ? 'sha1' : 'sha256';
	return base64_encode( hash_hmac( $method, $text, "$secret&", true ) );
}

/** @return list<string> Name and value, each percent-encoded twice over. */
function standin_pairs( array $given, string $prefix = '' ): array {
	$pairs = [];
	foreach ( $given as $name => $value ) {
		$full  = '' === $prefix ? (string) $name : "{$prefix}[$name]";
		$pairs = array_merge( $pairs, is_array( $value ) ? standin_pairs( $value, $full ) : [ rawurlencode( rawurlencode( $full ) . '=' . rawurlencode( (string) $value ) ) ] );
	}
	return $pairs;
}

function standin_used_nonce( object $key ): ?string {
	global $wpdb;
	$nonce = (string) ( $_GET['oauth_nonce'] ?? '' );
	$used  = array_filter( (array) json_decode( (string) $key->nonces, true ), static fn( $at ) => $at > time() - 15 * MINUTE_IN_SECONDS );
	if ( isset( $used[ $nonce ] ) ) {
		return 'Invalid nonce - nonce has already been used.';
	}
	$used[ $nonce ] = time();
	$wpdb->update( "{$wpdb->prefix}woocommerce_api_keys", [ 'nonces' => wp_json_encode( $used ) ], [ 'key_id' => $key->key_id ] );
	return null;
}
