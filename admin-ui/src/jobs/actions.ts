import { speak } from '@wordpress/a11y';
import type { Action } from '@wordpress/dataviews/wp';
import { __ } from '@wordpress/i18n';
import { copy, external } from '@wordpress/icons';
import type { JobRow, PersonMove } from '../api/types';
import { OPERATIONS, OPERATION_ORDER, titleOf } from '../operations/operations';
import { orderAddress, type Settings } from '../settings';
import type { ShownRow } from './steady';

type Ask = (move: PersonMove, jobs: readonly JobRow[]) => void;

/** Row and bulk actions. Those that change something are offered by the sidecar row by row, never by the screen. */
export function actionsFor(settings: Settings, ask: Ask): Action<ShownRow>[] {
  const moves = settings.canManage ? OPERATION_ORDER : [];
  return [...moves.map((move) => moveAction(move, ask)), openOrder(settings), copyAsJson()];
}

function moveAction(move: PersonMove, ask: Ask): Action<ShownRow> {
  const { icon, many } = OPERATIONS[move];
  return {
    id: move,
    label: (jobs) => titleOf(move, jobs.length),
    icon,
    isPrimary: move === 'retryNow',
    supportsBulk: many === 'together',
    isEligible: (job) => job.actions.includes(move),
    callback: (jobs) => ask(move, jobs),
  };
}

function openOrder(settings: Settings): Action<ShownRow> {
  return {
    id: 'openOrder',
    label: __('Open order', 'tallyman'),
    icon: external,
    isEligible: ({ order }) => order !== null,
    callback: ([job]) => {
      if (job?.order) window.location.assign(orderAddress(settings, job.order.id));
    },
  };
}

function copyAsJson(): Action<ShownRow> {
  return {
    id: 'copyAsJson',
    label: __('Copy as JSON', 'tallyman'),
    icon: copy,
    callback: (jobs) => void copyText(JSON.stringify(jobs.length === 1 ? jobs[0] : jobs, null, 2)),
  };
}

/** A page without TLS has no clipboard. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    speak(__('Copied.', 'tallyman'), 'polite');
  } catch {
    window.prompt(__('Copy this text:', 'tallyman'), text);
  }
}
