import { Button, Modal } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import type { FormEvent, ReactNode } from 'react';
import type { Trouble } from '../api/trouble';
import { focusFirstWrong } from './fields';
import { Problem } from './trouble';

interface DialogProps {
  title: string;
  submitLabel: string;
  /** 'ending' for what the shop cannot take back by itself. */
  tone?: 'plain' | 'ending';
  busy: boolean;
  trouble: Trouble | null;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** One question, one form. The Modal traps focus and gives it back to what opened it. */
export function Dialog({
  title,
  submitLabel,
  tone = 'plain',
  busy,
  trouble,
  onSubmit,
  onClose,
  children,
}: DialogProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) onSubmit();
    focusFirstWrong(event.currentTarget);
  };
  return (
    <Modal title={title} onRequestClose={onClose} shouldCloseOnClickOutside={false} className="tallyman-dialog">
      {/* The screen checks the fields itself: the browser's bubbles are neither translated with it nor read out well. */}
      <form onSubmit={submit} noValidate>
        {children}
        {trouble && <Problem trouble={trouble} />}
        <div className="tallyman-dialog__buttons">
          <Button variant="tertiary" onClick={onClose} __next40pxDefaultSize>
            {__('Close', 'tallyman')}
          </Button>
          <Button
            variant="primary"
            type="submit"
            isDestructive={tone === 'ending'}
            isBusy={busy}
            aria-disabled={busy}
            __next40pxDefaultSize
          >
            {submitLabel}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
