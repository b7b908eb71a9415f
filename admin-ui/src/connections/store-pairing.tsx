import { Button } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { unpair } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import { Dialog } from '../components/dialog';
import { Facts } from '../components/facts';
import { Section } from '../components/section';
import { usePairing } from '../pairing/use-pairing';
import { useSettings } from '../settings';

/** How this shop is tied to its sidecar, and how it is untied. */
export function StorePairing() {
  const { sidecarUrl, storeCode, canManage } = useSettings();
  const [asking, setAsking] = useState<'open' | 'closed'>('closed');
  return (
    <Section title={__('This shop', 'tallyman')}>
      <Facts
        rows={[
          [__('Sidecar', 'tallyman'), sidecarUrl],
          [__('Store code', 'tallyman'), storeCode],
        ]}
      />
      {canManage && (
        <Button variant="secondary" isDestructive onClick={() => setAsking('open')} __next40pxDefaultSize>
          {__('Disconnect this shop', 'tallyman')}
        </Button>
      )}
      {asking === 'open' && <UnpairDialog onClose={() => setAsking('closed')} />}
    </Section>
  );
}

function UnpairDialog({ onClose }: { onClose: () => void }) {
  const { onUnpaired } = usePairing();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const submit = async () => {
    setBusy(true);
    try {
      await unpair();
      speak(__('This shop is disconnected.', 'tallyman'), 'polite');
      onUnpaired();
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
      setBusy(false);
    }
  };
  const label = __('Disconnect this shop', 'tallyman');
  return (
    <Dialog
      title={label}
      submitLabel={label}
      tone="ending"
      busy={busy}
      trouble={trouble}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p>{__('Nothing is sent to the warehouse any more, and no parcels come back.', 'tallyman')}</p>
      <p>{__('New orders are kept in the shop. To connect again you need a new one-time code.', 'tallyman')}</p>
    </Dialog>
  );
}
