/** What to do about many jobs that failed of one thing. */
import { FAILURE_KINDS, type FailureKind } from './failure.js';
import type { FailureNote } from './job.js';

/** {these} is "these 41" or "it". */
const CURES = {
  unavailable:
    'The other system did not answer. Jobs are tried again by themselves for a day; once it works, retry {these} to go at once.',
  rate_limited: 'The other system asked for fewer calls. Jobs go on by themselves; retry {these} to go at once.',
  unauthorized: 'Enter the credentials of this connection again, test it and resume it, then retry {these}.',
  rejected: 'Correct what the message names, in WooCommerce or with Correct and retry, then retry {these}.',
  invalid: 'Correct the value that the message names, then retry {these}.',
  not_found:
    'Check whether it still exists in the other system. If so retry {these}; if it was handled by hand, force done.',
  conflict:
    'Compare both sides. Where the other system is right force done, otherwise correct the order and retry {these}.',
  mapping_missing: 'Match what is missing with an article of the warehouse, then retry {these}.',
  unknown_outcome:
    'An answer was lost. Retry {these}: Tallyman looks whether it arrived before anything is sent again.',
  unexpected:
    'This is a fault of Tallyman. Retry {these} once; if it comes back, report it with the technical details of one of the jobs.',
} as const satisfies Record<FailureKind, string>;

/** The job's own cure where that says more than its class of failure does. */
const BY_CODE: Readonly<Record<string, string>> = {
  reference_taken:
    'Settle in the warehouse who owns that reference, then retry {these}, or force done what is handled.',
  forked:
    'Say on the Connections screen which of the two sites is the shop, pair it anew and resume, then retry {these}.',
};

export function groupCure(failure: Pick<FailureNote, 'kind' | 'code' | 'cure'> | null, count: number): string {
  const these = count === 1 ? 'it' : `these ${count}`;
  if (failure === null) return `Look at one of them, then retry ${these}.`;
  const special = failure.code !== null && Object.hasOwn(BY_CODE, failure.code) ? BY_CODE[failure.code] : undefined;
  const kind = FAILURE_KINDS.find((known) => known === failure.kind);
  const text = special ?? (kind === undefined ? failure.cure : CURES[kind]);
  return text.replace('{these}', these);
}
