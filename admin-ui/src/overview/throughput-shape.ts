import type { Overview } from '../api/types';

export type Hour = Overview['hours'][number];

export interface Bar {
  startsAt: string;
  /** In parts of the plot's height, 0 to 1, from the bottom: done first, failed on top. */
  done: number;
  failed: number;
}

export interface Totals {
  done: number;
  failed: number;
  busiest: Hour | null;
}

/** @returns bars whose highest reaches the top; a bar with anything in it is never too low to be seen. */
export function barsOf(hours: readonly Hour[]): Bar[] {
  const highest = Math.max(1, ...hours.map(sumOf));
  const part = (count: number) => (count === 0 ? 0 : Math.max(count / highest, 0.02));
  return hours.map(({ startsAt, done, failed }) => ({ startsAt, done: part(done), failed: part(failed) }));
}

export function totalsOf(hours: readonly Hour[]): Totals {
  const busiest = hours.reduce<Hour | null>(
    (best, hour) => (sumOf(hour) > (best ? sumOf(best) : 0) ? hour : best),
    null,
  );
  const add = (key: 'done' | 'failed') => hours.reduce((sum, hour) => sum + hour[key], 0);
  return { done: add('done'), failed: add('failed'), busiest };
}

export function sumOf(hour: Hour): number {
  return hour.done + hour.failed;
}
