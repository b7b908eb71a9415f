<?php
/**
 * Where orders, refunds and products are: one table, a JSON document a row.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

function standin_table(): string {
	return $GLOBALS['wpdb']->prefix . 'standin_records';
}

function standin_install(): void {
	global $wpdb;
	$collate = $wpdb->get_charset_collate();
	$table   = standin_table();
	$wpdb->query(
		"CREATE TABLE IF NOT EXISTS $table (
			id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
			type varchar(20) NOT NULL,
			parent_id bigint unsigned NOT NULL DEFAULT 0,
			status varchar(20) NOT NULL DEFAULT '',
			created_gmt datetime NULL,
			modified_gmt datetime NULL,
			document longtext NOT NULL,
			KEY type (type, status, modified_gmt),
			KEY parent_id (parent_id)
		) $collate"
	);
	$wpdb->query(
		"CREATE TABLE IF NOT EXISTS {$wpdb->prefix}woocommerce_api_keys (
			key_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
			user_id bigint unsigned NOT NULL,
			description varchar(200) NULL,
			permissions varchar(10) NOT NULL,
			consumer_key char(64) NOT NULL,
			consumer_secret char(43) NOT NULL,
			nonces longtext NULL,
			truncated_key char(7) NOT NULL,
			last_access datetime NULL,
			KEY consumer_key (consumer_key)
		) $collate"
	);
	standin_roles();
	update_option( 'woocommerce_version', WC_VERSION );
}

function standin_roles(): void {
	$rights = [ 'manage_woocommerce', 'view_woocommerce_reports', 'edit_shop_orders', 'read_private_shop_orders', 'edit_products' ];
	add_role( 'customer', 'Customer', [ 'read' => true ] );
	add_role( 'shop_manager', 'Shop manager', [ 'read' => true ] );
	foreach ( [ 'administrator', 'shop_manager' ] as $role ) {
		foreach ( $rights as $right ) {
			get_role( $role )?->add_cap( $right );
		}
	}
}

/** @param array<string, mixed> $row */
function standin_write( int $id, array $row ): int {
	global $wpdb;
	if ( 0 === $id ) {
		$wpdb->insert( standin_table(), $row );
		return (int) $wpdb->insert_id;
	}
	$wpdb->update( standin_table(), $row, [ 'id' => $id ] );
	return $id;
}

/** @return array<string, mixed>|null */
function standin_read( int $id ): ?array {
	global $wpdb;
	$row = $wpdb->get_row( $wpdb->prepare( 'SELECT * FROM ' . standin_table() . ' WHERE id = %d', $id ), ARRAY_A );
	return $row ?: null;
}

function standin_delete( int $id ): void {
	$GLOBALS['wpdb']->delete( standin_table(), [ 'id' => $id ] );
}

/** @return list<array<string, mixed>> */
function standin_children( string $type, int $parent ): array {
	global $wpdb;
	$sql = 'SELECT * FROM ' . standin_table() . ' WHERE type = %s AND parent_id = %d ORDER BY id DESC';
	return $wpdb->get_results( $wpdb->prepare( $sql, $type, $parent ), ARRAY_A );
}
