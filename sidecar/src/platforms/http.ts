/** The only outgoing HTTP. No redirects, one time-out, a size limit; failures come back as PlatformFailure. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Exact bytes or text to send. */
  body?: string | Uint8Array;
  timeoutMs: number;
  signal: AbortSignal;
  /** Who answers, for sentences: "The warehouse", "The store". */
  remote: string;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/**
 * @throws PlatformFailure 'unavailable' when nothing was sent (refused, DNS, TLS) or a GET got no answer;
 *   'unknown_outcome' when a write was or may have been sent and the answer was lost.
 *   Answers of any status are returned: the adapter says what they mean.
 */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;
