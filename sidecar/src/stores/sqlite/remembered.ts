/**
 * What was read last, until something writes to its table. The file has one owner and every write goes through this store, so
 * nobody else can make it stale; nearly every job and every request asks for the same few connections.
 */
export interface Remembered<Value> {
  /** @param read asks the file; what it returns is shared, and frozen for that reason. */
  get(key: string, read: () => Value): Value;
  forget(): void;
}

/** More keys than there are connections are only asked for by strangers. */
const MOST_KEPT = 1_000;

export function remembered<Value>(): Remembered<Value> {
  const held = new Map<string, Value>();
  return {
    get(key, read) {
      const known = held.get(key);
      if (known !== undefined) return known;
      const value = frozen(read());
      if (held.size >= MOST_KEPT) held.clear();
      held.set(key, value);
      return value;
    },
    forget: () => held.clear(),
  };
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part as unknown);
  return Object.freeze(value);
}
