/** What an answer of the store means when it is not the one we asked for. */
import type { FailureKind } from '../../domain/failure.js';
import { redactText } from '../../domain/redact.js';
import { PlatformFailure } from '../failure.js';
import { readBody, retryAfterSeconds, webPageSentence, type AnswerBody, type HttpAnswer } from '../http.js';

/**
 * @param wrote whether the call could have changed something: then a broken answer leaves the outcome open.
 * @returns the failure to throw for an answer that is not 2xx, or not JSON.
 */
export function storeFailure(answer: HttpAnswer, wrote: boolean, now: number): PlatformFailure {
  const body = readBody(answer);
  const code = textOf(body, 'code');
  const kind = kindOf(answer.status, code, wrote);
  // Other plugins write into these messages; what they say about a shopper is nobody's business.
  const summary = redactText(sentence(answer.status, body), 300);
  return new PlatformFailure({
    kind,
    status: answer.status,
    code,
    summary,
    retryAfterSeconds: retryAfterSeconds(answer, now),
  });
}

/** @returns the parsed body. @throws PlatformFailure when the answer is an error or not JSON. */
export function readJson(answer: HttpAnswer, wrote: boolean, now: number): unknown {
  const body = readBody(answer);
  if (answer.status < 200 || answer.status > 299 || body.form !== 'json') throw storeFailure(answer, wrote, now);
  return body.value;
}

function kindOf(status: number, code: string | null, wrote: boolean): FailureKind {
  if (code === 'tallyman_copy' || status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return code?.endsWith('_invalid_id') === true ? 'not_found' : 'unavailable';
  if (status === 409) return 'conflict';
  if (status === 429) return 'rate_limited';
  if (status >= 400 && status < 500) return 'rejected';
  return wrote ? 'unknown_outcome' : 'unavailable';
}

function sentence(status: number, body: AnswerBody): string {
  if (body.form === 'html') return webPageSentence('The store', status, body.title);
  const message = textOf(body, 'message');
  return message === null ? `The store answered ${status}.` : `The store answered ${status}: ${message}`;
}

function textOf(body: AnswerBody, name: 'code' | 'message'): string | null {
  if (body.form !== 'json' || typeof body.value !== 'object' || body.value === null) return null;
  const value = (body.value as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : null;
}
