/** Chance that can be played again: the same seed draws the same numbers (mulberry32). */
export interface Chance {
  /** 0 up to 1. */
  draw(): number;
  /** Draws only where there is something to decide, so that a switched-off fault does not shift the others. */
  hits(share: number): boolean;
}

export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  const draw = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { draw, hits: (share) => share > 0 && (share >= 1 || draw() < share) };
}
