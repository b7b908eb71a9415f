/** What jobs say about themselves to a shop clerk. Plain sentences with a full stop; times are left to the screen. */
import { assertNever } from './assert-never.js';
import type { Failure, FailureKind } from './failure.js';
import type { FailureNote } from './job.js';
import { redactText } from './redact.js';
import type { Next } from './retry.js';

/** What to do about a failure of each kind. */
export const CURES = {
  unavailable: 'Nothing to do: it is tried again by itself. If it lasts, ask the operator of the other system.',
  rate_limited: 'Nothing to do: it goes on as soon as the other system allows it.',
  unauthorized: 'Enter the credentials of this connection again, test it, then resume it.',
  rejected:
    'Correct what the message names, in WooCommerce or with Correct and retry. Asking again unchanged will not help.',
  invalid: 'Correct the value the message names, in WooCommerce or with Correct and retry.',
  not_found: 'Check whether it still exists in the other system. If it was handled by hand, use Force done.',
  conflict: 'Compare both sides. If the other system is right use Force done, otherwise correct the order and retry.',
  mapping_missing: 'Match the product with an article of the warehouse. The job goes on by itself then.',
  unknown_outcome: 'Nothing to do: before anything is sent again, Tallyman looks whether the first call arrived.',
  unexpected:
    'This is a fault of Tallyman. Retry once; if it comes back, report it with the technical details of this job.',
} as const satisfies Record<FailureKind, string>;

/** @returns the failure as it may be kept: redacted, with a suggested cure. */
export function failureNote(failure: Failure): FailureNote {
  return {
    kind: failure.kind,
    code: failure.code,
    status: failure.status,
    summary: redactText(failure.summary),
    cure: cureFor(failure),
    excerpt: failure.excerpt === null ? null : redactText(failure.excerpt),
  };
}

/** @returns what a failed job says: what went wrong, and what happens next. */
export function failedSentence(failure: Failure, next: Next, attempt: { number: number; of: number }): string {
  return `${withFullStop(redactText(failure.summary))} ${whatNext(failure, next, attempt)}`;
}

function whatNext(failure: Failure, next: Next, attempt: { number: number; of: number }): string {
  switch (next.next) {
    case 'retry':
      return `It is tried again by itself (${attempt.number} of ${attempt.of} tries used).`;
    case 'postpone':
      return 'It goes on as soon as the other system allows it.';
    case 'awaitConnection':
      return 'It goes on when the connection answers again.';
    case 'pauseConnection':
      return 'It waits until the connection is resumed.';
    case 'block':
      return 'It goes on by itself once that is there.';
    case 'dead':
      return cureFor(failure);
    default:
      return assertNever(next);
  }
}

/** Failures that ask for something else than their kind usually does. */
const CURES_BY_CODE: Readonly<Record<string, string>> = {
  forked:
    'Say on the Connections screen which of the two sites is the shop, pair that one again, then resume the connection.',
};

export function cureFor({ kind, code }: Pick<Failure, 'kind' | 'code'>): string {
  const special = code !== null && Object.hasOwn(CURES_BY_CODE, code) ? CURES_BY_CODE[code] : undefined;
  return special ?? CURES[kind];
}

export const pausedByFailure = (connection: string, failure: Failure): string =>
  `${connection} is paused: ${withFullStop(redactText(failure.summary))} ${cureFor(failure)}`;

export const PUT_BACK = 'Put back because the service was stopping. It goes on after the next start.';

function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
