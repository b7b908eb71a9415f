/** The closed set of what can go wrong with a call. What follows from each stands in domain/retry.ts. */
export const FAILURE_KINDS = [
  'unavailable',
  'rate_limited',
  'unauthorized',
  'rejected',
  'invalid',
  'not_found',
  'conflict',
  'mapping_missing',
  'unknown_outcome',
  'unexpected',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface Failure {
  kind: FailureKind;
  /** HTTP status, or null when there was no answer. */
  status: number | null;
  code: string | null;
  /** Names the remote and what it said: "The warehouse answered 503." */
  summary: string;
  /** Only with rate_limited / unavailable: what the remote asked for. */
  retryAfterSeconds: number | null;
  /** Redacted, at most 500 characters. */
  excerpt: string | null;
}
