import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';

/** A reason somebody else can read later. The field says so once it was sent empty. */
export function useReason() {
  const [value, setValue] = useState('');
  const [asked, setAsked] = useState(false);
  const error = asked && value.trim() === '' ? __('Say why, so that others understand it later.', 'tallyman') : null;
  /** @returns null when there is none yet. */
  const take = (): string | null => {
    setAsked(true);
    return value.trim() || null;
  };
  return { field: { value, onChange: setValue, error }, take };
}
