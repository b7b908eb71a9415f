<?php
/**
 * What can happen to an entity.
 *
 * @package Tallyman
 */

declare( strict_types=1 );

namespace Tallyman\Outbox;

/** Restoring from the trash is a change like any other. */
enum Op: string {
	case Changed = 'changed';
	case Trashed = 'trashed';
	case Deleted = 'deleted';
}
