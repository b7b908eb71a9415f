<?php
/**
 * Puts the parts together.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman;

use Closure;
use Tallyman\Alerts\AlertMail;
use Tallyman\Alerts\AlertNotices;
use Tallyman\Outbox\Dispatcher;
use Tallyman\Outbox\HandOver;
use Tallyman\Outbox\Housekeeping;
use Tallyman\Outbox\LastNet;
use Tallyman\Outbox\OrderEvents;
use Tallyman\Outbox\OrderRepresentation;
use Tallyman\Outbox\Outbox;
use Tallyman\Outbox\Recorder;
use Tallyman\Rest\AlertRoutes;
use Tallyman\Rest\OutboxRoutes;
use Tallyman\Rest\PairedKey;
use Tallyman\Rest\SettingsRoutes;
use Tallyman\Rest\SidecarProxy;
use Tallyman\Rest\SignedCalls;
use Tallyman\Sidecar\Client;

/** What every request needs is a property; what few need is a method, so that its file is not even read. */
final class Parts {

	/** @var Closure(): float Unix seconds. */
	public readonly Closure $now;
	public readonly Settings $settings;
	public readonly Site $site;
	public readonly CloneGuard $cloneGuard;
	public readonly Outbox $outbox;
	public readonly OrderRepresentation $orders;
	public readonly PairedKey $pairedKey;
	public readonly Recorder $recorder;
	public readonly OrderEvents $orderEvents;

	/** @param (Closure(): float)|null $now Another clock than the machine's. */
	public function __construct( ?Closure $now = null ) {
		$this->now         = $now ?? static fn (): float => microtime( true );
		$this->settings    = new Settings();
		$this->site        = new Site();
		$this->cloneGuard  = new CloneGuard( $this->settings, $this->site );
		$this->outbox      = new Outbox();
		$this->orders      = new OrderRepresentation( $this->site );
		$this->pairedKey   = new PairedKey( $this->settings, $this->outbox, $this->orders );
		$this->recorder    = new Recorder(
			$this->outbox,
			$this->now,
			fn (): ?string => $this->pairedKey->writeId(),
			static fn ( string $kind, int $id ): bool => OrderEvents::isWanted( wc_get_order( $id ) )
		);
		$this->orderEvents = new OrderEvents( $this->recorder );
	}

	public function dispatcher(): Dispatcher {
		return new Dispatcher(
			$this->outbox,
			$this->recorder,
			$this->handOver(),
			$this->client(),
			new LastNet( $this->outbox, $this->settings, $this->now ),
			$this->settings,
			$this->cloneGuard,
			$this->now
		);
	}

	public function handOver(): HandOver {
		return new HandOver( $this->outbox, $this->orders, $this->settings, $this->site, $this->now );
	}

	public function client(): Client {
		return new Client( $this->settings, $this->now );
	}

	public function desk(): PairingDesk {
		return new PairingDesk( $this->client(), $this->settings, $this->site, $this->cloneGuard, $this->now );
	}

	public function housekeeping(): Housekeeping {
		return new Housekeeping( $this->outbox, $this->settings );
	}

	public function outboxRoutes(): OutboxRoutes {
		$signedCalls = new SignedCalls( $this->settings, $this->now );
		return new OutboxRoutes( $signedCalls, $this->handOver(), $this->outbox, $this->desk(), $this->settings, $this->site, $this->cloneGuard, $this->now );
	}

	public function alertNotices(): AlertNotices {
		return new AlertNotices( $this->settings, $this->now );
	}

	public function alertRoutes(): AlertRoutes {
		$signedCalls = new SignedCalls( $this->settings, $this->now );
		return new AlertRoutes( $signedCalls, new AlertMail( $this->settings, $this->now ), $this->alertNotices(), $this->site, $this->cloneGuard );
	}

	public function settingsRoutes(): SettingsRoutes {
		return new SettingsRoutes( $this->desk(), $this->settings, $this->site, $this->cloneGuard, $this->outbox );
	}

	public function sidecarProxy(): SidecarProxy {
		return new SidecarProxy( $this->client(), $this->settings, $this->cloneGuard, $this->outbox );
	}
}
