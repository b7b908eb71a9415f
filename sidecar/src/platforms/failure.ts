import type { Failure, FailureKind } from '../domain/failure.js';

/** The only thing an adapter throws. Anything else thrown is a bug and is recorded as one. */
export class PlatformFailure extends Error implements Failure {
  readonly kind: FailureKind;
  readonly status: number | null;
  readonly code: string | null;
  readonly summary: string;
  readonly retryAfterSeconds: number | null;
  readonly excerpt: string | null;

  constructor(facts: Pick<Failure, 'kind' | 'summary'> & Partial<Failure>) {
    super(facts.summary);
    this.name = 'PlatformFailure';
    this.kind = facts.kind;
    this.summary = facts.summary;
    this.status = facts.status ?? null;
    this.code = facts.code ?? null;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.excerpt = facts.excerpt ?? null;
  }
}
