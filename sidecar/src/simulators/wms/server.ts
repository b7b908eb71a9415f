/** The simulated warehouse over HTTP: reads the call, lets the faults have their way, and writes all of it down. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Simulated } from './control.js';
import { refused, type Asked, type Reply } from './replies.js';
import { answer, isControl, isOrderCreate } from './routes.js';
import type { LedgerCall } from './types.js';
import type { Warehouse } from './warehouse.js';

const MAX_BODY_BYTES = 5 * 1024 * 1024;
const NOTED_HEADERS = ['x-wms-code', 'x-customer-code', 'x-trace-id', 'expand', 'content-type'];

export function createWmsServer(simulated: Simulated): Server {
  return createServer((request, response) => {
    void serve(simulated, request, response).catch(() => request.socket.destroy());
  });
}

async function serve(simulated: Simulated, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const raw = await bodyOf(request);
  const asked = readAsked(request, raw);
  if (asked !== null && isControl(asked.path)) return write(simulated.warehouse, response, answer(simulated, asked));
  const call = noted(simulated.warehouse, request, raw);
  const { faults } = simulated.warehouse;
  if (faults.down) return breakOff(request, call, 'reset');
  if (faults.slowMs > 0) await pause(faults.slowMs);
  const reply = asked === null ? refused('Invalid JSON') : replied(simulated, asked);
  if (reply === 'lost') return breakOff(request, call, 'lost');
  call.status = reply.status;
  call.answer = 'given';
  write(simulated.warehouse, response, reply);
}

/** Faults before, the answer itself, faults after. */
function replied(simulated: Simulated, asked: Asked): Reply | 'lost' {
  const { faults, chance } = simulated.warehouse;
  const { tooManyRequests, serverErrors, maintenancePage } = faults;
  if (chance.hits(tooManyRequests.share)) return tooMany(tooManyRequests.retryAfterSeconds);
  if (chance.hits(maintenancePage)) return MAINTENANCE;
  const broken = chance.hits(serverErrors.share);
  const before = serverErrors.moment === 'before' || (serverErrors.moment === 'either' && broken && chance.hits(0.5));
  if (broken && before) return GATEWAY;
  const reply = answer(simulated, asked);
  if (broken) return GATEWAY;
  return isOrderCreate(asked) && reply.status === 201 && losesAnswer(simulated.warehouse) ? 'lost' : reply;
}

function losesAnswer({ faults, chance }: Warehouse): boolean {
  const lost = faults.loseAnswerAfterCreate;
  if ('share' in lost) return chance.hits(lost.share);
  if (lost.next <= 0) return false;
  faults.loseAnswerAfterCreate = { next: lost.next - 1 };
  return true;
}

const MAINTENANCE: Reply = {
  status: 503,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><html><head><title>Down for maintenance</title></head><body><h1>Back soon</h1></body></html>',
};
const GATEWAY: Reply = {
  status: 504,
  body: { title: 'Gateway Timeout', detail: 'The upstream server did not answer in time.' },
};

function tooMany(retryAfterSeconds: number | null): Reply {
  const headers = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { status: 429, headers, body: { code: 429, message: 'Too many requests' } };
}

function noted(warehouse: Warehouse, request: IncomingMessage, raw: Buffer): LedgerCall {
  const named = NOTED_HEADERS.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const call: LedgerCall = {
    at: warehouse.options.now(),
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: {
      ...Object.fromEntries(named),
      ...(request.headers.authorization === undefined ? {} : { authorization: 'given' }),
    },
    bodySha256: raw.length === 0 ? null : createHash('sha256').update(raw).digest('hex'),
    status: null,
    answer: 'pending',
  };
  warehouse.calls.push(call);
  return call;
}

function breakOff(request: IncomingMessage, call: LedgerCall, answer: 'lost' | 'reset'): void {
  call.answer = answer;
  request.socket.destroy();
}

function write(warehouse: Warehouse, response: ServerResponse, { status, body, headers }: Reply): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const date = new Date(warehouse.clock()).toUTCString();
  response
    .writeHead(status, { ...(text === '' ? {} : { 'content-type': 'application/json' }), date, ...headers })
    .end(text);
}

/** @returns null when the body is no JSON. */
function readAsked(request: IncomingMessage, raw: Buffer): Asked | null {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://warehouse');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
  try {
    const body = raw.length === 0 ? undefined : (JSON.parse(raw.toString('utf8')) as unknown);
    return { method: request.method ?? 'GET', path: pathname, query: searchParams, headers, body };
  } catch {
    return null;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
