import { Button, Notice } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import type { FormEvent } from 'react';
import { pair } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import { TextField, focusFirstWrong } from '../components/fields';
import { PageHeading } from '../components/page-heading';
import { Problem } from '../components/trouble';
import { useSettings } from '../settings';
import { pairingErrors, tidied, type PairingErrors, type PairingValues } from './pairing-values';
import { usePairing } from './use-pairing';

/** The first screen: nothing works before the shop and its sidecar know each other. */
export function Pairing() {
  const { canManage, siteName, isCopy } = useSettings();
  return (
    <div className="tallyman-pairing">
      {/* translators: %s: name of the shop. */}
      <PageHeading>{sprintf(__('Connect %s to its sidecar', 'tallyman'), siteName)}</PageHeading>
      {isCopy && <CopyNotice />}
      <p>
        {__(
          'The sidecar is the program that carries your orders to the warehouse and brings the parcels back. It runs beside your shop, so that your shop stays fast.',
          'tallyman',
        )}
      </p>
      {canManage ? <PairingForm /> : <p>{__('Somebody who may manage Tallyman has to connect it.', 'tallyman')}</p>}
    </div>
  );
}

/** A copy of the shop must not send the orders of the real one a second time. */
function CopyNotice() {
  return (
    <Notice status="warning" isDismissible={false} spokenMessage="">
      <p>
        {__(
          'This site is a copy of the shop that was connected. It sends nothing, and nothing is written to it.',
          'tallyman',
        )}
      </p>
      <p>{__('Has the shop moved to this address? Then connect it again with a new one-time code.', 'tallyman')}</p>
    </Notice>
  );
}

function PairingForm() {
  const { sidecarUrl, storeCode, suggestedStoreCode } = useSettings();
  const { onPaired } = usePairing();
  // A shop that moved keeps its code: with another one the sidecar would take it for a new shop.
  const [values, setValues] = useState<PairingValues>({
    sidecarUrl,
    code: '',
    storeCode: storeCode || suggestedStoreCode,
  });
  const [errors, setErrors] = useState<PairingErrors>({});
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const send = async () => {
    const input = tidied(values);
    setBusy(true);
    setTrouble(null);
    try {
      await pair(input);
      speak(__('Your shop is connected.', 'tallyman'), 'polite');
      onPaired(input);
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wrong = pairingErrors(values);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) focusFirstWrong(event.currentTarget);
    else if (!busy) void send();
  };
  const field = (name: keyof PairingValues) => ({
    value: values[name],
    error: errors[name] ?? null,
    required: true,
    onChange: (value: string) => setValues((before) => ({ ...before, [name]: value })),
  });
  return (
    <form className="tallyman-form" onSubmit={submit} noValidate>
      <TextField
        {...field('sidecarUrl')}
        type="url"
        label={__('Address of the sidecar', 'tallyman')}
        help={__('On the same machine it is http://127.0.0.1:7890.', 'tallyman')}
      />
      <TextField
        {...field('code')}
        label={__('One-time code', 'tallyman')}
        help={__(
          'Run “tallyman pair” where the sidecar runs. It prints a code that is good for one shop, for a few minutes.',
          'tallyman',
        )}
      />
      <TextField
        {...field('storeCode')}
        label={__('Store code', 'tallyman')}
        help={__('Stands before every order number at the warehouse. It cannot be changed later.', 'tallyman')}
      />
      {trouble && <Problem trouble={trouble} />}
      <Button variant="primary" type="submit" isBusy={busy} aria-disabled={busy} __next40pxDefaultSize>
        {__('Connect', 'tallyman')}
      </Button>
    </form>
  );
}
