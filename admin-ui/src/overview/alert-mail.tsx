import { speak } from '@wordpress/a11y';
import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { PATHS, setAlertMail } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import { useResource } from '../api/use-resource';
import { Dialog } from '../components/dialog';
import { TextField } from '../components/fields';
import { Loading } from '../components/loading';
import { useSettings } from '../settings';

/** Also while all is well: that is when somebody sets it up. */
export function AlertMail() {
  const { canManage } = useSettings();
  const [open, setOpen] = useState(false);
  if (!canManage) return null;
  return (
    <p>
      <Button variant="link" onClick={() => setOpen(true)}>
        {__('Alerts by e-mail', 'tallyman')}
      </Button>
      {open && <AlertMailDialog onClose={() => setOpen(false)} />}
    </p>
  );
}

/** The shop sends these mails itself, so its own settings say to whom. */
function AlertMailDialog({ onClose }: { onClose: () => void }) {
  const { data, trouble: unread } = useResource<{ alertMail: string[] }>(PATHS.settings, 'once');
  const [entered, setEntered] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const value = entered ?? data?.alertMail.join(', ') ?? '';
  const save = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await setAlertMail(value);
      speak(__('Saved.', 'tallyman'), 'polite');
      onClose();
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={__('Alerts by e-mail', 'tallyman')}
      submitLabel={__('Save', 'tallyman')}
      busy={busy || data === null}
      trouble={trouble ?? unread}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      {data === null && unread === null ? (
        <Loading />
      ) : (
        <TextField
          label={__('Addresses', 'tallyman')}
          help={__('Several are separated by commas. Leave it empty and nobody gets mail.', 'tallyman')}
          value={value}
          onChange={setEntered}
        />
      )}
    </Dialog>
  );
}
