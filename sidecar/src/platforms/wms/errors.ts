/** What an answer of the warehouse means when it is not the one we asked for. */
import { z } from 'zod';
import { assertNever } from '../../domain/assert-never.js';
import type { FailureKind } from '../../domain/failure.js';
import { redactText } from '../../domain/redact.js';
import { PlatformFailure } from '../failure.js';
import { readBody, retryAfterSeconds, webPageSentence, type AnswerBody, type HttpAnswer } from '../http.js';

export const REMOTE = 'The warehouse';

/** How much a failed call may have changed. 'repeatable': an update or a cancellation, where asking twice ends the same. */
export type CallSort = 'read' | 'repeatable' | 'create';

/** One of several complaints: `field` is null for a general one. */
interface Complaint {
  field: string | null;
  message: string;
}

const NOT_UNIQUE = /not unique/i;

/** @returns the failure for an answer that is no success. */
export function failureOf(answer: HttpAnswer, sort: CallSort, now: number): PlatformFailure {
  const body = readBody(answer);
  const complaints = complaintsIn(body);
  const kind = body.form === 'html' && answer.status < 500 ? 'unavailable' : kindOf(answer.status, sort, complaints);
  return new PlatformFailure({
    kind,
    status: answer.status,
    code: codeOf(complaints),
    summary: summaryOf(answer.status, body, complaints),
    retryAfterSeconds: retryAfterSeconds(answer, now),
    excerpt: excerptOf(answer),
  });
}

/** @returns the failure for a success whose body is not what it should be. After a create the order may well exist. */
export function unreadable(answer: HttpAnswer, sort: CallSort): PlatformFailure {
  const body = readBody(answer);
  const summary =
    body.form === 'html'
      ? webPageSentence(REMOTE, answer.status, body.title)
      : `${REMOTE} answered ${answer.status} with something we cannot read.`;
  const kind = brokenKind(sort, body);
  return new PlatformFailure({ kind, status: answer.status, code: 'unreadable', summary, excerpt: excerptOf(answer) });
}

function brokenKind(sort: CallSort, body: AnswerBody): FailureKind {
  if (sort === 'create') return 'unknown_outcome';
  return body.form === 'html' ? 'unavailable' : 'unexpected';
}

function kindOf(status: number, sort: CallSort, complaints: readonly Complaint[]): FailureKind {
  // A gateway gives up waiting while the warehouse goes on: after a create only a look-up tells.
  if (status >= 500) return sort === 'create' ? 'unknown_outcome' : 'unavailable';
  switch (status) {
    case 400:
    case 422:
      return complaints.some(({ message }) => NOT_UNIQUE.test(message)) ? 'conflict' : 'invalid';
    case 401:
    case 403:
      return 'unauthorized';
    case 404:
    case 410:
      return 'not_found';
    case 408:
    case 425:
      return 'unavailable';
    case 409:
      return 'conflict';
    case 429:
      return 'rate_limited';
    default:
      return 'rejected';
  }
}

function codeOf(complaints: readonly Complaint[]): string | null {
  if (complaints.some(({ message }) => NOT_UNIQUE.test(message))) return 'reference_not_unique';
  return complaints.find(({ field }) => field !== null)?.field ?? null;
}

function summaryOf(status: number, body: AnswerBody, complaints: readonly Complaint[]): string {
  switch (body.form) {
    case 'html':
      return webPageSentence(REMOTE, status, body.title);
    case 'json': {
      const said = spoken(complaints);
      return said === '' ? `${REMOTE} answered ${status}.` : `${REMOTE} answered ${status}: ${redactText(said, 300)}`;
    }
    case 'text':
    case 'empty':
      return `${REMOTE} answered ${status}.`;
    default:
      return assertNever(body);
  }
}

/** Each complaint comes twice, with and without its field: the one that names the field is said. */
function spoken(complaints: readonly Complaint[]): string {
  const named = complaints.filter(({ field }) => field !== null);
  const told = named.length > 0 ? named : complaints;
  return [...new Set(told.map(({ field, message }) => (field === null ? message : `${field}: ${message}`)))]
    .slice(0, 5)
    .join('; ');
}

const text = z.union([z.string(), z.array(z.string())]);
const errorBody = z
  .object({
    errors: z.union([z.record(z.string(), text), z.array(z.string())]),
    message: z.string(),
    title: z.string(),
    detail: z.string(),
  })
  .partial();

function complaintsIn(body: AnswerBody): Complaint[] {
  const parsed = errorBody.safeParse(body.form === 'json' ? body.value : null);
  if (!parsed.success) return [];
  const { errors, message, title, detail } = parsed.data;
  const listed = Object.entries(errors ?? {}).flatMap(([key, value]) =>
    [value].flat().map((said) => ({ field: /^\d+$/.test(key) ? null : key, message: said })),
  );
  const general = detail ?? message ?? title;
  return listed.length > 0 || general === undefined ? listed : [{ field: null, message: general }];
}

function excerptOf({ body }: HttpAnswer): string | null {
  const excerpt = redactText(new TextDecoder().decode(body));
  return excerpt.trim() === '' ? null : excerpt;
}
