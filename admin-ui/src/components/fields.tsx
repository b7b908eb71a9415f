import { TextControl, TextareaControl } from '@wordpress/components';
import { useId } from '@wordpress/element';
import { __ } from '@wordpress/i18n';

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  help?: string;
  /** Said when the field was left empty or wrong; null while all is well. */
  error?: string | null;
  type?: 'text' | 'url' | 'password' | 'number';
  required?: boolean;
  autoComplete?: string;
}

export function TextField({
  label,
  value,
  onChange,
  help,
  error,
  type = 'text',
  required,
  autoComplete = 'off',
}: FieldProps) {
  const id = useId();
  return (
    <div className={error ? 'tallyman-field is-wrong' : 'tallyman-field'}>
      <TextControl
        __next40pxDefaultSize
        __nextHasNoMarginBottom
        id={id}
        label={label}
        value={value}
        onChange={onChange}
        type={type}
        autoComplete={autoComplete}
        required={required ?? false}
        aria-invalid={Boolean(error)}
        aria-describedby={`${id}-words`}
      />
      <FieldWords id={`${id}-words`} help={help} error={error} />
    </div>
  );
}

export function ReasonField({ value, onChange, error }: Pick<FieldProps, 'value' | 'onChange' | 'error'>) {
  const id = useId();
  const help = __('Stands in the history, with your name.', 'tallyman');
  return (
    <div className={error ? 'tallyman-field is-wrong' : 'tallyman-field'}>
      {/* It makes its own id and ties its label to that one. */}
      <TextareaControl
        __nextHasNoMarginBottom
        label={__('Reason (required)', 'tallyman')}
        value={value}
        onChange={onChange}
        rows={2}
        required
        aria-invalid={Boolean(error)}
        aria-describedby={`${id}-words`}
      />
      <FieldWords id={`${id}-words`} help={help} error={error} />
    </div>
  );
}

function FieldWords({ id, help, error }: { id: string; help: string | undefined; error: string | null | undefined }) {
  return (
    <div id={id} className="tallyman-field__words">
      {error && <p className="tallyman-field__error">{error}</p>}
      {help && <p className="tallyman-field__help">{help}</p>}
    </div>
  );
}

/** Focuses the first field that is wrong, so that nobody has to look for it. */
export function focusFirstWrong(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
