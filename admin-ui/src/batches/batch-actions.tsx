import { Button } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { turnBatch } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import type { BatchRow } from '../api/types';
import { Dialog } from '../components/dialog';
import { Problem } from '../components/trouble';
import { useSettings } from '../settings';

interface BatchActionsProps {
  batch: BatchRow;
  onChanged: () => void;
}

/** Stop asks first, because what is queued is not called back; Resume does not. */
export function BatchActions({ batch, onChanged }: BatchActionsProps) {
  const { canManage } = useSettings();
  const [asking, setAsking] = useState<'open' | 'closed'>('closed');
  const { busy, trouble, turn } = useTurn(batch, onChanged);
  if (!canManage || batch.actions.length === 0) return null;
  return (
    <>
      <div className="tallyman-buttons">
        {batch.actions.includes('stop') && (
          <Button
            variant="secondary"
            onClick={() => setAsking('open')}
            aria-label={labelOf(__('Stop', 'tallyman'), batch)}
            __next40pxDefaultSize
          >
            {__('Stop', 'tallyman')}
          </Button>
        )}
        {batch.actions.includes('resume') && (
          <Button
            variant="secondary"
            onClick={() => void turn('resume')}
            isBusy={busy}
            aria-disabled={busy}
            aria-label={labelOf(__('Resume', 'tallyman'), batch)}
            __next40pxDefaultSize
          >
            {__('Resume', 'tallyman')}
          </Button>
        )}
      </div>
      {trouble && asking === 'closed' && <Problem trouble={trouble} />}
      {asking === 'open' && (
        <Dialog
          title={__('Stop this batch', 'tallyman')}
          submitLabel={__('Stop', 'tallyman')}
          busy={busy}
          trouble={trouble}
          onSubmit={() => void turn('stop').then((ok) => ok && setAsking('closed'))}
          onClose={() => setAsking('closed')}
        >
          <p className="tallyman-dialog__about">{batch.title}</p>
          <p>{stopWords(batch)}</p>
          <p>
            {__(
              'What is queued already runs on. You can resume it later; it goes on where it was stopped.',
              'tallyman',
            )}
          </p>
        </Dialog>
      )}
    </>
  );
}

function useTurn(batch: BatchRow, onChanged: () => void) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const turn = async (how: 'stop' | 'resume'): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setTrouble(null);
    try {
      const { sentence } = await turnBatch(batch.id, how);
      speak(how === 'stop' ? sentence : __('The batch goes on.', 'tallyman'), 'polite');
      onChanged();
      return true;
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, trouble, turn };
}

function stopWords({ moved, total }: BatchRow): string {
  /* translators: 1: number of jobs set going. 2: number of all jobs. */
  return sprintf(__('%1$d of %2$d jobs were set going so far; no further one will be.', 'tallyman'), moved, total);
}

/** Several buttons of one name on a page say which one they are. */
function labelOf(action: string, { title }: BatchRow): string {
  return `${action}: ${title}`;
}
