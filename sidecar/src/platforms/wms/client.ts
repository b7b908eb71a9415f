/** One call to the warehouse: headers, token, fence, and what the answer means. */
import type { z } from 'zod';
import { PlatformFailure } from '../failure.js';
import { readBody, type HttpAnswer, type HttpRequest } from '../http.js';
import type { AdapterWorld, CallContext } from '../platform.js';
import { failureOf, REMOTE, unreadable, type CallSort } from './errors.js';
import type { WmsSettings } from './settings.js';
import { createTokens, type RenewalWay } from './tokens.js';

const TIMEOUT_MS = 30_000;

export interface WmsRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Relative to the base address; all of them end in a slash. */
  path: string;
  query?: Readonly<Record<string, string | number>>;
  /** Nested parts to be included in the answer; without it they are left out. */
  expand?: string;
  body?: unknown;
  sort: CallSort;
}

export interface WmsClient {
  /** @returns the decoded answer. @throws PlatformFailure for anything but a readable success. */
  json<Schema extends z.ZodType>(request: WmsRequest, schema: Schema, call: CallContext): Promise<z.infer<Schema>>;
  /** For answers without a body. */
  done(request: WmsRequest, call: CallContext): Promise<void>;
}

/** Renewals tried, in this order, when a token is refused. */
const WAYS: readonly RenewalWay[] = ['refresh', 'login'];

export function createWmsClient(settings: WmsSettings, world: AdapterWorld): WmsClient {
  const tokens = createTokens(settings, world);

  const once = async (request: WmsRequest, token: string, call: CallContext): Promise<HttpAnswer> => {
    // Asked last of all: after a lapsed lease somebody else may be sending this very order.
    if (request.method !== 'GET' && !(await call.mayStillSend())) throw lostLease();
    return world.http(toHttp(request, token, settings, call));
  };

  const answered = async (request: WmsRequest, call: CallContext): Promise<HttpAnswer> => {
    let token = await tokens.current(call);
    let answer = await once(request, token, call);
    for (const way of WAYS) {
      if (answer.status !== 401) break;
      token = await tokens.instead(token, way, call);
      answer = await once(request, token, call);
    }
    if (answer.status < 200 || answer.status > 299) throw failureOf(answer, request.sort, world.now());
    return answer;
  };

  return {
    async json(request, schema, call) {
      const answer = await answered(request, call);
      const body = readBody(answer);
      const parsed = schema.safeParse(body.form === 'json' ? body.value : null);
      if (!parsed.success) throw unreadable(answer, request.sort);
      return parsed.data;
    },
    async done(request, call) {
      await answered(request, call);
    },
  };
}

function toHttp(request: WmsRequest, token: string, settings: WmsSettings, call: CallContext): HttpRequest {
  const { method, path, query, expand, body } = request;
  const url = new URL(path, settings.baseUrl);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
  return {
    method,
    url: url.toString(),
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'x-wms-code': settings.wmsCode,
      'x-customer-code': settings.customerCode,
      'x-trace-id': call.traceId,
      ...(expand === undefined ? {} : { expand }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs: TIMEOUT_MS,
    signal: call.signal,
    remote: REMOTE,
  };
}

function lostLease(): PlatformFailure {
  const summary = 'The job was given to another worker before this call was sent.';
  return new PlatformFailure({ kind: 'unexpected', code: 'lost_lease', summary });
}
