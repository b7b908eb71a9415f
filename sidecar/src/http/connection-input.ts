/** A filled-in form of a platform, checked against the platform's own fields. */
import type { FormField } from '../platforms/platform.js';
import type { ConnectionInput } from './api.js';
import { invalid } from './errors.js';

export interface CheckedInput {
  settings: Record<string, unknown>;
  /** Only those that were filled in. */
  secrets: Record<string, string>;
}

/** @throws ApiFailure 400 that names the field by its label. Unknown fields are dropped. @param held names of secrets that have a value already. */
export function checkInput(
  fields: readonly FormField[],
  input: Pick<ConnectionInput, 'settings' | 'secrets'>,
  held: readonly string[],
): CheckedInput {
  const checked: CheckedInput = { settings: {}, secrets: {} };
  for (const field of fields) {
    if (field.secret) checkSecret(field, input.secrets[field.name] ?? '', held, checked);
    else checked.settings[field.name] = plainValue(field, input.settings[field.name]);
  }
  return checked;
}

function checkSecret(field: FormField, given: string, held: readonly string[], checked: CheckedInput): void {
  if (given !== '') checked.secrets[field.name] = given;
  else if (field.required && !held.includes(field.name)) throw missing(field);
}

function plainValue(field: FormField, given: unknown): unknown {
  const value = given === undefined || given === null || given === '' ? field.default : given;
  if (value === undefined) {
    if (field.required) throw missing(field);
    return null;
  }
  return CHECKS[field.type](value, field);
}

const CHECKS = {
  text: (value, field) => text(value, field),
  password: (value, field) => text(value, field),
  url: (value, field) => url(text(value, field), field),
  select(value, field) {
    const known = field.options?.some((option) => option.value === value) === true;
    if (!known) throw invalid(`"${field.label}" has to be one of those offered.`);
    return value;
  },
  switch: (value) => value === true || value === 'true' || value === 1 || value === '1',
  number(value, field) {
    const number = Number(value);
    if (!Number.isFinite(number) || number < 0) throw invalid(`"${field.label}" has to be a number, 0 or more.`);
    return number;
  },
  statuses(value, field) {
    const words = Array.isArray(value)
      ? value.filter((word): word is string => typeof word === 'string' && word !== '')
      : [];
    if (words.length === 0 && field.required) throw missing(field);
    return words.map((word) => word.replace(/^wc-/, ''));
  },
} as const satisfies Record<FormField['type'], (value: unknown, field: FormField) => unknown>;

function text(value: unknown, field: FormField): string {
  if (typeof value !== 'string' || value.length > 500)
    throw invalid(`"${field.label}" has to be a text of at most 500 characters.`);
  return value.trim();
}

function url(value: string, field: FormField): string {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  const usable =
    parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '';
  if (!usable) throw invalid(`"${field.label}" has to be an address that starts with https://.`);
  return value;
}

const missing = (field: FormField) => invalid(`"${field.label}" is missing.`);
