/** Every answer that is not a success has one shape: a stable word, and a sentence for people. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { ApiError } from './api.js';

export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    message: string,
    readonly extra: Partial<ApiError> = {},
  ) {
    super(message);
    this.name = 'ApiFailure';
  }
}

export const notFound = (what: string): ApiFailure => new ApiFailure(404, 'not_found', `There is no such ${what}.`);
export const invalid = (message: string): ApiFailure => new ApiFailure(400, 'invalid', message);

export function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((error: FastifyError | ApiFailure, request, reply) => {
    const failure = failureOf(error);
    if (failure.error === 'store_trouble')
      request.log.error(
        { event: 'store.trouble', code: codeOf(error) },
        'The database could not do what a request needs',
      );
    else if (failure.status >= 500) request.log.error({ event: 'http.bug', err: error }, 'A request ended in a bug');
    return send(reply, failure);
  });
  server.setNotFoundHandler((_request: FastifyRequest, reply) =>
    send(reply, new ApiFailure(404, 'not_found', 'There is nothing at this address.')),
  );
}

function failureOf(error: FastifyError | ApiFailure): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(firstIssue(error.validation));
  if (error.statusCode === 413) return new ApiFailure(413, 'too_large', 'The body is larger than 1 MB.');
  if (error.statusCode === 415) return new ApiFailure(415, 'unsupported', 'The body has to be application/json.');
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new ApiFailure(error.statusCode, 'invalid', 'The request cannot be read.');
  }
  if (isStoreTrouble(error)) {
    const message =
      'The sidecar cannot work with its database at the moment. Nothing was taken over: send it again later.';
    return new ApiFailure(503, 'store_trouble', message);
  }
  return new ApiFailure(
    500,
    'unexpected',
    'Something unexpected happened inside Tallyman. The log of the sidecar has the details.',
  );
}

/** Disk full, busy, damaged, away: whoever sends keeps what it has and tries again. Anything else is a bug of ours. */
const SQLITE_TROUBLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL|CORRUPT|NOTADB)/;

function isStoreTrouble(error: Error): boolean {
  return error.name === 'DatabaseTrouble' || SQLITE_TROUBLE.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function firstIssue(issues: readonly { instancePath: string; message?: string | undefined }[]): string {
  const [issue] = issues;
  const field = issue?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? '';
  return field === ''
    ? `The request is not as expected: ${issue?.message ?? ''}.`
    : `"${field}" is not as expected: ${issue?.message ?? ''}.`;
}

function send(reply: FastifyReply, { status, error, message, extra }: ApiFailure): FastifyReply {
  const body: ApiError = { error, message, ...extra };
  return reply.code(status).type('application/json').send(JSON.stringify(body));
}
