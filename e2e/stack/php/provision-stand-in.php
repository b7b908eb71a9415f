<?php
/**
 * Fills a shop on the stand-in with the products and people of provision.php. Answers the same catalogue.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

return static function ( array $args ): array {
	standin_install();
	update_option( 'woocommerce_currency', 'EUR' );
	$users = [];
	foreach ( [ 'clerk' => 'shop_manager', 'reader' => 'subscriber', 'customer' => 'customer' ] as $login => $role ) {
		$user_email      = "$login@example.test";
		$users[ $login ] = wp_insert_user( [ 'user_login' => $login, 'user_pass' => $args['password'] ] + compact( 'user_email', 'role' ) );
	}

	$goods   = static function ( WC_Product $product, string $name, string $sku, string $price ): int {
		$product->set_props( compact( 'name', 'sku' ) + [ 'regular_price' => $price, 'manage_stock' => true, 'stock_quantity' => 10000 ] );
		return $product->save();
	};
	$cushion = $goods( new WC_Product_Variable(), 'Linen cushion', 'LINEN-CUSHION', '24.50' );
	$colour  = static function ( string $colour, string $sku ) use ( $goods, $cushion ): int {
		$variation = new WC_Product_Variation();
		$variation->set_parent_id( $cushion );
		return $goods( $variation, "Linen cushion - $colour", $sku, '24.50' );
	};
	$card    = new WC_Product_Simple();
	$card->set_props( [ 'name' => 'Gift card', 'sku' => 'GIFT-CARD', 'regular_price' => '25.00', 'virtual' => true ] );

	flush_rewrite_rules( false );
	return [
		'products' => [
			'oakChair'    => $goods( new WC_Product_Simple(), 'Oak chair', 'OAK-CHAIR', '89.00' ),
			'pineTable'   => $goods( new WC_Product_Simple(), 'Pine table', 'PINE-TABLE', '249.00' ),
			'woolRug'     => $goods( new WC_Product_Simple(), 'Wool rug', 'WOOL-RUG', '129.50' ),
			'cushion'     => $cushion,
			'cushionSand' => $colour( 'Sand', 'LINEN-CUSHION-SAND' ),
			'cushionMoss' => $colour( 'Moss', '' ),
			'giftCard'    => $card->save(),
		],
		'pages'    => [ 'checkout' => 0, 'classicCart' => 0, 'classicCheckout' => 0 ],
		'users'    => $users,
	];
};
