import type { Figure } from '../../sidecar/bench/speed/figures.ts';

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
