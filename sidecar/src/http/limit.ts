/** Counts refused requests by key. Signed ones are never limited: senders punish every answer that is not a success. */

const MOST_KEYS = 10_000;

export interface Limiter {
  /** Counts one. @returns whether it is over the limit. */
  isOver(key: string): boolean;
}

export function limiter(most: number, windowMs: number, now: () => number): Limiter {
  const windows = new Map<string, { endsAt: number; count: number }>();
  return {
    isOver(key) {
      const at = now();
      const held = windows.get(key);
      if (held !== undefined && held.endsAt > at) {
        held.count += 1;
        return held.count > most;
      }
      // Keys are chosen by strangers: the oldest go, so that memory stays bounded.
      if (windows.size >= MOST_KEYS) windows.delete(windows.keys().next().value ?? '');
      windows.delete(key);
      windows.set(key, { endsAt: at + windowMs, count: 1 });
      return most < 1;
    },
  };
}
