<?php
/**
 * What can be said of a signature.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Sidecar;

/** Stale is told apart, because its cure is setting a clock. */
enum Verdict: string {
	case Valid = 'valid';
	case Wrong = 'wrong';
	case Stale = 'stale';
}
