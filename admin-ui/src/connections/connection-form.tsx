import { Button, Notice } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import type { FormEvent } from 'react';
import { PATHS } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import { useResource } from '../api/use-resource';
import type { ConnectionInput, ConnectionRow, PlatformForm } from '../api/types';
import { TextField, focusFirstWrong } from '../components/fields';
import { Loading } from '../components/loading';
import { Problem, ResourceTrouble } from '../components/trouble';
import { inputOf, missingFields, startValues } from './form-values';
import { PlatformField } from './platform-field';

interface ConnectionFormProps {
  connection: ConnectionRow | null;
  submitLabel: string;
  /** Rejects with what the sidecar said. */
  onSubmit: (input: ConnectionInput) => Promise<void>;
}

/** The form of a connection, from what its adapter says about itself. */
export function ConnectionForm(props: ConnectionFormProps) {
  const resource = useResource<{ rows: PlatformForm[] }>(PATHS.platforms, 'once');
  const form = resource.data?.rows.find(({ key }) => props.connection === null || key === props.connection.platform);
  if (form) return <Form {...props} form={form} />;
  return resource.trouble ? <ResourceTrouble resource={resource} /> : <Loading />;
}

type Outcome = { phase: 'filling' | 'saving' | 'saved' } | { phase: 'refused'; trouble: Trouble };

function Form({ connection, submitLabel, onSubmit, form }: ConnectionFormProps & { form: PlatformForm }) {
  const [name, setName] = useState(connection?.name ?? form.name);
  const [values, setValues] = useState(() => startValues(form.fields, connection?.settings ?? {}));
  const [missing, setMissing] = useState<string[]>([]);
  const [outcome, setOutcome] = useState<Outcome>({ phase: 'filling' });
  const secretsSet = connection?.secretsSet ?? [];
  const save = async () => {
    setOutcome({ phase: 'saving' });
    try {
      await onSubmit(inputOf(form, name, values));
      speak(__('Saved.', 'tallyman'), 'polite');
      setOutcome({ phase: 'saved' });
    } catch (thrown) {
      setOutcome({ phase: 'refused', trouble: troubleFrom(thrown) });
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const empty = missingFields(form.fields, values, secretsSet);
    setMissing(empty);
    if (empty.length > 0) focusFirstWrong(event.currentTarget);
    else if (outcome.phase !== 'saving') void save();
  };
  return (
    <form className="tallyman-form" onSubmit={submit} noValidate>
      <TextField
        label={__('Name', 'tallyman')}
        value={name}
        onChange={setName}
        help={__('As your colleagues call it: it stands in every sentence.', 'tallyman')}
      />
      {form.fields.map((field) => (
        <PlatformField
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          state={secretsSet.includes(field.name) ? 'secret is set' : 'plain'}
          missing={missing.includes(field.name)}
          onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
        />
      ))}
      {outcome.phase === 'refused' && <Problem trouble={outcome.trouble} />}
      {outcome.phase === 'saved' && (
        <Notice status="success" isDismissible={false} spokenMessage="">
          {__('Saved.', 'tallyman')}
        </Notice>
      )}
      <Button variant="primary" type="submit" isBusy={outcome.phase === 'saving'} __next40pxDefaultSize>
        {submitLabel}
      </Button>
    </form>
  );
}
