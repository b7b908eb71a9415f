import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { pauseConnection } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import type { ConnectionRow } from '../api/types';
import { Dialog } from '../components/dialog';
import { ReasonField } from '../components/fields';
import { useReason } from './reason';

interface PauseProps {
  connection: ConnectionRow;
  onClose: () => void;
  onDone: () => void;
}

export function PauseDialog({ connection, onClose, onDone }: PauseProps) {
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const pause = async (said: string) => {
    setBusy(true);
    setTrouble(null);
    try {
      await pauseConnection(connection.id, said);
      speak(pausedWords(connection.name), 'polite');
      onDone();
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
      setBusy(false);
    }
  };
  const submit = () => {
    const said = reason.take();
    if (said !== null) void pause(said);
  };
  return (
    <Dialog
      /* translators: %s: name of a connection. */
      title={sprintf(__('Pause %s', 'tallyman'), connection.name)}
      submitLabel={__('Pause', 'tallyman')}
      busy={busy}
      trouble={trouble}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{__('What happens meanwhile:', 'tallyman')}</p>
      <ul className="tallyman-list">
        <li>{__('Your shop keeps selling; new orders wait in the queue and lose no attempt.', 'tallyman')}</li>
        <li>{__('Nothing is sent to this side, and nothing is asked of it.', 'tallyman')}</li>
        <li>{__('What it sends by itself is kept and worked on after you resume.', 'tallyman')}</li>
      </ul>
      <ReasonField {...reason.field} />
    </Dialog>
  );
}

function pausedWords(name: string): string {
  /* translators: %s: name of a connection. */
  return sprintf(__('%s is paused.', 'tallyman'), name);
}
