/** The only outgoing HTTP. No redirects, one time-out, a size limit; failures come back as PlatformFailure. */
import { lookup as lookUpName } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { PlatformFailure } from './failure.js';

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
 *   'unknown_outcome' when a write was or may have been sent and the answer was lost;
 *   'rejected' for a redirect, 'invalid' for an address that may not be called.
 *   Answers of any other status are returned: the adapter says what they mean.
 */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpClient {
  http: Http;
  /** Ends idle connections; calls under way are let finish. */
  close(): Promise<void>;
}

export interface HttpRules {
  /** A shop or a warehouse beside the sidecar is normal; a hosted sidecar refuses what is not on the public internet. */
  privateNetworks: 'allowed' | 'refused';
  maxAnswerBytes: number;
}

const DEFAULT_RULES: HttpRules = { privateNetworks: 'allowed', maxAnswerBytes: 5 * 1024 * 1024 };
const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS_PER_HOST = 16;

export function createHttp(changes: Partial<HttpRules> = {}): HttpClient {
  const rules = { ...DEFAULT_RULES, ...changes };
  const agent = new Agent({
    connections: CONNECTIONS_PER_HOST,
    keepAliveTimeout: 15_000,
    // Over HTTP/2 a request may leave before undici says that it started; what was sent is known for sure over HTTP/1.1 only.
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(rules) },
  });
  const http: Http = async (request) => {
    assertAllowedUrl(request.url, rules);
    const answer = await new Exchange(request, rules.maxAnswerBytes).run(agent);
    if (answer.status >= 300 && answer.status < 400) throw redirected(request, answer);
    return answer;
  };
  return { http, close: () => agent.close() };
}

/** One request and its answer. Remembers whether its first byte may have left: that decides what a failure means. */
class Exchange implements Dispatcher.DispatchHandler {
  private started = false;
  private aborted: unknown = null;
  private controller: Dispatcher.DispatchController | null = null;
  private status = 0;
  private headers: Record<string, string> = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private settle!: { resolve(answer: HttpAnswer): void; reject(error: unknown): void };

  private readonly request: HttpRequest;
  private readonly maxAnswerBytes: number;

  constructor(request: HttpRequest, maxAnswerBytes: number) {
    this.request = request;
    this.maxAnswerBytes = maxAnswerBytes;
  }

