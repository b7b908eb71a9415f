/** Bytes that came in, as text. */

/** One for all: making it costs more than what it does. */
const STRICT = new TextDecoder('utf-8', { fatal: true });

/** @throws TypeError when they are not UTF-8: a character that is put in their place would be taken for what was sent. */
export function strictText(bytes: Uint8Array): string {
  return STRICT.decode(bytes);
}
