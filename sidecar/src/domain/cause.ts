/** What failures have in common: the same refusal of forty orders is one cause, whatever ids and quantities it names. Pure. */
import type { FailureNote } from './job.js';

const LONGEST = 160;

/**
 * @returns a stable key: kind, status, code and the summary without what differs from case to case.
 * "rejected|400||The warehouse answered #: Reference … is not unique."
 */
export function causeOf({
  kind,
  status,
  code,
  summary,
}: Pick<FailureNote, 'kind' | 'status' | 'code' | 'summary'>): string {
  return [kind, status ?? '', code ?? '', normalised(summary)].join('|');
}

function normalised(summary: string): string {
  return summary
    .replace(/"[^"]*"|'[^']*'|“[^”]*”|„[^“”]*[“”]/g, '…')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '…')
    .replace(/\b\S*\d\S*\b/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST);
}

/** @returns the cause of what a job failed of last; '' for one that has no failure noted. */
export function causeOfLast(failure: FailureNote | null): string {
  return failure === null ? '' : causeOf(failure);
}
