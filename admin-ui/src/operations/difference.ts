import type { JobDetail } from '../api/types';

export type Correctable = NonNullable<JobDetail['correctable']>[number];

export interface Change {
  field: string;
  label: string;
  before: string;
  after: string;
}

/** What would be sent otherwise than now. @param typed new values by field; fields nobody touched are missing. */
export function differenceOf(fields: readonly Correctable[], typed: Readonly<Record<string, string>>): Change[] {
  return fields.flatMap(({ field, label, value }) => {
    const after = (typed[field] ?? value).trim();
    return after === value.trim() ? [] : [{ field, label, before: value, after }];
  });
}

export function fieldsOf(changes: readonly Change[]): Record<string, string> {
  return Object.fromEntries(changes.map(({ field, after }) => [field, after]));
}
