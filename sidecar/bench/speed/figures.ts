/** A figure of the bench: what was measured, and where it has to be. */
export interface Figure {
  id: string;
  title: string;
  unit: string;
  /** Which way is good. */
  better: 'higher' | 'lower';
  min: number;
  median: number;
  max: number;
  must: number | null;
  aim: number | null;
  /** The median against `must`; null where nothing is demanded. */
  pass: boolean | null;
}

interface Measured {
  id: string;
  title: string;
  unit: string;
  better: Figure['better'];
  /** One a round. */
  values: readonly number[];
  must?: number;
  aim?: number;
}

export function figure({ id, title, unit, better, values, must, aim }: Measured): Figure {
  const median = percentile(values, 50);
  const isMet = must === undefined ? null : better === 'higher' ? median >= must : median <= must;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { id, title, unit, better, min, median, max, must: must ?? null, aim: aim ?? null, pass: isMet };
}

/** Ours divided by theirs, round by round: both saw the same machine in the same minute. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}
