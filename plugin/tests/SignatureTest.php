<?php
/**
 * The plugin and the sidecar sign alike.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use PHPUnit\Framework\TestCase;
use Tallyman\Sidecar\Signature;

final class SignatureTest extends TestCase {

	private const VECTORS = __DIR__ . '/../../sidecar/test/vectors/signature.json';

	/** @return array<string, array{array<string, mixed>}> */
	public static function vectors(): array {
		$file = json_decode( (string) file_get_contents( self::VECTORS ), true );
		return array_column( array_map( static fn ( array $vector ): array => [ $vector['name'], [ $vector ] ], $file['vectors'] ), 1, 0 );
	}

	/**
	 * @dataProvider vectors
	 * @param array<string, mixed> $vector
	 */
	public function test_the_shared_vectors_are_judged_alike( array $vector ): void {
		$verdict = Signature::judge( $vector['id'], (string) $vector['timestamp'], $vector['body'], $vector['signature'], $vector['secrets'], $vector['now'] );
		self::assertSame( $vector['verdict'], $verdict->value );
	}

	/**
	 * @dataProvider vectors
	 * @param array<string, mixed> $vector
	 */
	public function test_the_shared_vectors_are_signed_alike( array $vector ): void {
		if ( null === $vector['signedWith'] ) {
			$this->expectNotToPerformAssertions();
			return;
		}
		self::assertSame( $vector['signature'], Signature::of( $vector['id'], $vector['timestamp'], $vector['body'], $vector['signedWith'] ) );
	}

	public function test_both_sides_allow_clocks_to_be_equally_far_apart(): void {
		$file = json_decode( (string) file_get_contents( self::VECTORS ), true );
		self::assertSame( $file['toleranceSeconds'], Signature::TOLERANCE_SECONDS );
	}

	public function test_without_a_pairing_no_signature_is_right(): void {
		self::assertSame( 'wrong', Signature::judge( 'msg_1', '1790000000', '', Signature::of( 'msg_1', 1790000000, '', '' ), [], 1790000000 )->value );
	}
}
