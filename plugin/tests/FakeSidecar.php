<?php
/**
 * A sidecar that remembers.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Tests;

use Tallyman\Sidecar\Signature;
use Tallyman\Sidecar\Verdict;
use WP_Error;

/** Stands where WordPress would open a connection. Down until it is told what to answer. */
final class FakeSidecar {

	public const URL    = 'http://127.0.0.1:7890';
	public const SECRET = 'whsec_OM4JIif8dM9KWJCe5Xj5pd8eylHlRZ00pDU0CmsGXwQ=';

	/** @var list<array{url: string, headers: array<string, string>, body: mixed, timeout: float, isSigned: bool}> */
	public array $calls = [];

	/** @var (callable(mixed): array{0: int, 1: mixed})|null */
	private $answers = null;

	private string $date = '';

	public function listen(): void {
		add_filter( 'pre_http_request', [ $this, 'take' ], 10, 3 );
	}

	/** @param callable(mixed): array{0: int, 1: mixed} $answers From the decoded body to status and body. */
	public function answer( callable $answers ): void {
		$this->answers = $answers;
	}

	public function acknowledgeEverything(): void {
		$this->answer(
			static fn ( object $batch ): array => [
				200,
				[
					'acknowledged' => array_column( $batch->rows, 'id' ),
					'now'          => '',
				],
			]
		);
	}

	public function setClock( int $at ): void {
		$this->date = gmdate( 'D, d M Y H:i:s \G\M\T', $at );
	}

	/** @param array<string, mixed> $args */
	public function take( mixed $earlier, array $args, string $url ): mixed {
		if ( ! str_starts_with( $url, self::URL ) ) {
			return $earlier;
		}
		$headers       = array_change_key_case( $args['headers'] );
		$this->calls[] = [
			'url'      => substr( $url, strlen( self::URL ) ),
			'headers'  => $headers,
			'body'     => json_decode( $args['body'] ),
			'timeout'  => (float) $args['timeout'],
			'isSigned' => Verdict::Valid === Signature::judge( $headers['webhook-id'] ?? '', $headers['webhook-timestamp'] ?? '', $args['body'], $headers['webhook-signature'] ?? '', [ self::SECRET ], (int) ( $headers['webhook-timestamp'] ?? 0 ) ),
		];
		if ( null === $this->answers ) {
			return new WP_Error( 'http_request_failed', 'Connection refused' );
		}
		[ $status, $body ] = ( $this->answers )( json_decode( $args['body'] ) );
		return [
			'headers'  => array_filter( [ 'date' => $this->date ] ),
			'body'     => is_string( $body ) ? $body : wp_json_encode( $body ),
			'response' => [
				'code'    => $status,
				'message' => '',
			],
			'cookies'  => [],
			'filename' => null,
		];
	}
}
