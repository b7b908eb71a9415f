<?php
/**
 * Carries the screen's calls to the sidecar.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Rest;

use Tallyman\CloneGuard;
use Tallyman\Outbox\OrderEvents;
use Tallyman\Outbox\Outbox;
use Tallyman\Settings;
use Tallyman\Sidecar\Client;
use WP_REST_Request;
use WP_REST_Response;

/** Says who asks and passes everything else on unread, both ways. */
final class SidecarProxy {

	private const PATH = '(?P<path>/api/v1(?:/[A-Za-z0-9_][A-Za-z0-9_.:-]*)+)';

	public function __construct(
		private readonly Client $client,
		private readonly Settings $settings,
		private readonly CloneGuard $cloneGuard,
		private readonly Outbox $outbox,
	) {}

	public function register(): void {
		register_rest_route(
			'tallyman/v1',
			'/proxy' . self::PATH,
			[
				'methods'             => [ 'GET', 'POST', 'PUT' ],
				'callback'            => [ $this, 'pass' ],
				'permission_callback' => [ Rights::class, 'check' ],
			]
		);
		register_rest_route(
			'tallyman/v1',
			'/orders/(?P<id>\d+)',
			[
				'methods'             => 'GET',
				'callback'            => [ $this, 'order' ],
				'permission_callback' => [ Rights::class, 'check' ],
			]
		);
	}

	/** @param WP_REST_Request<array<string, mixed>> $request */
	public function pass( WP_REST_Request $request ): WP_REST_Response {
		return $this->forward(
			[
				'method' => $request->get_method(),
				'path'   => (string) $request->get_url_params()['path'],
				'query'  => (object) self::query( $request ),
				'body'   => json_decode( (string) $request->get_body() ),
			]
		);
	}

	/**
	 * What the box on an order shows in one call. That the outbox still holds the order is the one thing the shop knows better
	 * than the sidecar, above all when the sidecar does not answer.
	 *
	 * @param WP_REST_Request<array<string, mixed>> $request
	 */
	public function order( WP_REST_Request $request ): WP_REST_Response {
		$id     = (int) $request->get_url_params()['id'];
		$answer = $this->forward(
			[
				'method' => 'GET',
				'path'   => "/api/v1/orders/$id",
				'query'  => (object) [],
				'body'   => null,
			]
		);
		return new WP_REST_Response(
			[
				'waitingSince' => $this->outbox->waitingSince( OrderEvents::KIND, $id ),
				'status'       => $answer->get_status(),
				'answer'       => $answer->get_data(),
			]
		);
	}

	/** @param array{method: string, path: string, query: object, body: mixed} $call */
	private function forward( array $call ): WP_REST_Response {
		$pairing = $this->settings->pairing();
		if ( null === $pairing ) {
			return $this->refusal( 409, 'not_paired', __( 'This shop is not paired with a sidecar yet.', 'tallyman' ) );
		}
		if ( $this->cloneGuard->isCopy() ) {
			return $this->refusal( 409, 'tallyman_copy', CloneGuard::refusal()->get_error_message() );
		}
		if ( $this->client->callAgainInSeconds() > 0 ) {
			return $this->unreachable();
		}
		$answer = $this->client->call( $pairing, $call + [ 'user' => self::user() ] );
		if ( ! $answer->isThere() ) {
			return $this->unreachable();
		}
		if ( ! $answer->isJson ) {
			return $this->refusal( 502, 'not_tallyman', __( 'Something else than Tallyman answered at the sidecar\'s address.', 'tallyman' ) );
		}
		return new WP_REST_Response( $answer->body, $answer->status );
	}

	private function unreachable(): WP_REST_Response {
		return $this->refusal(
			503,
			'sidecar_unreachable',
			__( 'The sidecar does not answer. The shop works as always; orders wait in its outbox and go by themselves once it is back.', 'tallyman' ),
			[
				'waiting'           => $this->outbox->waiting(),
				'waitingSince'      => $this->outbox->waitingSince(),
				'retryAfterSeconds' => $this->client->callAgainInSeconds(),
			]
		);
	}

	/**
	 * In the sidecar's words and WordPress's, because the screen gets both kinds of errors from one address.
	 *
	 * @param array<string, mixed> $facts
	 */
	private function refusal( int $status, string $word, string $sentence, array $facts = [] ): WP_REST_Response {
		return new WP_REST_Response(
			[
				'error'   => $word,
				'code'    => $word,
				'message' => $sentence,
				'data'    => [ 'status' => $status ] + $facts,
			],
			$status
		);
	}

	/**
	 * @param WP_REST_Request<array<string, mixed>> $request
	 * @return array<string, mixed> Without what is meant for WordPress itself.
	 */
	private static function query( WP_REST_Request $request ): array {
		return array_filter(
			$request->get_query_params(),
			static fn ( mixed $value, string $name ): bool => is_scalar( $value ) && 'rest_route' !== $name && ! str_starts_with( $name, '_' ),
			ARRAY_FILTER_USE_BOTH
		);
	}

	/** @return array{id: int, name: string, role: string} */
	private static function user(): array {
		$user = wp_get_current_user();
		return [
			'id'   => $user->ID,
			'name' => $user->display_name,
			'role' => Rights::mayManage() ? 'admin' : 'viewer',
		];
	}
}
