/** A figure of the bench: what was measured, and where it has to be. The engine's bench prints the same shape. */
export type Figure = {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Which way is good. */
  readonly better: 'higher' | 'lower';
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

/** Of these smaller is better in all: the median has to be within what must be. */
export function figure({ id, title, unit, values, must, aim }: Measured): Figure {
  const median = percentile(values, 50);
  const pass = must === undefined ? null : median <= must;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { id, title, unit, better: 'lower', min, median, max, must: must ?? null, aim: aim ?? null, pass };
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}

const HEADS = ['id', 'what', 'unit', 'min', 'median', 'max', 'must', 'aim', 'pass'];

export const tableRows = (figures: readonly Figure[]): { heads: string[]; rows: string[][] } => ({
  heads: HEADS,
  rows: figures.map(({ id, title, unit, better, min, median, max, must, aim, pass }) => [
    ...[id, title, unit],
    ...[min, median, max].map(number),
    ...[must, aim].map((bound) => (bound === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${bound}`)),
    pass === null ? '' : pass ? 'yes' : 'NO',
  ]),
});

/** For docs/benchmarks.md. */
export function markdown(figures: readonly Figure[]): string {
  const { heads, rows } = tableRows(figures);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}

function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(2);
}
