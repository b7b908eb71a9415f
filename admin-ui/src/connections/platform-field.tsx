import { CheckboxControl, SelectControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { assertNever } from '../assert-never';
import { TextField } from '../components/fields';
import { statusOptions } from './status-options';
import type { FieldValue, FormField } from './form-values';

interface PlatformFieldProps {
  field: FormField;
  value: FieldValue;
  state: 'plain' | 'secret is set';
  missing: boolean;
  onChange: (value: FieldValue) => void;
}

/** One field of a form that the adapter describes. */
export function PlatformField(props: PlatformFieldProps) {
  const { field } = props;
  switch (field.type) {
    case 'text':
    case 'url':
    case 'password':
    case 'number':
      return <Written {...props} type={field.type} />;
    case 'select':
      return <Chosen {...props} />;
    case 'switch':
      return <Switched {...props} />;
    case 'statuses':
      return <Ticked {...props} />;
    default:
      return assertNever(field.type);
  }
}

type WrittenProps = PlatformFieldProps & { type: 'text' | 'url' | 'password' | 'number' };

function Written({ field, value, state, missing, onChange, type }: WrittenProps) {
  const kept = state === 'secret is set' ? __('One is saved. Leave it empty to keep it.', 'tallyman') : '';
  return (
    <TextField
      label={field.label}
      value={String(value)}
      onChange={onChange}
      type={type}
      help={[field.help, kept].filter(Boolean).join(' ')}
      error={missing ? __('This is needed.', 'tallyman') : null}
      required={field.required}
      autoComplete={type === 'password' ? 'new-password' : 'off'}
    />
  );
}

function Chosen({ field, value, onChange }: PlatformFieldProps) {
  return (
    <SelectControl
      __next40pxDefaultSize
      __nextHasNoMarginBottom
      label={field.label}
      help={field.help}
      value={String(value)}
      options={field.options ?? []}
      onChange={onChange}
    />
  );
}

function Switched({ field, value, onChange }: PlatformFieldProps) {
  return (
    <ToggleControl
      __nextHasNoMarginBottom
      label={field.label}
      help={field.help}
      checked={value === true}
      onChange={onChange}
    />
  );
}

function Ticked({ field, value, missing, onChange }: PlatformFieldProps) {
  const ticked = Array.isArray(value) ? value : [];
  const options = statusOptions(field.options, ticked);
  return (
    <fieldset className={missing ? 'tallyman-field is-wrong' : 'tallyman-field'}>
      <legend>{field.label}</legend>
      {options.map((option) => (
        <CheckboxControl
          key={option.value}
          __nextHasNoMarginBottom
          label={option.label}
          checked={ticked.includes(option.value)}
          onChange={(on) => onChange(on ? [...ticked, option.value] : ticked.filter((one) => one !== option.value))}
        />
      ))}
      {missing && <p className="tallyman-field__error">{__('Choose at least one.', 'tallyman')}</p>}
      <p className="tallyman-field__help">{field.help}</p>
    </fieldset>
  );
}
