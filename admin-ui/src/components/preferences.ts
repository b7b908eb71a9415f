/** What a reader chose for this browser: pace, columns, density. The shop is not asked, so nothing of it must matter. */
const PREFIX = 'tallyman:';

/** @returns undefined when nothing was kept, or the browser keeps nothing (private windows). */
export function kept(name: string): unknown {
  try {
    const text = window.localStorage.getItem(PREFIX + name);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    window.localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the reader a preference, nothing else.
  }
}
