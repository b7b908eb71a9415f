<?php
/**
 * Keeps the outbox small.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

use Tallyman\Settings;

/** Once a day with WordPress's own cleaning; a shop whose cron is dead is cleaned with the sidecar's pulls. */
final class Housekeeping {

	public function __construct(
		private readonly Outbox $outbox,
		private readonly Settings $settings,
	) {}

	public function daily(): void {
		$this->outbox->prune();
		if ( null === $this->settings->pairing() ) {
			$this->outbox->pruneUnwanted();
		}
	}
}
