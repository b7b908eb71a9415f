/** Small pieces of SQL text. Column names are ours; values are always bound. */
export function insertInto(table: string, columns: readonly string[]): string {
  const values = columns.map((column) => `@${column}`).join(', ');
  return `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) VALUES (${values})`;
}

/** Insert, or replace every column but the key's. */
export function upsertInto(table: string, key: readonly string[], columns: readonly string[]): string {
  const others = columns.filter((column) => !key.includes(column));
  const changes = others.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ');
  return `${insertInto(table, columns)} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changes}`;
}

export function assignments(columns: readonly string[]): string {
  return columns.map((column) => `${quoted(column)} = @${column}`).join(', ');
}

const quoted = (column: string): string => `"${column}"`;

/** Bytes of their own: a Buffer may be a window into memory that is used again. */
export function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

export function buffer(array: Uint8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}
