/** All chance of a simulation, from one seed. Each part draws from a stream of its own, so that a change in one leaves the others. */

export interface Dice {
  /** 0 up to 1. */
  next(): number;
  /** Whole, `least` up to and including `most`. */
  between(least: number, most: number): number;
  hits(share: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  /** A name of the table, as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  /** Milliseconds, many short ones and a few long ones. */
  skewed(least: number, most: number): number;
}

export function dice(seed: number, stream: string): Dice {
  const next = sfc32(seed, hash32(stream));
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    hits: (share) => next() < share,
    pick(values) {
      const picked = values[between(0, values.length - 1)];
      if (picked === undefined) throw new Error('There is nothing to pick from.');
      return picked;
    },
    weighted: (weights) => weighted(weights, next()),
    skewed: (least, most) => Math.round(least + (most - least) * next() ** 3),
  };
}

function weighted<Name extends string>(weights: Readonly<Record<Name, number>>, drawn: number): Name {
  const rows = Object.entries(weights) as [Name, number][];
  let left = drawn * rows.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of rows) {
    left -= weight;
    if (left < 0) return name;
  }
  throw new Error('The table of weights is empty.');
}

/** FNV-1a; also what traces are hashed with. */
export function hash32(text: string, from = 0x811c9dc5): number {
  let hash = from;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Small fast counting generator: passes PractRand, needs no big integers. */
function sfc32(seed: number, stream: number): () => number {
  let [a, b, c, counter] = [seed | 0, stream | 0, (seed / 0x1_0000_0000) | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  // The first draws of neighbouring seeds resemble one another.
  for (let warm = 0; warm < 12; warm += 1) next();
  return next;
}
