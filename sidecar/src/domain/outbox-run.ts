/** How far an outbox has arrived without a hole. Sequences before the lowest one seen are not ours: the pairing came later. */
export interface OutboxRun {
  /** Lowest sequence seen. */
  first: number;
  /** From `first` up to this one nothing is missing. */
  contiguous: number;
  /** Highest seen. */
  highest: number;
}

/**
 * @param run null before anything was seen.
 * @param isSeen asked for sequences next to the run only.
 * @returns the run once `sequence` has arrived too, in whatever order it came.
 */
export function extendRun(run: OutboxRun | null, sequence: number, isSeen: (sequence: number) => boolean): OutboxRun {
  if (run === null) return { first: sequence, contiguous: sequence, highest: sequence };
  const highest = Math.max(run.highest, sequence);
  if (sequence < run.first) {
    const end = endOfRun(sequence, isSeen, run.first - 1);
    return { first: sequence, contiguous: end === run.first - 1 ? run.contiguous : end, highest };
  }
  if (sequence !== run.contiguous + 1) return { ...run, highest };
  return { ...run, contiguous: endOfRun(sequence, isSeen, highest), highest };
}

/** @returns at most `limit` sequences above the run that have not arrived. @param seen ascending, all above the run. */
export function missingAbove(contiguous: number, seen: Iterable<number>, limit: number): number[] {
  const missing: number[] = [];
  let next = contiguous + 1;
  for (const sequence of seen) {
    while (next < sequence && missing.length < limit) missing.push(next++);
    if (missing.length >= limit) break;
    next = sequence + 1;
  }
  return missing;
}

function endOfRun(from: number, isSeen: (sequence: number) => boolean, last: number): number {
  let end = from;
  while (end < last && isSeen(end + 1)) end += 1;
  return end;
}
