/**
 * Values on their way to the server. Many rows go as one array a column, written here by hand: the driver's own way
 * looks at every element several times, which was a third of the time of a settlement.
 */
export type Value = string | number | boolean | null | Uint8Array;
export type ColumnType = 'bigint' | 'integer' | 'text' | 'boolean' | 'bytea' | 'float8';

/** Text PostgreSQL can hold: it refuses the character NUL and half a surrogate pair, both of which strangers send. */
export function holdable(text: string): string {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  return formed.includes('\0') ? formed.replaceAll('\0', '\uFFFD') : formed;
}

/** One value as a parameter. */
export function single(value: Value): string | number | boolean | null | Buffer {
  if (typeof value === 'string') return holdable(value);
  return value instanceof Uint8Array ? buffer(value) : value;
}

/** A column of values as a parameter, to be taken apart by unnest. */
export function array(values: readonly Value[]): string {
  return `{${values.map(element).join(',')}}`;
}

export function numbers(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}

export function texts(values: readonly string[]): string {
  return `{${values.map(quoted).join(',')}}`;
}

function element(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'boolean' ? (value ? 't' : 'f') : `"\\\\x${buffer(value).toString('hex')}"`;
}

const SPECIAL = /["\\]/;

function quoted(text: string): string {
  const held = holdable(text);
  return SPECIAL.test(held) ? `"${held.replace(/["\\]/g, '\\$&')}"` : `"${held}"`;
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes of their own: a Buffer may be a window into memory that is used again. */
export function bytes(found: Buffer): Uint8Array {
  return new Uint8Array(found);
}

/** Kept as JSON, which says every character in a way that can be held. */
const AS_JSON: ReadonlySet<string> = new Set([
  'body',
  'payload',
  'settings',
  'breaker',
  'failure',
  'filter',
  'accepted',
]);

/** @returns the value with all its text made holdable; the same one when it is, as nearly always. Keys are then equal to those read back. */
export function allHoldable<Held>(value: Held): Held {
  if (typeof value === 'string') return holdable(value) as Held;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  let changed: Record<string, unknown> | null = null;
  for (const [key, part] of Object.entries(value)) {
    const held: unknown = AS_JSON.has(key) ? part : allHoldable<unknown>(part);
    if (held === part) continue;
    changed ??= { ...value } as Record<string, unknown>;
    changed[key] = held;
  }
  if (changed === null) return value;
  return (Array.isArray(value) ? Object.values(changed) : changed) as Held;
}
