/** A figure of the bench: what was measured, and where it has to be. */
export type Figure = {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly must: number | null;
  readonly aim: number | null;
  readonly pass: boolean | null;
};

type Measured = {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly must?: number;
  readonly aim?: number;
};

/** Smaller is better in all of them: the median has to be within what must be. */
export function figure({ id, title, unit, values, must, aim }: Measured): Figure {
  const median = percentile(values, 50);
  const pass = must === undefined ? null : median <= must;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { id, title, unit, min, median, max, must: must ?? null, aim: aim ?? null, pass };
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}
