/**
 * Long counts for the screen walk along an index step by step, and the event loop turns in between: a claim or a call that
 * comes in must not wait for a figure. What moves meanwhile may be counted at both of its places or at none.
 */

/** Index entries in a step: a millisecond or two. */
export const STEP = 2_500;
const MOST_MS = 5;

export type Breathe = () => Promise<void>;

/** @param elapsedMs never goes back. @returns what to await between steps: it lets others go once enough time was taken. */
export function breatherOf(elapsedMs: () => number): Breathe {
  let since = elapsedMs();
  return async () => {
    if (elapsedMs() - since < MOST_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = elapsedMs();
  };
}

export interface Range {
  from: number;
  /** Not included. */
  to: number;
}

/** @param start nothing lies below it. @param edge the value that lies `STEP` entries after `from`, if there are as many. */
export function* rangesUpTo(edge: (from: number) => number | undefined, start = 0): Generator<Range> {
  let from = start;
  for (;;) {
    const found = edge(from);
    if (found === undefined) break;
    // A heap of equal values is one step, however high.
    const to = Math.max(found, from + 1);
    yield { from, to };
    from = to;
  }
  yield { from, to: Number.MAX_SAFE_INTEGER };
}
