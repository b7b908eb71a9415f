import type { ConnectionInput, ConnectionRow, PlatformForm } from '../api/types';

export type FormField = PlatformForm['fields'][number];
export type FieldValue = string | number | boolean | string[];
export type FormValues = Record<string, FieldValue>;

/** What a form starts with: what is set, else what the adapter proposes. Secrets always start empty. */
export function startValues(fields: readonly FormField[], settings: ConnectionRow['settings']): FormValues {
  return Object.fromEntries(
    fields.map((field) => [field.name, field.secret ? '' : startOf(field, settings[field.name])]),
  );
}

function startOf(field: FormField, set: unknown): FieldValue {
  if (typeof set === 'string' || typeof set === 'number' || typeof set === 'boolean') return set;
  if (Array.isArray(set)) return set.filter((one) => typeof one === 'string');
  return field.default ?? EMPTY[field.type];
}

const EMPTY = {
  text: '',
  url: '',
  password: '',
  select: '',
  number: '',
  switch: false,
  statuses: [],
} satisfies Record<FormField['type'], FieldValue>;

/** @returns names of the fields that must be filled in and are not. A secret that is already there may stay empty. */
export function missingFields(
  fields: readonly FormField[],
  values: FormValues,
  secretsSet: readonly string[],
): string[] {
  return fields
    .filter(({ name, required, secret }) => required && isEmpty(values[name]) && !(secret && secretsSet.includes(name)))
    .map(({ name }) => name);
}

function isEmpty(value: FieldValue | undefined): boolean {
  return (
    value === undefined ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** An empty secret is left out: the sidecar keeps the one it has. */
export function inputOf(form: PlatformForm, name: string, values: FormValues): ConnectionInput {
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  for (const field of form.fields) {
    const value = values[field.name];
    if (!field.secret) {
      // A number that was cleared is one that is not said.
      if (field.type !== 'number') settings[field.name] = value;
      else if (value !== '') settings[field.name] = Number(value);
    } else if (typeof value === 'string' && value !== '') secrets[field.name] = value;
  }
  return { platform: form.key, name: name.trim() || form.name, settings, secrets };
}
