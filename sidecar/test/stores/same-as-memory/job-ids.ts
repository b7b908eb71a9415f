import { NO_JOB } from '../../contracts/store/builders.js';

/** Stores give different ids to the same jobs (an engine may skip some), so jobs are spoken of by when they came. */
export interface JobIds {
  /** @param nth 1 for the oldest job. @returns an id of no job when there are not that many yet. */
  id(nth: number): number;
  learn(ids: readonly number[]): void;
  /** @returns the value with every job's id replaced by its number. */
  numbered(value: unknown): unknown;
}

export function jobIds(): JobIds {
  const known: number[] = [];
  const numbers = new Map<unknown, string>([[NO_JOB, 'no job']]);
  const numberOf = (id: unknown): unknown => (typeof id === 'number' ? (numbers.get(id) ?? `unknown job ${id}`) : id);

  function walked(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(walked);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]: [string, unknown]) => [key, named(key, part)]));
  }

  function named(key: string, part: unknown): unknown {
    if (key === 'id' || key === 'jobId') return numberOf(part);
    return key === 'jobIds' && Array.isArray(part) ? part.map(numberOf) : walked(part);
  }

  return {
    id: (nth) => known[nth - 1] ?? NO_JOB,
    learn(ids) {
      for (const id of ids.filter((one) => !numbers.has(one)).sort((a, b) => a - b)) {
        known.push(id);
        numbers.set(id, `job ${known.length}`);
      }
    },
    // Commands that answer with bare numbers answer with ids.
    numbered: (value) =>
      Array.isArray(value) && value.every((part) => typeof part === 'number') ? value.map(numberOf) : walked(value),
  };
}
