import { Button } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { replay as replayIcon } from '@wordpress/icons';
import { replayDelivery } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import type { DeliveryDetail } from '../api/types';
import { Dialog } from '../components/dialog';
import { useSettings } from '../settings';

interface ReplayProps {
  delivery: DeliveryDetail;
  /** @param sentence what came of it. */
  onDone: (sentence: string) => void;
}

export function Replay({ delivery, onDone }: ReplayProps) {
  const { canManage } = useSettings();
  const [asking, setAsking] = useState<'open' | 'closed'>('closed');
  if (!canManage) return null;
  return (
    <div className="tallyman-buttons">
      <Button variant="secondary" icon={replayIcon} onClick={() => setAsking('open')} __next40pxDefaultSize>
        {__('Work through again', 'tallyman')}
      </Button>
      {asking === 'open' && (
        <ReplayDialog
          delivery={delivery}
          onClose={() => setAsking('closed')}
          onDone={(sentence) => {
            setAsking('closed');
            onDone(sentence);
          }}
        />
      )}
    </div>
  );
}

function ReplayDialog({ delivery, onClose, onDone }: ReplayProps & { onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const submit = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      const { sentence } = await replayDelivery(delivery.id);
      speak(sentence, 'polite');
      onDone(sentence);
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={__('Work through again', 'tallyman')}
      submitLabel={__('Work through again', 'tallyman')}
      busy={busy}
      trouble={trouble}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p className="tallyman-dialog__about">{delivery.topic}</p>
      <p>{__('It is read as if it had just come in.', 'tallyman')}</p>
      <p>{__('What was made of it before is not made twice, and what is known since is not undone.', 'tallyman')}</p>
    </Dialog>
  );
}
