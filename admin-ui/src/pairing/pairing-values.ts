import { __ } from '@wordpress/i18n';

export interface PairingValues {
  sidecarUrl: string;
  code: string;
  storeCode: string;
}

export type PairingErrors = Partial<Record<keyof PairingValues, string>>;

/** What can be seen to be wrong before anybody is asked. */
export function pairingErrors({ sidecarUrl, code, storeCode }: PairingValues): PairingErrors {
  const errors: PairingErrors = {};
  if (!isWebAddress(sidecarUrl)) {
    errors.sidecarUrl = __('Write the whole address, like https://sidecar.example.com.', 'tallyman');
  }
  if (code.trim() === '') errors.code = __('Write the code that “tallyman pair” printed.', 'tallyman');
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$/.test(storeCode.trim())) {
    errors.storeCode = __('Use up to 20 letters and digits, like SHOP1.', 'tallyman');
  }
  return errors;
}

/** Spaces and a slash at the end come along when an address is copied. */
export function tidied({ sidecarUrl, code, storeCode }: PairingValues): PairingValues {
  return { sidecarUrl: sidecarUrl.trim().replace(/\/+$/, ''), code: code.trim(), storeCode: storeCode.trim() };
}

function isWebAddress(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text.trim()).protocol);
  } catch {
    return false;
  }
}
