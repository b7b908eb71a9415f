<?php
/**
 * Turns a WordPress with a fresh WooCommerce into the shop of the tests. Answers its catalogue: names and ids.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

return static function ( array $args ): array {
	if ( ! get_option( 'woocommerce_version' ) ) {
		WC_Install::install();
	}
	wp_set_current_user( 1 );

	tallyman_e2e_settings();
	tallyman_e2e_quiet();
	tallyman_e2e_shipping();
	$users    = tallyman_e2e_users( $args['password'] );
	$products = tallyman_e2e_products();
	$pages    = tallyman_e2e_pages();

	// What WooCommerce put off at its installation would otherwise slow the first pages down.
	for ( $round = 0; $round < 3; $round++ ) {
		ActionScheduler_QueueRunner::instance()->run();
	}
	delete_option( 'woocommerce_queue_flush_rewrite_rules' );
	flush_rewrite_rules( false );

	return compact( 'products', 'pages', 'users' );
};

function tallyman_e2e_settings(): void {
	$options = [
		'woocommerce_currency'                 => 'EUR',
		'woocommerce_default_country'          => 'NL',
		'woocommerce_store_address'            => 'Keizersgracht 1',
		'woocommerce_store_city'               => 'Amsterdam',
		'woocommerce_store_postcode'           => '1015 CN',
		'woocommerce_price_thousand_sep'       => '.',
		'woocommerce_price_decimal_sep'        => ',',
		'woocommerce_calc_taxes'               => 'no',
		'woocommerce_enable_guest_checkout'    => 'yes',
		'woocommerce_enable_signup_and_login_from_checkout' => 'no',
		'woocommerce_enable_checkout_login_reminder' => 'no',
		'woocommerce_checkout_phone_field'     => 'optional',
		'woocommerce_ship_to_countries'        => '',
		'woocommerce_allowed_countries'        => 'all',
		'woocommerce_notify_low_stock'         => 'no',
	];
	foreach ( $options as $name => $value ) {
		update_option( $name, $value );
	}
	foreach ( [ 'cod', 'cheque', 'bacs' ] as $gateway ) {
		$settings = (array) get_option( "woocommerce_{$gateway}_settings", [] );
		update_option( "woocommerce_{$gateway}_settings", [ 'enabled' => 'yes' ] + $settings );
	}
}

/** No wizard, no tour, no tracking, no "coming soon" in front of the shop. */
function tallyman_e2e_quiet(): void {
	$options = [
		'woocommerce_coming_soon'                  => 'no',
		'woocommerce_store_pages_only'             => 'no',
		'woocommerce_allow_tracking'               => 'no',
		'woocommerce_show_marketplace_suggestions' => 'no',
		'woocommerce_merchant_email_notifications' => 'no',
		'woocommerce_task_list_hidden'             => 'yes',
		'woocommerce_task_list_hidden_lists'       => [ 'setup', 'extended', 'secret_tasklist' ],
		'woocommerce_onboarding_profile'           => [
			'skipped'   => true,
			'completed' => true,
		],
		'woocommerce_task_list_welcome_modal_dismissed' => 'yes',
		'woocommerce_admin_dismissed_store_setup_notice' => 'yes',
	];
	foreach ( $options as $name => $value ) {
		update_option( $name, $value );
	}
	delete_transient( '_wc_activation_redirect' );
	WC_Admin_Notices::remove_all_notices();
	update_user_meta( 1, 'show_welcome_panel', 0 );
}

function tallyman_e2e_shipping(): void {
	$zone = new WC_Shipping_Zone();
	$zone->set_zone_name( 'Benelux and Germany' );
	foreach ( [ 'NL', 'BE', 'LU', 'DE' ] as $country ) {
		$zone->add_location( $country, 'country' );
	}
	$zone->save();
	$instance = $zone->add_shipping_method( 'flat_rate' );
	update_option(
		"woocommerce_flat_rate_{$instance}_settings",
		[
			'title'      => 'Parcel',
			'tax_status' => 'none',
			'cost'       => '4.95',
		]
	);
}

