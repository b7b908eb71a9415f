/** What an answer of the store means when it is not the one we asked for. */
import type { FailureKind } from '../../domain/failure.js';
import { PlatformFailure } from '../failure.js';
import type { HttpAnswer } from '../http.js';

export interface StoreError {
  code: string | null;
  message: string | null;
}

/**
 * @param wrote whether the call could have changed something: then a broken answer leaves the outcome open.
 * @returns the failure to throw for an answer that is not 2xx, or not JSON.
 */
export function storeFailure(answer: HttpAnswer, wrote: boolean): PlatformFailure {
  const { code, message } = readError(answer);
  const kind = kindOf(answer.status, code, wrote);
  const said = message === null ? `The store answered ${answer.status}.` : `The store answered ${answer.status}: ${message}`;
  const summary = isPage(answer) ? pageSentence(answer) : said;
  return new PlatformFailure({ kind, status: answer.status, code, summary: summary.slice(0, 300), retryAfterSeconds: retryAfter(answer) });
}

/** @returns the parsed body. @throws PlatformFailure when the answer is an error or not JSON. */
export function readJson(answer: HttpAnswer, wrote: boolean): unknown {
  if (answer.status < 200 || answer.status > 299) throw storeFailure(answer, wrote);
  try {
    // A notice printed by another plugin before the JSON is common; a byte order mark too.
    return JSON.parse(new TextDecoder().decode(answer.body).trimStart()) as unknown;
  } catch {
    throw storeFailure(answer, wrote);
  }
}

function kindOf(status: number, code: string | null, wrote: boolean): FailureKind {
  if (code === 'tallyman_copy') return 'unauthorized';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return code !== null && code.endsWith('_invalid_id') ? 'not_found' : 'unavailable';
  if (status === 409) return 'conflict';
  if (status === 429) return 'rate_limited';
  if (status >= 400 && status < 500) return 'rejected';
  return wrote ? 'unknown_outcome' : 'unavailable';
}

function readError(answer: HttpAnswer): StoreError {
  try {
    const body = JSON.parse(new TextDecoder().decode(answer.body)) as Partial<Record<'code' | 'message', unknown>>;
    return { code: textOf(body.code), message: textOf(body.message) };
  } catch {
    return { code: null, message: null };
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function isPage(answer: HttpAnswer): boolean {
  return !(answer.headers['content-type'] ?? '').includes('json');
}

function pageSentence(answer: HttpAnswer): string {
  return `The store answered ${answer.status} with a web page instead of data: a firewall, a maintenance page or a PHP error stands in between.`;
}

function retryAfter(answer: HttpAnswer): number | null {
  const value = Number(answer.headers['retry-after']);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
