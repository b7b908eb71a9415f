<?php
/**
 * The plugin's only outgoing HTTP.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Sidecar;

use Closure;
use Tallyman\Pairing;
use Tallyman\Settings;
use Tallyman\Uuid;

/** Remembers that nothing answered: a sidecar that is down must not cost every request its timeout. */
final class Client {

	public const PROTOCOL = 1;

	private const HAND_OVER_TIMEOUT_SECONDS = 2;
	private const HAND_OVER_PAUSE_SECONDS   = 60;
	private const CALL_TIMEOUT_SECONDS      = 3;
	private const CALL_PAUSE_SECONDS        = 15;
	private const PAIR_TIMEOUT_SECONDS      = 10;
	private const ANSWER_LIMIT_BYTES        = 5_000_000;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Settings $settings,
		private readonly Closure $now,
	) {}

	public function mayHandOver(): bool {
		return $this->secondsSince( Settings::PUSH_FAILED ) >= self::HAND_OVER_PAUSE_SECONDS;
	}

	/** @param array<string, mixed> $batch */
	public function handOver( Pairing $pairing, array $batch ): Answer {
		$answer = $this->signed( $pairing, '/v1/outbox', $batch, self::HAND_OVER_TIMEOUT_SECONDS );
		$this->note( Settings::PUSH_FAILED, in_array( $answer->status, [ 200, 202 ], true ) );
		return $answer;
	}

	/** @return int Seconds until a call is worth trying again, 0 for now. */
	public function callAgainInSeconds(): int {
		return max( 0, self::CALL_PAUSE_SECONDS - $this->secondsSince( Settings::PROXY_FAILED ) );
	}

	/** @param array<string, mixed> $call */
	public function call( Pairing $pairing, array $call ): Answer {
		$answer = $this->signed( $pairing, '/v1/call', $call, self::CALL_TIMEOUT_SECONDS );
		$this->note( Settings::PROXY_FAILED, $answer->isThere() );
		return $answer;
	}

	/** @param array<string, mixed> $pair */
	public function pair( string $sidecarUrl, array $pair ): Answer {
		return $this->post( $sidecarUrl . '/v1/pair', (string) wp_json_encode( $pair ), [], self::PAIR_TIMEOUT_SECONDS );
	}

	/** @param array<string, mixed> $payload */
	private function signed( Pairing $pairing, string $path, array $payload, int $timeoutSeconds ): Answer {
		$body                      = (string) wp_json_encode( $payload, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		$headers                   = Signature::headers( Uuid::make(), (int) ( $this->now )(), $body, $pairing->secrets[0] );
		$headers['tallyman-store'] = $pairing->connectionId;
		return $this->post( $pairing->sidecarUrl . $path, $body, $headers, $timeoutSeconds );
	}

	/** @param array<string, string> $headers */
	private function post( string $url, string $body, array $headers, int $timeoutSeconds ): Answer {
		$response = wp_remote_post(
			$url,
			[
				'timeout'             => $timeoutSeconds,
				// A POST that follows a redirect arrives as a GET, and would be taken for an answer.
				'redirection'         => 0,
				'limit_response_size' => self::ANSWER_LIMIT_BYTES,
				'user-agent'          => 'Tallyman/' . \Tallyman\VERSION,
				'headers'             => [
					'content-type'      => 'application/json',
					'accept'            => 'application/json',
					'tallyman-protocol' => (string) self::PROTOCOL,
				] + $headers,
				'body'                => $body,
			]
		);
		if ( is_wp_error( $response ) ) {
			return Answer::nothing( $response->get_error_message() );
		}
		$text = wp_remote_retrieve_body( $response );
		$json = json_decode( $text );
		$date = wp_remote_retrieve_header( $response, 'date' );
		$time = is_string( $date ) ? strtotime( $date ) : false;
		return new Answer(
			(int) wp_remote_retrieve_response_code( $response ),
			$json,
			is_object( $json ) || is_array( $json ),
			false === $time ? null : $time,
			''
		);
	}

	private function note( string $option, bool $isWell ): void {
		if ( $isWell ) {
			$this->settings->forget( $option );
		} else {
			$this->settings->remember( $option, (int) ( $this->now )() );
		}
	}

	private function secondsSince( string $option ): int {
		return (int) ( $this->now )() - $this->settings->moment( $option );
	}
}