function tallyman_e2e_users( string $password ): array {
	$users = [];
	$roles = [
		'clerk'    => 'shop_manager',
		'reader'   => 'subscriber',
		'customer' => 'customer',
	];
	foreach ( $roles as $login => $role ) {
		$users[ $login ] = wp_insert_user(
			[
				'user_login' => $login,
				'user_pass'  => $password,
				'user_email' => "$login@example.test",
				'role'       => $role,
			]
		);
	}
	return $users;
}

function tallyman_e2e_products(): array {
	$cushion = tallyman_e2e_cushion();
	return [
		'oakChair'    => tallyman_e2e_stocked( new WC_Product_Simple(), 'Oak chair', 'OAK-CHAIR', '89.00' ),
		'pineTable'   => tallyman_e2e_stocked( new WC_Product_Simple(), 'Pine table', 'PINE-TABLE', '249.00' ),
		'woolRug'     => tallyman_e2e_stocked( new WC_Product_Simple(), 'Wool rug', 'WOOL-RUG', '129.50' ),
		'cushion'     => $cushion,
		'cushionSand' => tallyman_e2e_variation( $cushion, 'Sand', 'LINEN-CUSHION-SAND' ),
		'cushionMoss' => tallyman_e2e_variation( $cushion, 'Moss', '' ),
		'giftCard'    => tallyman_e2e_gift_card(),
	];
}

function tallyman_e2e_stocked( WC_Product $product, string $name, string $sku, string $price ): int {
	$product->set_props(
		[
			'name'           => $name,
			'sku'            => $sku,
			'regular_price'  => $price,
			'weight'         => '4',
			'manage_stock'   => true,
			'stock_quantity' => 10000,
			'status'         => 'publish',
		]
	);
	return $product->save();
}

function tallyman_e2e_cushion(): int {
	$colour = new WC_Product_Attribute();
	$colour->set_name( 'Colour' );
	$colour->set_options( [ 'Sand', 'Moss' ] );
	$colour->set_variation( true );
	$colour->set_visible( true );

	$cushion = new WC_Product_Variable();
	$cushion->set_props(
		[
			'name'   => 'Linen cushion',
			'sku'    => 'LINEN-CUSHION',
			'status' => 'publish',
		]
	);
	$cushion->set_attributes( [ $colour ] );
	return $cushion->save();
}

function tallyman_e2e_variation( int $parent, string $colour, string $sku ): int {
	$variation = new WC_Product_Variation();
	$variation->set_parent_id( $parent );
	$variation->set_attributes( [ 'colour' => $colour ] );
	return tallyman_e2e_stocked( $variation, "Linen cushion, $colour", $sku, '24.50' );
}

function tallyman_e2e_gift_card(): int {
	$card = new WC_Product_Simple();
	$card->set_props(
		[
			'name'          => 'Gift card',
			'sku'           => 'GIFT-CARD',
			'regular_price' => '25.00',
			'virtual'       => true,
			'status'        => 'publish',
		]
	);
	return $card->save();
}

/** WooCommerce makes the block pages by itself; the classic ones are beside them, for shops that kept theirs. */
function tallyman_e2e_pages(): array {
	return [
		'checkout'        => wc_get_page_id( 'checkout' ),
		'classicCart'     => tallyman_e2e_page( 'classic-cart', '[woocommerce_cart]' ),
		'classicCheckout' => tallyman_e2e_page( 'classic-checkout', '[woocommerce_checkout]' ),
	];
}

function tallyman_e2e_page( string $slug, string $shortcode ): int {
	return wp_insert_post(
		[
			'post_type'    => 'page',
			'post_status'  => 'publish',
			'post_name'    => $slug,
			'post_title'   => ucfirst( str_replace( '-', ' ', $slug ) ),
			'post_content' => "<!-- wp:shortcode -->$shortcode<!-- /wp:shortcode -->",
		]
	);
}
