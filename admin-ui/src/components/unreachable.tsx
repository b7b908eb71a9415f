import { Button } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Icon, cautionFilled } from '@wordpress/icons';
import type { Trouble } from '../api/trouble';
import { useSettings } from '../settings';

interface UnreachableProps {
  trouble: Extract<Trouble, { kind: 'sidecar_unreachable' }>;
  onCheck: () => void;
  busy: boolean;
}

export function Unreachable({ trouble, onCheck, busy }: UnreachableProps) {
  const { sidecarUrl } = useSettings();
  return (
    <div className="tallyman-empty is-alarm">
      <Icon icon={cautionFilled} size={48} />
      <h2>{__('The sidecar does not answer', 'tallyman')}</h2>
      <ul>
        <li>{__('Your shop works as always: customers can order and pay.', 'tallyman')}</li>
        <li>{waitingWords(trouble.waiting)}</li>
        <li>
          {sprintf(
            /* translators: %s: address of the sidecar. */ __(
              'Whoever runs the sidecar should look whether it is started at %s.',
              'tallyman',
            ),
            sidecarUrl,
          )}
        </li>
      </ul>
      <Button variant="primary" onClick={onCheck} isBusy={busy} __next40pxDefaultSize>
        {__('Check again', 'tallyman')}
      </Button>
    </div>
  );
}

function waitingWords(waiting: number | null): string {
  if (waiting === null) return __('New orders are kept in the shop and handed over once it answers.', 'tallyman');
  if (waiting === 0) return __('No change is waiting to be handed over at the moment. New ones are kept.', 'tallyman');
  return sprintf(
    /* translators: %d: number of changes of orders. */
    _n(
      '%d change waits in the shop and is handed over once it answers.',
      '%d changes wait in the shop and are handed over once it answers.',
      waiting,
      'tallyman',
    ),
    waiting,
  );
}