  async run(agent: Agent): Promise<HttpAnswer> {
    const { method, url, headers, body, timeoutMs, signal } = this.request;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const stop = () => this.abort(limit.reason);
    const { origin, pathname, search } = new URL(url);
    const answer = new Promise<HttpAnswer>((resolve, reject) => (this.settle = { resolve, reject }));
    limit.addEventListener('abort', stop);
    try {
      limit.throwIfAborted();
      const sent = { 'user-agent': 'Tallyman', 'accept-encoding': 'identity', ...headers };
      const options = { origin, path: pathname + search, method, headers: sent, body: body ?? null };
      agent.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, this);
      return await answer;
    } catch (error) {
      throw this.failure(error);
    } finally {
      limit.removeEventListener('abort', stop);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // Stopped while the connection was being made: nothing may leave any more.
    if (this.aborted !== null) controller.abort(asError(this.aborted));
    else this.started = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
    }
    if (Number(this.headers['content-length'] ?? 0) > this.maxAnswerBytes) controller.abort(new AnswerTooLarge());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.maxAnswerBytes) controller.abort(new AnswerTooLarge());
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.settle.resolve({ status: this.status, headers: this.headers, body: Buffer.concat(this.chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.settle.reject(error);
  }

  private abort(reason: unknown): void {
    this.aborted = reason;
    this.settle.reject(reason);
    this.controller?.abort(asError(reason));
  }

  private failure(error: unknown): PlatformFailure {
    if (error instanceof PlatformFailure) return error;
    const { method, remote } = this.request;
    const code = codeOf(error);
    // A header or path that cannot be sent at all is a bug of ours, no outage of theirs.
    if (code === 'UND_ERR_INVALID_ARG') throw error;
    const write = method !== 'GET';
    if (write && this.started) {
      const summary = `${remote} did not answer a change we may have sent (${code}); whether it arrived is looked up first.`;
      return new PlatformFailure({ kind: 'unknown_outcome', code, summary });
    }
    if (error instanceof AnswerTooLarge) {
      const summary = `${remote} answered more than ${Math.floor(this.maxAnswerBytes / 1024 / 1024)} MB; it was not read.`;
      return new PlatformFailure({ kind: 'unexpected', code, status: this.status, summary });
    }
    return new PlatformFailure({
      kind: 'unavailable',
      code,
      summary: `${remote} ${unavailableBecause(code, this.started)}.`,
    });
  }
}

class AnswerTooLarge extends Error {
  readonly code = 'answer_too_large';
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** @returns a short word for what went wrong: the system's own code where there is one. */
function codeOf(error: unknown): string {
  const { name, code, cause, errors } = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    cause?: unknown;
    errors?: unknown[];
  };
  if (name === 'TimeoutError') return 'timeout';
  if (name === 'AbortError') return 'aborted';
  if (typeof code === 'string') return code;
  const inner = cause ?? errors?.[0];
  if (inner !== undefined) return codeOf(inner);
  return typeof name === 'string' ? name : 'aborted';
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens at that address',
  ENOTFOUND: 'was not found: its host name does not exist',
  EAI_AGAIN: 'was not found: the name service did not answer',
  ECONNRESET: 'broke the connection off',
  UND_ERR_SOCKET: 'broke the connection off',
  UND_ERR_CONNECT_TIMEOUT: 'could not be reached: the connection timed out',
  ETIMEDOUT: 'could not be reached: the connection timed out',
  EHOSTUNREACH: 'could not be reached: there is no route to it',
  ENETUNREACH: 'could not be reached: there is no route to it',
  CERT_HAS_EXPIRED: 'has a TLS certificate that has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a TLS certificate that it signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a TLS certificate from an authority we do not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a TLS certificate from an authority we do not know',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a TLS certificate for another host name',
  aborted: 'was not waited for: the time for this attempt was over',
};

function unavailableBecause(code: string, started: boolean): string {
  if (code === 'timeout') return started ? 'did not answer in time' : 'could not be reached in time';
  return REASONS[code] ?? `could not be reached (${code})`;
}

/** Followed, a POST would arrive as a GET; so the address has to be corrected where it is set. */
function redirected({ url, remote }: HttpRequest, { status, headers }: HttpAnswer): PlatformFailure {
  const target = URL.parse(headers['location'] ?? '', url);
  const where = target === null ? 'another address' : `${target.protocol}//${target.host}`;
  const summary = `${remote} answered ${status} and pointed to ${where}. Redirects are not followed: set the final address in the connection.`;
  return new PlatformFailure({ kind: 'rejected', status, code: 'redirected', summary });
}

// ---- Which addresses may be called at all ----

/** Cloud metadata, link-local, multicast and "this host": nobody's shop or warehouse, whatever an admin wrote. */
const NEVER = blockList(
  '0.0.0.0/8 169.254.0.0/16 224.0.0.0/4 240.0.0.0/4 100.100.100.200/32 192.0.0.192/32',
  '::/128 fe80::/10 ff00::/8 fd00:ec2::254/128',
  // 169.254.0.0/16 inside NAT64, 6to4 and the old v4-compatible form.
  '64:ff9b::a9fe:0/112 2002:a9fe::/32 ::a9fe:0/112',
);
const PRIVATE = blockList(
  '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 127.0.0.0/8 100.64.0.0/10',
  '::1/128 fc00::/7 64:ff9b::/96 2002::/16',
);

function blockList(...lines: string[]): BlockList {
  const list = new BlockList();
  for (const subnet of lines.join(' ').split(' ')) {
    const [net = '', prefix] = subnet.split('/');
    list.addSubnet(net, Number(prefix), isIP(net) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/**
 * Guards a configured address: http or https, no credentials in it, no internal target.
 * A host *name* is judged again when it is looked up, so that a name which points inwards does not pass either.
 * @throws PlatformFailure 'invalid' with a sentence for the form.
 */
export function assertAllowedUrl(address: string, rules: Pick<HttpRules, 'privateNetworks'> = DEFAULT_RULES): URL {
  const url = URL.parse(address);
  if (url === null) throw refusedAddress('That is not a complete web address, like https://example.com/.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refusedAddress('The address must start with https:// or http://.');
  if (url.username !== '' || url.password !== '')
    throw refusedAddress('The address must not contain a user name or password.');
  // The URL parser has turned every spelling of an IPv4 address (octal, hex, one number) into the usual one.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) assertAllowedIp(host, rules);
  return url;
}

function assertAllowedIp(ip: string, { privateNetworks }: Pick<HttpRules, 'privateNetworks'>): void {
  const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
  if (NEVER.check(ip, family))
    throw refusedAddress(`The address ${ip} is never called: it is reserved for the network itself.`);
  if (privateNetworks === 'refused' && PRIVATE.check(ip, family)) {
    throw refusedAddress(`The address ${ip} is inside a private network, which this sidecar is set not to call.`);
  }
}

function refusedAddress(summary: string): PlatformFailure {
  return new PlatformFailure({ kind: 'invalid', code: 'address_refused', summary });
}

function guardedLookup(rules: HttpRules): LookupFunction {
  return (hostname, options, done) => {
    lookUpName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      try {
        for (const { address } of addresses) assertAllowedIp(address, rules);
      } catch (refusal) {
        return done(refusal as Error, '');
      }
      if (options.all === true) return done(null, addresses);
      const [first] = addresses;
      done(null, first?.address ?? '', first?.family);
    });
  };
}

// ---- Reading what came back ----

export type AnswerBody =
  | { form: 'json'; value: unknown }
  /** A firewall's, a host's maintenance or an error page: not the API's own answer. */
  | { form: 'html'; title: string }
  | { form: 'text'; text: string }
  | { form: 'empty' };

export function readBody({ body }: Pick<HttpAnswer, 'body'>): AnswerBody {
  const text = new TextDecoder().decode(body).trim();
  if (text === '') return { form: 'empty' };
  if (text.startsWith('<')) return { form: 'html', title: pageTitle(text) };
  try {
    return { form: 'json', value: JSON.parse(text) };
  } catch {
    return { form: 'text', text };
  }
}

/** @returns the sentence for a web page where data was expected. */
export function webPageSentence(remote: string, status: number, title: string): string {
  const called = title === '' ? '' : ` ("${title}")`;
  return `${remote} answered ${status} with a web page${called} instead of data: a firewall, a maintenance page or a wrong address stands in between.`;
}

/** @returns seconds to wait as the remote asked (a number, or an HTTP date), or null. */
export function retryAfterSeconds({ headers }: Pick<HttpAnswer, 'headers'>, now: number): number | null {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

function pageTitle(html: string): string {
  const title = /<(title|h1)[^>]*>([^<]{1,200})/i.exec(html)?.[2] ?? '';
  return title.replace(/\s+/g, ' ').trim().slice(0, 80);
}
