<?php
/**
 * The few things worth interrupting someone for.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Admin;

use Closure;
use Tallyman\Alerts\AlertNotices;
use Tallyman\CloneGuard;
use Tallyman\Outbox\Outbox;
use Tallyman\Rest\Rights;
use Tallyman\Settings;
use Tallyman\Site;

/** Only for those who can do something about it, and only when orders do not move until they do. */
final class Notices {

	/** A sidecar that is being updated is back before that. */
	private const PATIENCE_SECONDS = 15 * MINUTE_IN_SECONDS;

	/** @param Closure(): float $now Unix seconds. */
	public function __construct(
		private readonly Settings $settings,
		private readonly Site $site,
		private readonly CloneGuard $cloneGuard,
		private readonly Outbox $outbox,
		private readonly AlertNotices $alerts,
		private readonly Closure $now,
	) {}

	/** @param list<string> $sentences */
	public static function missing( array $sentences ): void {
		if ( current_user_can( 'activate_plugins' ) ) {
			self::notice( 'error', implode( ' ', $sentences ) );
		}
	}

	public function show(): void {
		if ( ! Rights::mayManage() || ! self::isOurScreen() ) {
			return;
		}
		if ( $this->cloneGuard->isUnexplained() ) {
			$this->askAboutCopy();
			return;
		}
		if ( null === $this->settings->pairing() || $this->cloneGuard->isCopy() ) {
			return;
		}
		$trouble = $this->settings->trouble();
		if ( null !== $trouble ) {
			/* translators: %s: a sentence of the sidecar, with what to do. */
			self::notice( 'error', sprintf( __( 'Tallyman\'s sidecar refuses this shop\'s orders: %s', 'tallyman' ), $trouble->sentence ), Page::url() );
			return;
		}
		foreach ( $this->alerts->current() as $sentence ) {
			self::notice( 'error', $sentence, Page::url() );
		}
		$this->sayWhatWaits();
	}

	private function sayWhatWaits(): void {
		$since = $this->outbox->waitingSince();
		if ( null === $since || ( $this->now )() - (float) strtotime( $since ) < self::PATIENCE_SECONDS ) {
			return;
		}
		$waiting  = $this->outbox->waiting();
		$sentence = sprintf(
			/* translators: 1: a number of changes, 2: a span of time such as "25 mins". */
			_n( '%1$d change of an order has been waiting for Tallyman\'s sidecar for %2$s. Nothing is lost, and it goes by itself once the sidecar is back. Is it running?', '%1$d changes of orders have been waiting for Tallyman\'s sidecar for %2$s. Nothing is lost, and they go by themselves once the sidecar is back. Is it running?', $waiting, 'tallyman' ),
			$waiting,
			human_time_diff( (int) strtotime( $since ), (int) ( $this->now )() )
		);
		self::notice( 'warning', $sentence, Page::url() );
	}

	private function askAboutCopy(): void {
		$pairing = $this->settings->pairing();
		$choices = [
			CopyChoice::MOVED  => __( 'This is the shop, it has moved: pair it again', 'tallyman' ),
			CopyChoice::COPY   => __( 'This is a copy: keep it silent', 'tallyman' ),
			CopyChoice::UNPAIR => __( 'Remove the pairing from this site', 'tallyman' ),
		];
		echo '<div class="notice notice-warning"><p>';
		printf(
			/* translators: 1: address of the paired shop, 2: address of this site. */
			esc_html__( 'Tallyman was paired as %1$s, but this site answers as %2$s. Until you say what it is, it hands no orders over and accepts no changes.', 'tallyman' ),
			'<strong>' . esc_html( Site::place( $pairing->siteAddress ?? '' ) ) . '</strong>',
			'<strong>' . esc_html( Site::place( $this->site->address() ) ) . '</strong>'
		);
		echo '</p><form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><p><input type="hidden" name="action" value="tallyman_copy" />';
		wp_nonce_field( 'tallyman_copy' );
		foreach ( $choices as $choice => $label ) {
			printf( '<button class="button" name="choice" value="%s">%s</button> ', esc_attr( $choice ), esc_html( $label ) );
		}
		echo '</p></form></div>';
	}

	private static function notice( string $type, string $sentence, string $link = '' ): void {
		printf( '<div class="notice notice-%s is-dismissible"><p>%s', esc_attr( $type ), esc_html( $sentence ) );
		if ( '' !== $link ) {
			printf( ' <a href="%s">%s</a>', esc_url( $link ), esc_html__( 'Open Tallyman', 'tallyman' ) );
		}
		echo '</p></div>';
	}

	private static function isOurScreen(): bool {
		$screen = get_current_screen();
		return null !== $screen && in_array( $screen->id, [ 'dashboard', 'plugins', wc_get_page_screen_id( 'shop-order' ), 'edit-shop_order', 'woocommerce_page_' . Page::SLUG ], true );
	}
}
