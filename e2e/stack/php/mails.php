<?php
/**
 * Keeps every mail of the shop in a file instead of sending it, one line of JSON a mail.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

add_filter(
	'pre_wp_mail',
	static function ( $sent, array $mail ): bool {
		$line = [
			'at'      => microtime( true ),
			'to'      => implode( ', ', (array) $mail['to'] ),
			'subject' => $mail['subject'],
			'body'    => $mail['message'],
		];
		file_put_contents( TALLYMAN_E2E_MAILS, wp_json_encode( $line ) . "\n", FILE_APPEND | LOCK_EX );
		return true;
	},
	10,
	2
);
